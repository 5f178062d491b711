import type { RouteObject } from 'react-router';

/** The pages of permissions: roles, policies, identity providers and the simulator. */
export const permissionRoutes: RouteObject[] = [
  { path: '/iam/policies', lazy: () => import('./policies/PoliciesPage') },
  { path: '/iam/policies/create', lazy: () => import('./policies/CreatePolicyPage') },
  // An ARN has slashes, so it is the whole rest of the address.
  { path: '/iam/policies/details/*', lazy: () => import('./policies/PolicyPage') },
];
