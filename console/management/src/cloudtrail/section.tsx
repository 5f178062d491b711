import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'cloudtrail',
  navigation: (locale) => ({ header: { text: messages[locale].title, href: '/cloudtrail/home' }, items: [] }),
  routes: [],
};
