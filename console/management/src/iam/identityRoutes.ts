import type { RouteObject } from 'react-router';

/** The pages of identities: dashboard, users, groups, account settings and reports. */
export const identityRoutes: RouteObject[] = [];
