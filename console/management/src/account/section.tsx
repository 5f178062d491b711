import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'account',
  navigation: (locale) => ({ header: { text: messages[locale].title, href: '/account' }, items: [] }),
  routes: [],
};
