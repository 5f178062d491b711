import { redirect } from 'react-router';
import type { Section } from '../section';
import { messages } from './messages';
import { base, paths } from './paths';

const link = (text: string, href: string) => ({ type: 'link' as const, text, href });

export const section: Section = {
  id: 'organizations',
  navigation: (locale) => {
    const t = messages[locale];
    return {
      header: { text: t.title, href: paths.accounts },
      items: [
        link(t.nav.accounts, paths.accounts),
        link(t.nav.invitations, paths.invitations),
        link(t.nav.services, paths.services),
        link(t.nav.policies, paths.policies),
        link(t.nav.settings, paths.settings),
      ],
    };
  },
  routes: [
    ...['/organizations', '/organizations/home', '/organizations/v2', base].map((path) => ({ path, loader: () => redirect(paths.accounts) })),
    { path: paths.accounts, lazy: () => import('./accounts/AccountsPage') },
    { path: `${paths.accounts}/add`, loader: () => redirect(paths.create) },
    { path: paths.create, lazy: () => import('./accounts/AddAccountPage') },
    { path: paths.invite, lazy: () => import('./accounts/AddAccountPage') },
    { path: `${paths.accounts}/:id`, lazy: () => import('./accounts/AccountPage') },
    { path: `${base}/root/:id`, lazy: () => import('./units/UnitPage') },
    { path: `${base}/organizational-units/:id`, lazy: () => import('./units/UnitPage') },
    { path: paths.invitations, lazy: () => import('./invitations/InvitationsPage') },
    { path: paths.services, lazy: () => import('./services/ServicesPage') },
    { path: paths.policies, lazy: () => import('./policies/PoliciesPage') },
    { path: `${paths.policies}/:type`, lazy: () => import('./policies/TypePage') },
    { path: `${paths.policies}/:type/create`, lazy: () => import('./policies/CreatePolicyPage') },
    { path: `${paths.policies}/:type/:id`, lazy: () => import('./policies/PolicyPage') },
    { path: paths.settings, lazy: () => import('./settings/SettingsPage') },
  ],
};
