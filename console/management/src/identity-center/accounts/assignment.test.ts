import { describe, expect, it } from 'vitest';
import { assignedAccounts, assignHref, assignments, MOST_ACCOUNTS } from './assignment';
import { isNear, isPast } from './quotas';

const id = (n: number) => String(100_000_000_000 + n);

describe('assigning (G-40…G-43)', () => {
  it('carries the accounts in its address', () => {
    const href = assignHref([id(1), id(2)]);
    expect(href).toBe(`/singlesignon/accounts/assign?account=${id(1)}&account=${id(2)}`);
    expect(assignedAccounts(new URL(href, 'https://console.example.com').searchParams)).toEqual([id(1), id(2)]);
  });

  it('takes from an address no more than ten accounts, each once, and nothing else', () => {
    const many = Array.from({ length: 12 }, (_, i) => id(i));
    expect(assignedAccounts(new URLSearchParams(many.map((a) => ['account', a])))).toEqual(many.slice(0, MOST_ACCOUNTS));
    expect(assignedAccounts(new URLSearchParams(`account=${id(1)}&account=${id(1)}&account=../users&account=12`))).toEqual([id(1)]);
  });

  it('gives every set to everybody in every account', () => {
    const people = ['u1', 'u2'].map((p) => ({ type: 'USER' as const, id: p, name: p, detail: '' }));
    const made = assignments([{ id: id(1), name: 'a' }, { id: id(2), name: 'b' }], people, [{ arn: 's1', name: 's1' }, { arn: 's2', name: 's2' }]);
    expect(made).toHaveLength(8);
    expect(new Set(made.map(({ account, principal, set }) => `${account.id} ${principal.id} ${set.arn}`)).size).toBe(8);
  });
});


describe('the quota of roles (G-50, Q-19)', () => {
  it.each([
    [0, false, false],
    [899, false, false],
    [900, true, false],
    [999, true, false],
    [1000, true, true],
    [1001, true, true],
  ])('of %d roles of 1000: near %s, past %s', (Roles, near, past) => {
    const quota = { AccountId: '111122223333', Roles, Limit: 1000 };
    expect([isNear(quota), isPast(quota)]).toEqual([near, past]);
  });
});
