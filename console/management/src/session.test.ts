// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { whoAmI } from './Navigation';
import { groupedAccountId, registerMfaUrl, type ConsoleSession } from './session';

const base = {
  kind: 'iam-user', accountId: '111122223333', accountName: 'Example Corp', alias: '', userName: 'jane', arn: 'arn:aws:iam::111122223333:user/jane', displayName: '',
  links: { registerMfa: 'https://signin.example.com/mfa/register' },
} as ConsoleSession;

it.each([
  ['111122223333', '1111-2222-3333'],
  ['example', 'example'],
  ['', ''],
])('the account %j is shown as %s (E-04)', (id, want) => {
  expect(groupedAccountId(id)).toBe(want);
});

it.each<[string, Partial<ConsoleSession>, string]>([
  ['the root user', { kind: 'root', userName: '' }, 'Example Corp'],
  ['an IAM user', {}, 'jane @ 1111-2222-3333'],
  ['an IAM user of an account with an alias', { alias: 'example' }, 'jane @ example'],
  ['a role from a portal', { kind: 'role', arn: 'arn:aws:sts::111122223333:assumed-role/Admin/jane' }, 'Admin/jane @ 1111-2222-3333'],
  ['a role that was switched to', { kind: 'role', switched: true, displayName: 'Prod audit' }, 'Prod audit'],
])('the top-right corner names %s (E-03)', (_who, session, want) => {
  expect(whoAmI({ ...base, ...session })).toBe(want);
});

it.each([
  ['', 'https://signin.example.com/mfa/register?return=%2Fsecurity-credentials'],
  ['taro+x', 'https://signin.example.com/mfa/register?user=taro%2Bx&return=%2Fsecurity-credentials'],
])('a passkey of %j is registered at %s', (user, want) => {
  expect(registerMfaUrl(base, user, '/security-credentials')).toBe(want);
});
