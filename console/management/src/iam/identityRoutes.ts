import type { RouteObject } from 'react-router';

/** The pages of identities: dashboard, users, groups, account settings and reports. */
export const identityRoutes: RouteObject[] = [
  { path: '/iam/users', lazy: () => import('./users/UsersPage') },
  { path: '/iam/users/create', lazy: () => import('./users/CreateUserPage') },
  { path: '/iam/users/details/:name', lazy: () => import('./users/UserPage') },
  { path: '/iam/users/:name', lazy: () => import('./users/UserPage') },
];
