import { describe, expect, it } from 'vitest';
import { guidance, type GuidanceFacts } from './guidance';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const daysAgo = (days: number) => new Date(NOW - days * 86_400_000);
const key = (created: number, used?: number, active = true) => ({
  id: 'AKIA1',
  active,
  createdAt: daysAgo(created),
  ...(used !== undefined && { lastUsedAt: daysAgo(used) }),
});

const ids = (facts: GuidanceFacts) => guidance(facts, NOW).map(({ id }) => id);

describe('guidance', () => {
  it.each<[string, GuidanceFacts, string[]]>([
    ['nothing is said of what may not be read', { kind: 'root' }, []],
    ['a root user without MFA (Q-02, Q-03)', { kind: 'root', rootMfa: false }, ['root-mfa']],
    ['a root user with MFA', { kind: 'root', rootMfa: true }, []],
    ['others are told of it, for they cannot do it', { kind: 'role', rootMfa: false }, ['root-mfa-by-root']],
    ['root access keys (Q-28)', { kind: 'root', rootKeys: true }, ['root-keys']],
    ['a new account needs an administrator (Q-09)', { kind: 'root', users: 0 }, ['make-administrator']],
    ['daily work is not the root user’s (Q-01, Q-10)', { kind: 'root', users: 3 }, ['use-administrator']],
    ['an IAM user may work daily', { kind: 'iam-user', users: 3, ownMfaDevices: 1 }, []],
    ['an IAM user without MFA', { kind: 'iam-user', ownMfaDevices: 0 }, ['own-mfa']],
    ['a role has no MFA of its own', { kind: 'role', ownMfaDevices: 0 }, []],
    ['a key of 89 days (Q-11)', { kind: 'iam-user', keys: [key(89, 89)] }, []],
    ['a key of 90 days that is used (Q-11)', { kind: 'iam-user', keys: [key(90, 1)] }, ['key-old']],
    ['a key that was last used 90 days ago', { kind: 'iam-user', keys: [key(200, 90)] }, ['key-unused']],
    ['a key that was never used', { kind: 'iam-user', keys: [key(90)] }, ['key-unused']],
    ['a key that is not active harms nobody', { kind: 'iam-user', keys: [key(400, undefined, false)] }, []],
    ['alternate contacts (Q-07)', { kind: 'role', missingContacts: ['SECURITY'] }, ['contacts']],
    ['no contact missing', { kind: 'role', missingContacts: [] }, []],
  ])('%s', (_name, facts, want) => {
    expect(ids(facts)).toEqual(want);
  });

  it('puts the most pressing first', () => {
    const facts: GuidanceFacts = { kind: 'root', rootMfa: false, rootKeys: true, users: 0, missingContacts: ['BILLING'], keys: [key(100, 1)] };
    expect(ids(facts)).toEqual(['root-mfa', 'root-keys', 'key-old', 'make-administrator', 'contacts']);
  });
});
