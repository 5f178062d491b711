import { describe, expect, it } from 'vitest';
import { searchSections, sectionAt, sections } from './sections';

it.each([
  ['/', 'home'],
  ['/console/home', 'home'],
  ['/iam/users', 'iam'],
  ['/iam', 'iam'],
  ['/iamnot', undefined],
  ['/security-credentials', 'security-credentials'],
  ['/cloudtrailv2/home', 'cloudtrail'],
  ['/organizations/v2/home/accounts/111122223333', 'organizations'],
  ['/singlesignon/users', 'singlesignon'],
  ['/switchrole', undefined],
  ['/consolex', undefined],
])('%s is of %s', (path, id) => {
  expect(sectionAt(path)?.id).toBe(id);
});

it.each(sections.map((entry) => [entry.id, entry] as const))('%s is where its name leads, and is what is fetched for it', async (id, entry) => {
  expect(sectionAt(entry.href)?.id).toBe(id);
  expect((await entry.load()).section.id).toBe(id);
});

describe('the search', () => {
  it.each([
    ['mfa', 'security-credentials'],
    ['IAM', 'iam'],
    ['ユーザー', 'iam'],
    ['支払い', 'billing'],
    ['trusted', 'support'],
    ['監査', 'cloudtrail'],
    ['許可セット', 'singlesignon'],
    ['sso', 'singlesignon'],
    ['組織単位', 'organizations'],
    ['scp', 'organizations'],
  ])('finds by %s first %s', (words, id) => {
    expect(searchSections(words)[0]?.id).toBe(id);
  });

  it('puts what is so named before what is so described', () => {
    expect(searchSections('account').map(({ id }) => id)[0]).toBe('account');
  });

  it('finds nothing by nonsense, and shows everything before a word is typed', () => {
    expect(searchSections('zzz')).toEqual([]);
    expect(searchSections(' ')).toHaveLength(sections.length - 1);
  });
});
