import { defineMessages } from '../messages';

/** The navigation's; each part of the section has texts of its own beside its pages. */
export const messages = defineMessages(
  {
    title: 'IAM Identity Center',
    nav: {
      dashboard: 'Dashboard',
      users: 'Users',
      groups: 'Groups',
      settings: 'Settings',
      permissions: 'Multi-account permissions',
      accounts: 'AWS accounts',
      permissionSets: 'Permission sets',
      applicationAssignments: 'Application assignments',
      applications: 'Applications',
    },
  },
  {
    title: 'IAM Identity Center',
    nav: {
      dashboard: 'ダッシュボード',
      users: 'ユーザー',
      groups: 'グループ',
      settings: '設定',
      permissions: 'マルチアカウントのアクセス許可',
      accounts: 'AWS アカウント',
      permissionSets: '許可セット',
      applicationAssignments: 'アプリケーションの割り当て',
      applications: 'アプリケーション',
    },
  },
);
