import { redirect } from 'react-router';
import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'account',
  navigation: (locale) => {
    const t = messages[locale];
    return {
      header: { text: t.title, href: '/account' },
      items: [
        { type: 'link', text: t.details.title, href: '/account#details' },
        { type: 'link', text: t.contact.title, href: '/account#contact' },
        { type: 'link', text: t.alternate.title, href: '/account#alternate-contacts' },
        { type: 'link', text: t.regions.title, href: '/account#regions' },
        { type: 'link', text: t.root.title, href: '/account#root' },
      ],
    };
  },
  routes: [
    { path: '/account', lazy: () => import('./AccountPage') },
    { path: '/account/home', loader: () => redirect('/account') },
  ],
};
