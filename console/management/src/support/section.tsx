import { redirect } from 'react-router';
import type { Section } from '../section';
import { fromLegacy } from './cases';
import { messages } from './messages';

const home = '/support/home';
const advisor = '/trustedadvisor/home';

export const section: Section = {
  id: 'support',
  // The account's number stands in the navigation pane, with all of its digits (E-07).
  navigation: (locale, session) => {
    const t = messages[locale];
    return {
      header: { text: t.title, href: home },
      items: [
        {
          type: 'section-group',
          title: t.nav.account(session.accountId),
          items: [
            { type: 'link', text: t.nav.home, href: home },
            { type: 'link', text: t.nav.cases, href: '/support/cases' },
            { type: 'link', text: t.nav.create, href: '/support/cases/create' },
          ],
        },
        { type: 'divider' },
        { type: 'link', text: t.nav.advisor, href: advisor },
      ],
    };
  },
  routes: [
    { path: '/support', loader: () => redirect(home) },
    // AWS's own addresses, such as /support/home#/case/create, say what they mean after the #.
    { path: home, loader: () => legacy(), lazy: () => import('./HomePage') },
    { path: '/support/cases', lazy: () => import('./CasesPage') },
    { path: '/support/cases/create', lazy: () => import('./CreateCasePage') },
    { path: '/support/cases/:displayId', lazy: () => import('./CasePage') },
    { path: '/trustedadvisor', loader: () => redirect(advisor) },
    { path: advisor, lazy: () => import('./AdvisorPage') },
  ],
};

function legacy() {
  const path = fromLegacy(location.hash);
  return path ? redirect(path) : null;
}
