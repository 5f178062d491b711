import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { expect, it, vi } from 'vitest';
import { fetchBatch, first } from './tree';

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
