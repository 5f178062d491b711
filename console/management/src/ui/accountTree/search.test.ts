import { describe, expect, it } from 'vitest';
import { matches, searchWords } from './search';

describe('finding an account', () => {
  const account = { Id: '111122223333', Name: 'Payments Production', Email: 'Pay@example.com' };
  it.each([
    ['1111-2222-3333', true],
    [' payments ', true],
    ['PRODUCTION', true],
    ['pay@', true],
    ['2222', true],
    ['staging', false],
  ])('%j: %s', (typed, found) => {
    expect(matches(account, searchWords(typed))).toBe(found);
  });
});
