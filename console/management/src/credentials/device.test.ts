import { expect, it } from 'vitest';
import { codeFault, deviceOf, isDeviceName } from './device';

it.each([
  ['arn:aws:iam::111122223333:mfa/root-account-mfa-device', 'app', 'root-account-mfa-device'],
  ['arn:aws:iam::111122223333:mfa/team/phone', 'app', 'phone'],
  ['arn:aws:iam::111122223333:u2f/user/taro/key-ABC', 'fido', 'key-ABC'],
  ['arn:aws:iam::111122223333:u2f/user/taro/laptop-DG2326QZJKQNOZ4OZHL4HDR2U5', 'fido', 'laptop'],
  ['GAHT12345678', 'hardware', 'GAHT12345678'],
])('%s is %s %s', (serial, kind, name) => {
  expect(deviceOf(serial)).toMatchObject({ kind, name });
});

it.each([
  ['phone', true],
  ['taro@example.com', true],
  ['', false],
  ['a b', false],
  ['携帯', false],
  ['x'.repeat(129), false],
])('%j may name a device: %s', (name, want) => {
  expect(isDeviceName(name)).toBe(want);
});

it.each([
  ['123456', '', ''],
  ['12345', '', 'invalid'],
  ['12345a', '', 'invalid'],
  ['123456', '123456', 'same'],
])('code %s after %s: %s', (code, other, want) => {
  expect(codeFault(code, other)).toBe(want);
});
