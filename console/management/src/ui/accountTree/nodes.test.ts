import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { expect, it, vi } from 'vitest';
import { fetchBatch, first } from './nodes';

it('goes on behind pages that are empty before the end (api-surface.md section 3)', async () => {
  const client = new OrganizationsClient({ region: 'us-east-1' });
  const pages = [
    { OrganizationalUnits: [], NextToken: 'u1' },
    { OrganizationalUnits: [{ Id: 'ou-1', Name: 'One' }] },
    { Accounts: [], NextToken: 'a1' },
    { Accounts: [{ Id: '111122223333', Name: 'dev' }] },
  ];
  const send = vi.spyOn(client, 'send').mockImplementation(() => Promise.resolve(pages.shift()) as never);
  const { nodes, next } = await fetchBatch(client, 'r-1', first, true, new AbortController().signal);
  expect(nodes.map(({ kind, name, parent }) => [kind, name, parent])).toEqual([
    ['unit', 'One', 'r-1'],
    ['account', 'dev', 'r-1'],
  ]);
  expect(next).toBeNull();
  expect(send).toHaveBeenCalledTimes(4);
});

it('fetches no accounts where only places are asked for', async () => {
  const client = new OrganizationsClient({ region: 'us-east-1' });
  const send = vi.spyOn(client, 'send').mockImplementation(() => Promise.resolve({ OrganizationalUnits: [] }) as never);
  expect(await fetchBatch(client, 'r-1', first, false, new AbortController().signal)).toEqual({ nodes: [], next: null });
  expect(send).toHaveBeenCalledOnce();
});

/** Twenty accounts, which is what Organizations gives at a time. */
const page = (from: number) => Array.from({ length: 20 }, (_, i) => ({ Id: String(from + i), Name: `member-${from + i}` }));

it('stops behind a batch of very many accounts, and goes on from there', async () => {
  const client = new OrganizationsClient({ region: 'us-east-1' });
  const pages = [{ OrganizationalUnits: [] }, { Accounts: page(0), NextToken: 'a20' }, { Accounts: page(20) }];
  const send = vi.spyOn(client, 'send').mockImplementation(() => Promise.resolve(pages.shift()) as never);
  const begin = await fetchBatch(client, 'ou-1', first, true, new AbortController().signal);
  expect(begin.nodes).toHaveLength(20);
  expect(begin.next).toEqual({ of: 'accounts', token: 'a20' });
  expect(send).toHaveBeenCalledTimes(2);
  const end = await fetchBatch(client, 'ou-1', begin.next!, true, new AbortController().signal);
  expect(end.nodes.at(-1)?.id).toBe('39');
  expect(end.next).toBeNull();
});
