import type { RouteObject } from 'react-router';

/** The pages of people: enabling, dashboard, users, groups and settings. */
export const peopleRoutes: RouteObject[] = [
  { path: '/singlesignon/dashboard', lazy: () => import('./dashboard/DashboardPage') },
  { path: '/singlesignon/enable', lazy: () => import('./enable/EnablePage') },
  { path: '/singlesignon/users', lazy: () => import('./users/UsersPage') },
  { path: '/singlesignon/users/add', lazy: () => import('./users/AddUserPage') },
  { path: '/singlesignon/users/:id', lazy: () => import('./users/UserPage') },
  { path: '/singlesignon/groups', lazy: () => import('./groups/GroupsPage') },
  { path: '/singlesignon/groups/create', lazy: () => import('./groups/CreateGroupPage') },
  { path: '/singlesignon/groups/:id', lazy: () => import('./groups/GroupPage') },
  { path: '/singlesignon/settings', lazy: () => import('./settings/SettingsPage') },
  { path: '/singlesignon/settings/identity-source', lazy: () => import('./settings/ChangeSourcePage') },
  { path: '/singlesignon/settings/sync', lazy: () => import('./settings/SyncPage') },
];
