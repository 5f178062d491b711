import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeOrganization, MANAGEMENT } from '../fakeOrganization';
import { MOST, reachOf } from './reach';

afterEach(() => vi.restoreAllMocks());

/** A client that asks the fake in place of a server. */
function clientOf({ operations }: ReturnType<typeof fakeOrganization>) {
  const client = new OrganizationsClient({ region: 'us-east-1' });
  const send = vi.spyOn(client, 'send').mockImplementation((command: { constructor: { name: string }; input: object }) =>
    Promise.resolve(operations[command.constructor.name.replace(/Command$/, '')]!(command.input)) as never);
  return { client, send };
}

const signal = new AbortController().signal;

it.each<[string, string[], number, boolean]>([
  ['a unit, with those under it', ['ou-ex01-prod0001'], 4, false],
  ['an empty unit', ['ou-ex01-euro0001'], 0, false],
  ['the root, but not the management account', ['r-ex01'], 4, true],
  ['an account', ['200000000002'], 1, false],
  ['an account and the unit it is in, once', ['200000000002', 'ou-ex01-prod0001'], 4, false],
  ['the management account', [MANAGEMENT], 0, true],
])('reaches the accounts of %s', async (_of, targets, want, management) => {
  const fake = fakeOrganization(4);
  fake.accounts[4]!.parent = 'ou-ex01-euro0001';
  const moved = targets[0] === 'ou-ex01-euro0001' ? 1 : 0;
  const reach = await reachOf(clientOf(fake).client, targets, MANAGEMENT, signal);
  expect(reach.accounts).toHaveLength(want + moved);
  expect(reach).toMatchObject({ more: false, management });
});

it.each([['r-ex01'], ['ou-ex01-prod0001']])('says of %s with very many only that there are more, after few calls', async (target) => {
  const { client, send } = clientOf(fakeOrganization(10_000));
  const reach = await reachOf(client, [target], MANAGEMENT, signal);
  expect(reach.accounts).toHaveLength(MOST);
  expect(reach.more).toBe(true);
  expect(send.mock.calls.length).toBeLessThan(20);
});
