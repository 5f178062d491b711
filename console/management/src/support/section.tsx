import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'support',
  navigation: (locale) => ({ header: { text: messages[locale].title, href: '/support/home' }, items: [] }),
  routes: [],
};
