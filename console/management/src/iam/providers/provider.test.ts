import { expect, it } from 'vitest';
import { areAudiences, areThumbprints, isIssuer, isProviderName, isReserved, kindOf, lines, providerName } from './provider';

it.each([
  ['arn:aws:iam::111122223333:saml-provider/Corp', 'saml', 'Corp', false],
  ['arn:aws:iam::111122223333:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE', 'saml', 'AWSSSO_0123456789abcdef_DO_NOT_DELETE', true],
  ['arn:aws:iam::111122223333:oidc-provider/token.example.com/tenant', 'oidc', 'token.example.com/tenant', false],
  ['arn:aws:iam::111122223333:oidc-provider/AWSSSO_.example', 'oidc', 'AWSSSO_.example', false],
])('%s is %s of %s, reserved: %s', (arn, kind, name, reserved) => {
  expect([kindOf(arn), providerName(arn), isReserved(arn)]).toEqual([kind, name, reserved]);
});

it.each([
  ['https://token.example.com', true],
  ['https://token.example.com/tenant', true],
  ['http://token.example.com', false],
  ['https://token.example.com:8443', false],
  ['https://token.example.com/?a=b', false],
  ['https://token.example.com/#x', false],
  ['https://me@token.example.com', false],
  ['token.example.com', false],
  [`https://token.example.com/${'x'.repeat(255)}`, false],
])('%s is an issuer: %s', (text, want) => {
  expect(isIssuer(text)).toBe(want);
});

it('lines are what is on them, once', () => {
  expect(lines(' a \n\nb\r\na\n')).toEqual(['a', 'b']);
});

it('bounds lists and names as IAM does', () => {
  expect([areAudiences([]), areAudiences(['a']), areAudiences(['x'.repeat(256)]), areAudiences(Array.from({ length: 101 }, String))]).toEqual([false, true, false, false]);
  expect([areThumbprints(['a'.repeat(40)]), areThumbprints(['g'.repeat(40)]), areThumbprints([]), areThumbprints(Array.from({ length: 6 }, () => 'a'.repeat(40)))]).toEqual([true, false, false, false]);
  expect([isProviderName('Corp_1.a-b'), isProviderName('a b'), isProviderName('')]).toEqual([true, false, false]);
});
