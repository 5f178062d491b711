import { redirect } from 'react-router';
import type { Section } from '../section';
import { messages } from './messages';

export const section: Section = {
  id: 'billing',
  navigation: (locale) => {
    const t = messages[locale];
    return {
      header: { text: t.title, href: '/billing/home' },
      items: [
        { type: 'link', text: t.home, href: '/billing/home' },
        { type: 'link', text: t.methods, href: '/billing/payment-methods' },
        { type: 'link', text: t.account, href: '/account' },
      ],
    };
  },
  routes: [
    { path: '/billing', loader: () => redirect('/billing/home') },
    { path: '/billing/home', lazy: () => import('./BillingHomePage') },
    { path: '/billing/payment-methods', lazy: () => import('./PaymentMethodsPage') },
  ],
};
