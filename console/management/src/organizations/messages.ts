import { defineMessages } from '../messages';

export const messages = defineMessages(
  {
    title: 'AWS Organizations',
    nav: { accounts: 'AWS accounts', invitations: 'Invitations', services: 'Services', policies: 'Policies', settings: 'Settings' },
  },
  {
    title: 'AWS Organizations',
    nav: { accounts: 'AWS アカウント', invitations: '招待', services: 'サービス', policies: 'ポリシー', settings: '設定' },
  },
);
