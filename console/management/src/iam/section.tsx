import { redirect } from 'react-router';
import type { Section } from '../section';
import { identityRoutes } from './identityRoutes';
import { messages } from './messages';
import { permissionRoutes } from './permissionRoutes';

const home = '/iam/home';

const link = (text: string, href: string) => ({ type: 'link' as const, text, href });

export const section: Section = {
  id: 'iam',
  navigation: (locale) => {
    const t = messages[locale];
    return {
      header: { text: t.title, href: home },
      items: [
        link(t.nav.dashboard, home),
        {
          type: 'section',
          text: t.nav.access,
          items: [
            link(t.nav.groups, '/iam/groups'),
            link(t.nav.users, '/iam/users'),
            link(t.nav.roles, '/iam/roles'),
            link(t.nav.policies, '/iam/policies'),
            link(t.nav.providers, '/iam/identity-providers'),
            link(t.nav.settings, '/iam/account-settings'),
            link(t.nav.rootAccess, '/iam/root-access'),
          ],
        },
        {
          type: 'section',
          text: t.nav.reports,
          items: [link(t.nav.credentialReport, '/iam/credential-report'), link(t.nav.simulator, '/iam/simulator')],
        },
      ],
    };
  },
  routes: [
    { path: '/iam', loader: () => redirect(home) },
    ...identityRoutes,
    ...permissionRoutes,
  ],
};
