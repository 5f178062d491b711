import { redirect } from 'react-router';
import type { Section } from '../section';
import { messages } from './messages';
import { peopleRoutes } from './peopleRoutes';
import { permissionRoutes } from './permissionRoutes';

const home = '/singlesignon/dashboard';

const link = (text: string, href: string) => ({ type: 'link' as const, text, href });

export const section: Section = {
  id: 'singlesignon',
  // G-57
  navigation: (locale) => {
    const t = messages[locale];
    return {
      header: { text: t.title, href: home },
      items: [
        link(t.nav.dashboard, home),
        link(t.nav.users, '/singlesignon/users'),
        link(t.nav.groups, '/singlesignon/groups'),
        link(t.nav.settings, '/singlesignon/settings'),
        {
          type: 'section',
          text: t.nav.permissions,
          items: [link(t.nav.accounts, '/singlesignon/accounts'), link(t.nav.permissionSets, '/singlesignon/permission-sets')],
        },
        { type: 'section', text: t.nav.applicationAssignments, items: [link(t.nav.applications, '/singlesignon/applications')] },
      ],
    };
  },
  routes: [
    { path: '/singlesignon', loader: () => redirect(home) },
    // AWS's older address of the console (G-01).
    { path: '/singlesignon/home', loader: () => redirect(home) },
    ...peopleRoutes,
    ...permissionRoutes,
  ],
};
