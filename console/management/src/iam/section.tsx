import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'iam',
  navigation: (locale) => ({ header: { text: messages[locale].title, href: '/iam/home' }, items: [] }),
  routes: [],
};
