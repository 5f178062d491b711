import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'security-credentials',
  navigation: (locale) => ({ header: { text: messages[locale].title, href: '/security-credentials' }, items: [] }),
  routes: [],
};
