import type { RouteObject } from 'react-router';

/** The pages of identities: dashboard, users, groups, account settings, root access and reports. */
export const identityRoutes: RouteObject[] = [
  { path: '/iam/home', lazy: () => import('./DashboardPage') },
  { path: '/iam/users', lazy: () => import('./users/UsersPage') },
  { path: '/iam/users/create', lazy: () => import('./users/CreateUserPage') },
  { path: '/iam/users/details/:name', lazy: () => import('./users/UserPage') },
  { path: '/iam/users/:name', lazy: () => import('./users/UserPage') },
  { path: '/iam/groups', lazy: () => import('./groups/GroupsPage') },
  { path: '/iam/groups/create', lazy: () => import('./groups/CreateGroupPage') },
  { path: '/iam/groups/details/:name', lazy: () => import('./groups/GroupPage') },
  { path: '/iam/groups/:name', lazy: () => import('./groups/GroupPage') },
  { path: '/iam/root-access', lazy: () => import('./root-access/RootAccessPage') },
  { path: '/iam/account-settings', lazy: () => import('./settings/AccountSettingsPage') },
  { path: '/iam/credential-report', lazy: () => import('./reports/CredentialReportPage') },
];
