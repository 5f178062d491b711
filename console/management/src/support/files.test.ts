import { expect, test } from 'vitest';
import { MAX_FILE_BYTES, problemOf } from './files';

const file = (name: string, size: number) => ({ name, size });

test('problemOf', () => {
  expect(problemOf([])).toBeUndefined();
  expect(problemOf([file('a', 1), file('b', MAX_FILE_BYTES), file('c', 1)])).toBeUndefined();
  expect(problemOf([file('a', 1), file('b', 1), file('c', 1), file('d', 1)])).toEqual({ kind: 'tooMany' });
  expect(problemOf([file('a', 1), file('b', MAX_FILE_BYTES + 1)])).toEqual({ kind: 'tooLarge', name: 'b' });
  expect(problemOf([file('a', 0)])).toEqual({ kind: 'empty', name: 'a' });
});
