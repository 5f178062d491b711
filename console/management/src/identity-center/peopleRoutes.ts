import type { RouteObject } from 'react-router';

/** The pages of people: enabling, dashboard, users, groups and settings. */
export const peopleRoutes: RouteObject[] = [];
