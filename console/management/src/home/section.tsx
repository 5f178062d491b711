import { redirect } from 'react-router';
import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'home',
  navigation: (locale) => ({ header: { text: messages[locale].title, href: '/' }, items: [] }),
  routes: [
    { path: '/', lazy: () => import('./HomePage') },
    { path: '/console', loader: () => redirect('/') },
    { path: '/console/home', loader: () => redirect('/') },
  ],
};
