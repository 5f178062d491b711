import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { fetchBranch, grow, TOP, type Branch, type Cursor } from './tree';

const signal = new AbortController().signal;

/** Organizations with pages of what is in one unit, by operation and token. */
function organizations(pages: Record<string, { items: string[]; next?: string }>) {
  const asked: string[] = [];
  const send = (command: { constructor: { name: string }; input: { NextToken?: string } }) => {
    const units = command.constructor.name.startsWith('ListOrganizational');
    const key = `${units ? 'units' : 'accounts'}/${command.input.NextToken ?? ''}`;
    asked.push(key);
    const { items = [], next } = pages[key] ?? {};
    return Promise.resolve({ [units ? 'OrganizationalUnits' : 'Accounts']: items.map((Id) => ({ Id, Name: Id })), NextToken: next });
  };
  return { asked, client: { send } as unknown as OrganizationsClient };
}

/** Every page of a unit, as somebody fetches who asks for more to the end. */
async function whole(client: OrganizationsClient): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: Cursor | undefined = { of: 'units' };
  while (cursor) {
    // oxlint-disable-next-line no-await-in-loop
    const page: Awaited<ReturnType<typeof fetchBranch>> = await fetchBranch(client, 'ou-1', cursor, signal);
    pages.push(page.loaded.map(({ id }) => id));
    cursor = page.cursor;
  }
  return pages;
}

describe('the tree of accounts (G-40)', () => {
  it.each([
    ['nothing', {}, [[]]],
    ['few of both', { 'units/': { items: ['u1'] }, 'accounts/': { items: ['a1', 'a2'] } }, [['u1', 'a1', 'a2']]],
    ['accounts only', { 'accounts/': { items: ['a1'] } }, [['a1']]],
    [
      'pages of both',
      { 'units/': { items: ['u1'], next: 'x' }, 'units/x': { items: ['u2'] }, 'accounts/': { items: ['a1'], next: 'y' }, 'accounts/y': { items: ['a2'] } },
      [['u1'], ['u2', 'a1'], ['a2']],
    ],
    ['empty pages before the end (api-surface.md 3)', { 'units/': { items: [], next: 'x' }, 'units/x': { items: [] }, 'accounts/': { items: [], next: 'y' }, 'accounts/y': { items: ['a1'] } }, [['a1']]],
  ])('gives all there is of %s, units first', async (_what, pages, expected) => {
    expect(await whole(organizations(pages).client)).toEqual(expected);
  });

  it('asks for one page at a time of very many accounts', async () => {
    const { asked, client } = organizations({ 'accounts/': { items: ['a1'], next: 'y' } });
    await fetchBranch(client, 'ou-1', { of: 'units' }, signal);
    expect(asked).toEqual(['units/', 'accounts/']);
  });

  it('keeps what was fetched when a later page fails', () => {
    const node = { kind: 'unit' as const, id: 'u1', name: 'u1' };
    let branches = grow(new Map<string, Branch>(), { parent: TOP, loaded: [node], more: true });
    expect(branches.get(TOP)).toEqual({ nodes: [node], status: 'pending' });
    branches = grow(branches, { parent: TOP, status: 'error', error: 'why' });
    expect(branches.get(TOP)).toEqual({ nodes: [node], status: 'error', error: 'why' });
    branches = grow(branches, { parent: TOP, loaded: [], more: false });
    expect(branches.get(TOP)?.status).toBe('finished');
  });
});
