import { expect, it } from 'vitest';
import { isEmail, isRoleName, readInvited } from './newAccount';

it.each<[string, string[] | string]>([
  ['a@example.com, 1111-2222-3333\n111122223333', ['a@example.com', '111122223333']],
  ['A@example.com;a@EXAMPLE.com', ['a@EXAMPLE.com']],
  ['', []],
  ['12345', '12345'],
  ['a@example.com bob', 'bob'],
])('reads whom to invite from %j', (text, want) => {
  const { invited, wrong } = readInvited(text);
  expect(wrong ?? invited.map(({ Id }) => Id)).toEqual(want);
});

it.each([
  ['a@b.co', true],
  ['a@b.c', false],
  [`${'a'.repeat(60)}@b.co`, false],
  ['a b@example.com', false],
  ['example.com', false],
])('takes %j for an address: %s', (text, want) => expect(isEmail(text)).toBe(want));

it.each([
  ['OrganizationAccountAccessRole', true],
  ['a/b', false],
  ['a'.repeat(65), false],
])('takes %j for a role name: %s', (text, want) => expect(isRoleName(text)).toBe(want));
