import { describe, expect, it } from 'vitest';
import { searchWords } from './search';

describe('what is searched', () => {
  it.each([
    ['1111-2222-3333', '111122223333'],
    [' payments ', 'payments'],
    ['1111-22', '1111-22'],
  ])('%j is %j', (typed, words) => {
    expect(searchWords(typed)).toBe(words);
  });
});
