import { expect, it } from 'vitest';
import { parseRoute, routeHash } from './route';

it.each([
  [{ tab: 'accounts', filter: '', page: 1 }, '#/?tab=accounts'],
  [{ tab: 'accounts', filter: 'prod & 開発', page: 1 }, '#/?tab=accounts&filter=prod+%26+%E9%96%8B%E7%99%BA'],
  [{ tab: 'accounts', filter: 'x', page: 3 }, '#/?tab=accounts&filter=x&page=3'],
] as const)('%j is %s', (route, hash) => {
  expect(routeHash(route)).toBe(hash);
  expect(parseRoute(hash)).toEqual(route);
});

it.each(['', '#', '#/', '#/?', '#/?tab=nonsense', '#/?page=0', '#/?page=-1', '#/?page=1e9', '#/unknown?filter=x'])('%j is all accounts', (hash) => {
  expect(parseRoute(hash)).toEqual({ tab: 'accounts', filter: '', page: 1 });
});

it('bounds what it takes from an address', () => {
  expect(parseRoute(`#/?filter=${'x'.repeat(5000)}`).filter).toHaveLength(200);
});
