import type { RouteObject } from 'react-router';

/** The pages of permissions: roles, policies, identity providers and the simulator. */
export const permissionRoutes: RouteObject[] = [];
