import { expect, it } from 'vitest';
import { isAlias, signInUrl } from './signInUrl';

// C-06, C-23
it.each([
  ['https://111122223333.signin.sekisho.example/console', 'example-sandbox', 'https://example-sandbox.signin.sekisho.example/console'],
  ['https://old.signin.sekisho.example/console', '111122223333', 'https://111122223333.signin.sekisho.example/console'],
  ['http://111122223333.signin.localhost:8421/console', 'x-y', 'http://x-y.signin.localhost:8421/console'],
])('%s of %s', (known, name, want) => {
  expect(signInUrl(known, name)).toBe(want);
});

// C-23
it.each([
  ['example-sandbox', true],
  ['abc', true],
  ['ab', false],
  ['a'.repeat(63), true],
  ['a'.repeat(64), false],
  ['-abc', false],
  ['abc-', false],
  ['a--b', false],
  ['Abc', false],
  ['111122223333', false],
  ['1111222233334', true],
  ['a_b', false],
])('%s may be an alias: %s', (name, want) => {
  expect(isAlias(name)).toBe(want);
});
