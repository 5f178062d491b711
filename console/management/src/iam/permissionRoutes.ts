import type { RouteObject } from 'react-router';

/** The pages of permissions: roles, policies, identity providers and the simulator. */
export const permissionRoutes: RouteObject[] = [
  { path: '/iam/roles', lazy: () => import('./roles/RolesPage') },
  { path: '/iam/roles/create', lazy: () => import('./roles/CreateRolePage') },
  { path: '/iam/roles/:name', lazy: () => import('./roles/RolePage') },
  { path: '/iam/policies', lazy: () => import('./policies/PoliciesPage') },
  { path: '/iam/policies/create', lazy: () => import('./policies/CreatePolicyPage') },
  // An ARN has slashes, so it is the whole rest of the address.
  { path: '/iam/policies/details/*', lazy: () => import('./policies/PolicyPage') },
  { path: '/iam/identity-providers', lazy: () => import('./providers/ProvidersPage') },
  { path: '/iam/identity-providers/create', lazy: () => import('./providers/CreateProviderPage') },
  { path: '/iam/identity-providers/details/*', lazy: () => import('./providers/ProviderPage') },
  { path: '/iam/simulator', lazy: () => import('./simulator/SimulatorPage') },
];
