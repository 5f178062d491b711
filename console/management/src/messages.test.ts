import { describe, expect, it } from 'vitest';
import type { MessagesOf } from './messages';
import { shellMessages } from './messages.shell';
import { sections } from './sections';

type Leaf = string | ((...args: never[]) => string);
type Catalogue = { [key: string]: Leaf | Catalogue };

function leaves(catalogue: Catalogue, prefix = ''): [string, Leaf][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'object' ? leaves(value, `${prefix}${key}.`) : [[prefix + key, value] as [string, Leaf]],
  );
}

function keysOf(catalogue: object): string[] {
  return leaves(catalogue as Catalogue)
    .map(([key]) => key)
    .toSorted();
}

// Beside a catalogue a file may export what its texts are made of, which has no languages.
const modules = import.meta.glob<Record<string, unknown>>('./*/**/*essages.ts', { eager: true });
const isCatalogue = (value: unknown): value is MessagesOf<object> => typeof value === 'object' && value !== null && 'en' in value && 'ja' in value;
const catalogues = [
  ['./messages.shell.ts', shellMessages] as const,
  ...Object.entries(modules).flatMap(([file, module]) =>
    Object.entries(module).flatMap(([name, value]) => (isCatalogue(value) ? [[`${file} ${name}`, value] as const] : [])),
  ),
];

describe.each(catalogues)('%s', (_file, { en, ja }) => {
  // The types hold this too; the test holds it where somebody widened them.
  it('has the same keys in every language', () => {
    expect(keysOf(ja)).toEqual(keysOf(en));
  });

  it('has no text with space around it, and none that says less than it is given', () => {
    for (const catalogue of [en, ja]) {
      for (const [key, message] of leaves(catalogue as Catalogue)) {
        if (typeof message === 'string') expect(message.trim(), key).toBe(message);
      }
    }
  });

  it('leaves no sentence in English', () => {
    // Names, such as IAM Identity Center, have capitals.
    const english = new Map(leaves(en as Catalogue));
    for (const [key, message] of leaves(ja as Catalogue)) {
      if (typeof message !== 'string' || !/[a-z]+ [a-z]+ [a-z]+/.test(message)) continue;
      if (message === english.get(key)) expect(message, key).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    }
  });
});

it('names the pages as people are told to look for them (E-05, E-06, E-07, E-08, A-32)', () => {
  const ja = modules['./security-credentials/messages.ts']?.['messages'] as MessagesOf<{ identifiers: string; details: string }>;
  expect([ja.en.identifiers, ja.ja.identifiers]).toEqual(['Account identifiers', 'アカウント識別子']);
  expect([ja.en.details, ja.ja.details]).toEqual(['Account details', 'アカウント詳細']);
  const credentials = sections.find(({ id }) => id === 'security-credentials');
  expect(credentials?.title).toEqual({ en: 'Security credentials', ja: 'セキュリティ認証情報' });
  expect([shellMessages.ja.nav.support, shellMessages.ja.nav.supportCenter, shellMessages.en.nav.signOut]).toEqual(['サポート', 'サポートセンター', 'Sign out']);
  const home = modules['./home/messages.ts']?.['messages'] as MessagesOf<{ status: { pending: { complete: string } } }>;
  expect([home.en.status.pending.complete, home.ja.status.pending.complete]).toEqual(['Complete sign-up', 'サインアップを完了する']);
});
