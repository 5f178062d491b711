import { redirect } from 'react-router';
import type { Section } from '../section';
import { messages } from './messages';

const base = '/organizations/v2/home';
const home = `${base}/accounts`;

const link = (text: string, href: string) => ({ type: 'link' as const, text, href });

export const section: Section = {
  id: 'organizations',
  navigation: (locale) => {
    const t = messages[locale];
    return {
      header: { text: t.title, href: home },
      items: [
        link(t.nav.accounts, home),
        link(t.nav.invitations, `${base}/invitations`),
        link(t.nav.services, `${base}/services`),
        link(t.nav.policies, `${base}/policies`),
        link(t.nav.settings, `${base}/settings`),
      ],
    };
  },
  routes: [{ path: '/organizations', loader: () => redirect(home) }],
};
