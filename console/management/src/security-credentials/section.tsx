import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'security-credentials',
  navigation: (locale) => ({
    header: { text: messages[locale].title, href: '/security-credentials' },
    items: [{ type: 'link', text: messages[locale].myTitle, href: '/security-credentials' }],
    activeHref: '/security-credentials',
  }),
  routes: [{ path: '/security-credentials', lazy: () => import('./SecurityCredentialsPage') }],
};
