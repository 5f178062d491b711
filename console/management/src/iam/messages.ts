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
      reports: 'Access reports',
      credentialReport: 'Credential report',
      simulator: 'Policy simulator',
    },
    common: { cancel: 'Cancel', save: 'Save', close: 'Close', optional: 'optional' },
    table: {
      loading: 'Loading',
      find: 'Search',
      matches: (n: number) => (n === 1 ? '1 match' : `${n} matches`),
      noMatch: 'No matches',
      noMatchYet: 'No matches among those loaded so far. Load the next page, or clear the search.',
      clear: 'Clear search',
      selectAll: 'Select all',
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
      reports: 'アクセスレポート',
      credentialReport: '認証情報レポート',
      simulator: 'ポリシーシミュレーター',
    },
    common: { cancel: 'キャンセル', save: '保存', close: '閉じる', optional: '任意' },
    table: {
      loading: '読み込んでいます',
      find: '検索',
      matches: (n: number) => `${n} 件一致`,
      noMatch: '一致するものがありません',
      noMatchYet: 'これまでに読み込んだ中に一致するものがありません。次のページを読み込むか、検索を消去してください。',
      clear: '検索を消去',
      selectAll: 'すべて選択',
    },
  },
);
