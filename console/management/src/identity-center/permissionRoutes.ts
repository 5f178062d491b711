import type { RouteObject } from 'react-router';

/** The pages of access: AWS accounts, permission sets and applications. */
export const permissionRoutes: RouteObject[] = [];
