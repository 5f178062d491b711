import { describe, expect, it } from 'vitest';
import { filterAccounts } from './filter';

const production = { id: '444455556666', name: 'Production', email: 'prod@example.com' };
const sandbox = { id: '111122223333', name: 'Sandbox 10', email: 'TEAM-a@example.com' };
const development = { id: '777788889999', name: '開発環境ｶﾅ', email: 'dev@example.jp' };
const all = [production, sandbox, development];

describe('filterAccounts', () => {
  it.each([
    ['', all],
    ['   ', all],
    ['prod', [production]],
    ['PRODUCTION', [production]],
    [' sandbox ', [sandbox]],
    ['5555', [production]],
    ['#444455556666', [production]],
    ['1111-2222-3333', [sandbox]],
    ['team-A@', [sandbox]],
    ['team-', [sandbox]],
    ['example.jp', [development]],
    ['開発', [development]],
    ['カナ', [development]],
    ['ＰＲＯＤ', [production]],
    ['zzz', []],
    ['-', [sandbox]],
    ['.*', []],
  ])('%j', (typed, want) => {
    expect(filterAccounts(all, typed)).toEqual(want);
  });
});
