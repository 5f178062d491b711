import type { IconProps } from '@cloudscape-design/components/icon';
import type { Words } from './messages';
import type { Section } from './section';

/** What the shell knows of a section before it is fetched: where it is, and how it is found. */
export interface SectionEntry {
  id: string;
  /** The section has every address that is one of these or under one of these. */
  paths: readonly string[];
  /** Where its name leads to; '' where there is nothing to open by name. */
  href: string;
  title: Words;
  description: Words;
  /** Further words by which the search finds it, in any language. */
  keywords: readonly string[];
  icon: IconProps.Name;
  load: () => Promise<{ section: Section }>;
}

export const sections: readonly SectionEntry[] = [
  {
    id: 'home',
    paths: ['/', '/console', '/console/home'],
    href: '/',
    title: { en: 'Console home', ja: 'コンソールホーム' },
    description: { en: 'Services, and what to look after in this account', ja: 'サービスと、このアカウントで確認すべきこと' },
    keywords: ['dashboard', 'ダッシュボード'],
    icon: 'view-full',
    load: () => import('./home/section'),
  },
  {
    id: 'iam',
    paths: ['/iam'],
    href: '/iam/home',
    title: { en: 'IAM', ja: 'IAM' },
    description: {
      en: 'Manage access: users, groups, roles and policies',
      ja: 'アクセスの管理: ユーザー、グループ、ロール、ポリシー',
    },
    keywords: ['identity and access management', 'users', 'groups', 'roles', 'policies', 'password policy', 'ユーザー', 'グループ', 'ロール', 'ポリシー', 'アイデンティティ'],
    icon: 'group',
    load: () => import('./iam/section'),
  },
  {
    id: 'singlesignon',
    paths: ['/singlesignon'],
    href: '/singlesignon',
    title: { en: 'IAM Identity Center', ja: 'IAM Identity Center' },
    description: {
      en: 'People, groups and their access to AWS accounts and applications',
      ja: 'ユーザー、グループと、AWS アカウントやアプリケーションへのアクセス',
    },
    keywords: ['sso', 'single sign-on', 'identity store', 'permission sets', 'access portal', 'workforce', 'シングルサインオン', '許可セット', 'アクセスポータル', 'アイデンティティセンター'],
    icon: 'user-profile',
    load: () => import('./identity-center/section'),
  },
  {
    id: 'organizations',
    paths: ['/organizations'],
    href: '/organizations/v2/home/accounts',
    title: { en: 'AWS Organizations', ja: 'AWS Organizations' },
    description: { en: 'All accounts of your organization, and the policies over them', ja: '組織のすべてのアカウントと、それらに適用するポリシー' },
    keywords: ['organizations', 'organizational units', 'ou', 'scp', 'rcp', 'service control policy', 'member accounts', 'invitations', '組織', '組織単位', 'サービスコントロールポリシー', 'メンバーアカウント', '招待'],
    icon: 'folder',
    load: () => import('./organizations/section'),
  },
  {
    id: 'security-credentials',
    paths: ['/security-credentials'],
    href: '/security-credentials',
    title: { en: 'Security credentials', ja: 'セキュリティ認証情報' },
    description: { en: 'Your password, MFA devices and access keys', ja: '自分のパスワード、MFA デバイス、アクセスキー' },
    keywords: ['mfa', 'access keys', 'password', 'passkey', 'アクセスキー', 'パスワード', 'パスキー'],
    icon: 'key',
    load: () => import('./security-credentials/section'),
  },
  {
    id: 'account',
    paths: ['/account'],
    href: '/account',
    title: { en: 'Account', ja: 'アカウント' },
    description: { en: 'Name, contacts, Regions and closing', ja: '名前、連絡先、リージョン、解約' },
    keywords: ['contact', 'alternate contacts', 'regions', 'close account', '連絡先', 'リージョン', '解約'],
    icon: 'settings',
    load: () => import('./account/section'),
  },
  {
    id: 'billing',
    paths: ['/billing'],
    href: '/billing/home',
    title: { en: 'Billing and Cost Management', ja: '請求とコスト管理' },
    description: { en: 'Payment methods and what is wrong with them', ja: '支払い方法と、そのエラー' },
    keywords: ['payment methods', 'card', 'invoice', '支払い', 'お支払い方法', 'カード', '請求書'],
    icon: 'file',
    load: () => import('./billing/section'),
  },
  {
    id: 'cloudtrail',
    paths: ['/cloudtrail', '/cloudtrailv2'],
    href: '/cloudtrail/home',
    title: { en: 'CloudTrail event history', ja: 'CloudTrail イベント履歴' },
    description: { en: 'Who did what in this account, for 90 days', ja: 'このアカウントで誰が何をしたか (90 日間)' },
    keywords: ['audit', 'events', 'lookupevents', '監査', 'イベント', '履歴'],
    icon: 'search',
    load: () => import('./cloudtrail/section'),
  },
  {
    id: 'support',
    paths: ['/support', '/trustedadvisor'],
    href: '/support/home',
    title: { en: 'Support Center', ja: 'サポートセンター' },
    description: { en: 'Support cases and checks of the account', ja: 'サポートケースとアカウントのチェック' },
    keywords: ['case', 'help', 'trusted advisor', 'ケース', '問い合わせ', 'ヘルプ'],
    icon: 'support',
    load: () => import('./support/section'),
  },
];

/** The section that has this address, if any has. */
export function sectionAt(pathname: string): SectionEntry | undefined {
  return sections.find(({ paths }) => paths.some((path) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`))));
}

/** The sections that have the words in their name, description or keywords, in either language; those so named first. */
export function searchSections(query: string): SectionEntry[] {
  const words = query.trim().toLowerCase();
  if (!words) return sections.filter(({ id }) => id !== 'home');
  const rank = ({ id, title, description, keywords }: SectionEntry): number => {
    const names = [id, ...Object.values(title)].map((name) => name.toLowerCase());
    if (names.some((name) => name.startsWith(words))) return 0;
    if (names.some((name) => name.includes(words))) return 1;
    return [...keywords, ...Object.values(description)].some((word) => word.toLowerCase().includes(words)) ? 2 : 3;
  };
  return sections.filter((entry) => rank(entry) < 3).toSorted((a, b) => rank(a) - rank(b));
}
