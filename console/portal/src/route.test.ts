import { expect, it } from 'vitest';
import { consoleHash, deviceAddress, parseConsoleRequest, parseRoute, routeHash } from './route';

it.each([
  [{ tab: 'accounts', filter: '', page: 1 }, '#/?tab=accounts'],
  [{ tab: 'accounts', filter: 'prod & 開発', page: 1 }, '#/?tab=accounts&filter=prod+%26+%E9%96%8B%E7%99%BA'],
  [{ tab: 'accounts', filter: 'x', page: 3 }, '#/?tab=accounts&filter=x&page=3'],
  [{ tab: 'applications', filter: 'wiki', page: 1 }, '#/?tab=applications&filter=wiki'],
  [{ tab: 'sessions', filter: '', page: 1 }, '#/sessions'],
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

it("reads AWS's shortcuts to a role's console (H-16)", () => {
  const hash = '#/console?account_id=444455556666&role_name=Read%2BOnly&destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fiam%2Fhome%23%2Fusers';
  const request = { accountId: '444455556666', roleName: 'Read+Only', destination: 'https://console.aws.amazon.com/iam/home#/users' };
  expect(parseConsoleRequest(hash)).toEqual(request);
  expect(parseConsoleRequest(consoleHash(request))).toEqual(request);
  expect(consoleHash({ ...request, destination: '' })).not.toContain('destination');
  expect(parseConsoleRequest('#/?tab=accounts')).toBeUndefined();
  expect(parseConsoleRequest('')).toBeUndefined();
});

const deviceUrl = 'https://device.sso.localhost/?portal=d-1234567890';

it.each([
  ['#/device', deviceUrl],
  ['#/device?user_code=BCDF-GHJK', `${deviceUrl}&user_code=BCDF-GHJK`],
  ['#/device?user_code=%26portal%3Dx', `${deviceUrl}&user_code=%26portal%3Dx`],
  [`#/device?user_code=${'B'.repeat(21)}`, deviceUrl],
  ['#/device?next=https%3A%2F%2Fevil.example', deviceUrl],
  ['#/devices', undefined],
  ['#/?tab=accounts', undefined],
])('%j leads to %j', (hash, address) => {
  expect(deviceAddress(hash, deviceUrl)).toBe(address);
});
