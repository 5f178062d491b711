import { expect, it } from 'vitest';
import { isSubdomain, portalUrlWith } from './subdomain';

it.each([
  ['example', true],
  ['a', true],
  ['1st-team', true],
  ['x'.repeat(63), true],
  ['x'.repeat(64), false],
  ['', false],
  ['Example', false],
  ['-example', false],
  ['example-', false],
  ['ex.ample', false],
  ['d-1234567890', false],
])('%s can be a subdomain: %s (G-59)', (text, can) => {
  expect(isSubdomain(text)).toBe(can);
});

it('shows the address that will be', () => {
  expect(portalUrlWith('http://d-1234567890.awsapps.localhost:8420/start', 'example')).toBe('http://example.awsapps.localhost:8420/start');
});
