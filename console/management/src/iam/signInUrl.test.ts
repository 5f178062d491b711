import { expect, it } from 'vitest';
import { signInUrl } from './signInUrl';

// C-06, C-23
it.each([
  ['https://111122223333.signin.sekisho.example/console', 'example-sandbox', 'https://example-sandbox.signin.sekisho.example/console'],
  ['https://old.signin.sekisho.example/console', '111122223333', 'https://111122223333.signin.sekisho.example/console'],
  ['http://111122223333.signin.localhost:8421/console', 'x-y', 'http://x-y.signin.localhost:8421/console'],
])('%s of %s', (known, name, want) => {
  expect(signInUrl(known, name)).toBe(want);
});
