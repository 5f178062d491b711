import { describe, expect, it } from 'vitest';
import { isRoleName, ownerOf, revokeDocument, switchUrl, trustDocument } from './role';

it.each<[string, string]>([
  ['/', 'account'],
  ['/service-role/', 'account'],
  ['/aws-service-role/support.amazonaws.com/', 'service'],
  ['/aws-reserved/sso.amazonaws.com/', 'identityCenter'],
])('a role at %s is of the %s', (Path, want) => {
  expect(ownerOf({ Path } as Parameters<typeof ownerOf>[0])).toBe(want);
});

it.each<[string, boolean]>([
  ['Ops', true],
  ['a+=,.@-_', true],
  ['x'.repeat(65), false],
  ['', false],
  ['two words', false],
  ['役割', false],
])('%j names a role: %s', (name, want) => {
  expect(isRoleName(name)).toBe(want);
});

// behaviours.md 8.4
it.each([
  ['', { Path: '/', RoleName: 'Ops' }, 'https://console.example/switchrole?account=corp&roleName=Ops'],
  ['/switchrole', { Path: '/team/a/', RoleName: 'x+y' }, 'https://console.example/switchrole?account=corp&roleName=team%2Fa%2Fx%2By'],
])('the switch-role address by %j', (form, role, want) => {
  expect(switchUrl(form, 'https://console.example', 'corp', role as Parameters<typeof switchUrl>[3])).toBe(want);
});

it('older sessions are those issued before', () => {
  expect(JSON.parse(revokeDocument(new Date(Date.UTC(2026, 10, 22, 13, 0, 5)))).Statement).toEqual([
    { Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T13:00:05.000Z' } } },
  ]);
});

const documentOf = (text: string) => trustDocument({ AssumeRolePolicyDocument: encodeURIComponent(text) } as Parameters<typeof trustDocument>[0]);

describe('trustDocument', () => {
  it.each([
    ['{"a":1}', '{\n    "a": 1\n}'],
    ['{\n"a":1}', '{\n"a":1}'],
    ['{', '{'],
  ])('of %j', (text, want) => expect(documentOf(text)).toBe(want));
});
