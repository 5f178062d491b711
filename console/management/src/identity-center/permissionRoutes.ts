import type { RouteObject } from 'react-router';

/** The pages of access: AWS accounts, permission sets and applications. */
export const permissionRoutes: RouteObject[] = [
  { path: '/singlesignon/accounts', lazy: () => import('./accounts/AccountsPage') },
  { path: '/singlesignon/accounts/assign', lazy: () => import('./accounts/AssignPage') },
  { path: '/singlesignon/accounts/:id', lazy: () => import('./accounts/AccountPage') },
  { path: '/singlesignon/permission-sets', lazy: () => import('./permission-sets/PermissionSetsPage') },
  { path: '/singlesignon/permission-sets/create', lazy: () => import('./permission-sets/CreatePermissionSetPage') },
  { path: '/singlesignon/permission-sets/:id', lazy: () => import('./permission-sets/PermissionSetPage') },
  { path: '/singlesignon/applications', lazy: () => import('./applications/ApplicationsPage') },
  { path: '/singlesignon/applications/create', lazy: () => import('./applications/CreateApplicationPage') },
  { path: '/singlesignon/applications/token-issuers', lazy: () => import('./applications/TokenIssuersPage') },
  // An ARN has slashes, so it is the whole rest of the address.
  { path: '/singlesignon/applications/details/*', lazy: () => import('./applications/ApplicationPage') },
];
