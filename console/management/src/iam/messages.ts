import { defineMessages } from '../messages';

/** What the whole section says; each part has its own messages beside its pages. */
export const messages = defineMessages(
  {
    title: 'IAM',
    nav: {
      dashboard: 'Dashboard',
      access: 'Access management',
      groups: 'User groups',
      users: 'Users',
      roles: 'Roles',
      policies: 'Policies',
      providers: 'Identity providers',
      settings: 'Account settings',
      rootAccess: 'Root access management',
      reports: 'Access reports',
      credentialReport: 'Credential report',
      simulator: 'Policy simulator',
    },
  },
  {
    title: 'IAM',
    nav: {
      dashboard: 'ダッシュボード',
      access: 'アクセス管理',
      groups: 'ユーザーグループ',
      users: 'ユーザー',
      roles: 'ロール',
      policies: 'ポリシー',
      providers: 'ID プロバイダー',
      settings: 'アカウント設定',
      rootAccess: 'ルートアクセス管理',
      reports: 'アクセスレポート',
      credentialReport: '認証情報レポート',
      simulator: 'ポリシーシミュレーター',
    },
  },
);
