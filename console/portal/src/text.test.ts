import { expect, it } from 'vitest';
import { pageSorter } from './text';

const named = (name: string, id = name) => ({ id, name });

it('sorts by name as people count, then by id, and leaves its input alone', () => {
  const [a, b, c] = [named('Team 10', '2'), named('Team 9', '1'), named('Team 10', '1')];
  const given = [[a, b, c]];
  expect(pageSorter('en')(given)).toEqual([b, c, a]);
  expect(given).toEqual([[a, b, c]]);
});

it('merges pages as they come, and begins anew when one has changed', () => {
  const sort = pageSorter('en');
  const one = [named('m'), named('c')];
  const two = [named('z'), named('a')];
  const names = (pages: { id: string; name: string }[][]) => sort(pages).map((item) => item.name).join('');
  expect(names([one])).toBe('cm');
  expect(names([one, two])).toBe('acmz');
  expect(names([one, two])).toBe('acmz');
  expect(names([one, [named('b')]])).toBe('bcm');
  expect(names([])).toBe('');
});

it('is the same however a list is cut', () => {
  const all = Array.from({ length: 500 }, (_, i) => named(`Team ${(i * 7919) % 500}`));
  const sort = pageSorter<{ id: string; name: string }>('ja');
  const pages: (typeof all)[] = [];
  let last = sort(pages);
  for (let i = 0; i < all.length; i += 100) {
    pages.push(all.slice(i, i + 100));
    last = sort([...pages]);
  }
  expect(last).toEqual(pageSorter('ja')([all]));
});
