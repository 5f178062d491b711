import { redirect } from 'react-router';
import type { Section } from '../section';
import { fromLegacy } from './lookup';
import { messages } from './messages';

const home = '/cloudtrail/home';

export const section: Section = {
  id: 'cloudtrail',
  navigation: (locale) => ({
    header: { text: 'CloudTrail', href: home },
    items: [{ type: 'link', text: messages[locale].title, href: home }],
    activeHref: home,
  }),
  routes: [
    { path: '/cloudtrail', loader: () => redirect(home) },
    { path: home, lazy: () => import('./EventHistoryPage') },
    { path: '/cloudtrail/events/:eventId', lazy: () => import('./EventPage') },
    // AWS's own addresses, which say what they mean after the #.
    { path: '/cloudtrailv2', loader: () => redirect(fromLegacy(location.hash)) },
    { path: '/cloudtrailv2/home', loader: () => redirect(fromLegacy(location.hash)) },
  ],
};
