import { expect, it } from 'vitest';
import { parseConsoleRequest } from '../route';
import { isConsoleAddress, shortcutAddress } from './shortcut';

const start = 'http://example.awsapps.localhost:8420/start';

it('is what AWS writes, and what the portal reads (behaviours.md 6.12)', () => {
  const destination = 'https://console.aws.amazon.com/iam/home?x=1#/users';
  const address = shortcutAddress(start, '444455556666', 'Read+Only', destination);
  expect(address).toBe(
    'http://example.awsapps.localhost:8420/start/#/console?account_id=444455556666&role_name=Read%2BOnly&destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fiam%2Fhome%3Fx%3D1%23%2Fusers',
  );
  expect(parseConsoleRequest(new URL(address).hash)).toEqual({ accountId: '444455556666', roleName: 'Read+Only', destination });
  expect(shortcutAddress(start, '444455556666', 'ReadOnly', '')).not.toContain('destination');
});

it.each([
  ['https://console.aws.amazon.com/iam/home', true],
  ['https://eu-west-1.console.aws.amazon.com/', true],
  ['http://console.localhost:8420/iam', true],
  ['http://us-east-1.console.localhost:8420/iam', true],
  ['http://console.aws.amazon.com/', false],
  ['http://console.localhost:9999/', false],
  ['https://console.aws.amazon.com.evil.example/', false],
  ['https://evil.console.aws.amazon.com/', false],
  ['https://user@console.aws.amazon.com/', false],
  ['javascript:alert(1)', false],
  ['/iam/home', false],
  ['', false],
])('%s is of the console: %s', (address, want) => {
  expect(isConsoleAddress(address, start)).toBe(want);
});
