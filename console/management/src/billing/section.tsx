import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'billing',
  navigation: (locale) => ({ header: { text: messages[locale].title, href: '/billing' }, items: [] }),
  routes: [],
};
