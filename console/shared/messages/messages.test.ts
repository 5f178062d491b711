import { describe, expect, it } from 'vitest';
import { en, type Messages } from './en';
import { ja } from './ja';

type Catalogue = { [key: string]: string | ((...args: never[]) => string) | Catalogue };

function leaves(catalogue: Catalogue, prefix = ''): [string, string | ((...args: never[]) => string)][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'object' ? leaves(value, `${prefix}${key}.`) : [[prefix + key, value] as [string, typeof value]],
  );
}

const catalogues: Record<string, Catalogue> = { en, ja };

// The types hold this too; the test holds it where somebody widened them.
it('every language has the same keys', () => {
  const keys = leaves(en).map(([key]) => key);
  expect(leaves(ja).map(([key]) => key)).toEqual(keys);
});

describe.each(Object.entries(catalogues))('%s', (_language, catalogue) => {
  it.each(leaves(catalogue))('%s has words, and says everything it is given', (_key, message) => {
    if (typeof message === 'string') {
      expect(message.trim()).toBe(message);
      expect(message).not.toBe('');
      return;
    }
    const args = Array.from({ length: message.length }, (_, i) => 700 + i);
    const text = (message as unknown as (...args: unknown[]) => string)(...args);
    for (const arg of args) expect(text).toContain(String(arg));
  });
});

it('Japanese is written in Japanese', () => {
  const latin = ['Windows', 'PowerShell', 'SSO Start URL', 'SSO Region'];
  for (const [key, message] of leaves(ja)) {
    if (typeof message !== 'string' || latin.includes(message)) continue;
    expect(message, key).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  }
});

function labels({ credentials: c, accounts: a, navigation: n }: Messages): string[] {
  const dialog = [c.title, c.posix, c.cmd, c.powershell, c.recommended, c.startUrl, c.ssoRegion, c.option1, c.option2, c.option3];
  return [...dialog, a.tab, a.accessKeys, n.signOut];
}

it('says exactly what AWS says where people are told to look for it (I-14…I-19, H-13, H-17, L-04)', () => {
  expect(labels(en)).toEqual([
    'Get credentials',
    'macOS and Linux',
    'Windows',
    'PowerShell',
    'AWS IAM Identity Center credentials (Recommended)',
    'SSO Start URL',
    'SSO Region',
    'Option 1: Set AWS environment variables',
    'Option 2: Add a profile to your AWS credentials file',
    'Option 3: Use individual values in your AWS service client',
    'Accounts',
    'Access keys',
    'Sign out',
  ]);
  expect(labels(ja)).toEqual([
    '認証情報の取得',
    'macOS と Linux',
    'Windows',
    'PowerShell',
    'AWS IAM Identity Center の認証情報 (推奨)',
    'SSO Start URL',
    'SSO Region',
    'オプション 1: AWS 環境変数を設定する',
    'オプション 2: AWS 認証情報ファイルにプロファイルを追加する',
    'オプション 3: AWS サービスクライアントで個別の値を使用する',
    'アカウント',
    'アクセスキー',
    'サインアウト',
  ]);
});
