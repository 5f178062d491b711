/** The organization as a tree that is fetched branch by branch, as far as somebody opens it (G-40). */
import { ListAccountsForParentCommand, ListOrganizationalUnitsForParentCommand, ListRootsCommand, type Account, type OrganizationsClient } from '@aws-sdk/client-organizations';
import { useCallback, useEffect, useReducer, useRef } from 'react';

export interface UnitNode {
  kind: 'root' | 'unit';
  id: string;
  name: string;
}

export interface AccountNode {
  kind: 'account';
  id: string;
  name: string;
  account: Account;
}

export type Node = UnitNode | AccountNode;

/** What of a unit's content was fetched. */
export interface Branch {
  nodes: readonly Node[];
  status: 'pending' | 'loading' | 'error' | 'finished';
  /** Why it could not be fetched further. */
  error?: unknown;
}

/** Units come before accounts, each in pages of their own. */
export interface Cursor {
  of: 'units' | 'accounts';
  token?: string | undefined;
}

/** The parent of the roots, for which branches are kept like for any unit. */
export const TOP = '';

const closed: Branch = { nodes: [], status: 'pending' };

export type Branches = ReadonlyMap<string, Branch>;

export type TreeChange = { parent: string; loaded: readonly Node[]; more: boolean } | { parent: string; status: 'loading' | 'error'; error?: unknown };

/** Applies what came of a branch. */
export function grow(branches: Branches, change: TreeChange): Branches {
  const { nodes } = branches.get(change.parent) ?? closed;
  const after: Branch =
    'status' in change ? { nodes, status: change.status, error: change.error } : { nodes: [...nodes, ...change.loaded], status: change.more ? 'pending' : 'finished' };
  return new Map(branches).set(change.parent, after);
}

/**
 * The next page of what is in a parent, and where to go on after it. A page may be empty
 * with more behind it, as Organizations' may; then the next is fetched too.
 */
export async function fetchBranch(client: OrganizationsClient, parent: string, cursor: Cursor, abortSignal: AbortSignal): Promise<{ loaded: Node[]; cursor: Cursor | undefined }> {
  const options = { abortSignal };
  if (parent === TOP) {
    const { Roots = [] } = await client.send(new ListRootsCommand({}), options);
    return { loaded: Roots.map(({ Id = '', Name = '' }) => ({ kind: 'root', id: Id, name: Name || Id })), cursor: undefined };
  }
  let at: Cursor | undefined = cursor;
  const loaded: Node[] = [];
  while (at && loaded.length === 0) {
    // oxlint-disable-next-line no-await-in-loop -- a page names the next
    at = await fetchPage(client, parent, at, options, loaded);
  }
  return { loaded, cursor: at };
}

async function fetchPage(client: OrganizationsClient, ParentId: string, { of, token: NextToken }: Cursor, options: { abortSignal: AbortSignal }, into: Node[]): Promise<Cursor | undefined> {
  if (of === 'units') {
    const page = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken }), options);
    into.push(...(page.OrganizationalUnits ?? []).map(({ Id = '', Name = '' }): Node => ({ kind: 'unit', id: Id, name: Name })));
    if (page.NextToken) return { of, token: page.NextToken };
    // Small units show their accounts at once.
    if (into.length === 0) return { of: 'accounts' };
    return fetchPage(client, ParentId, { of: 'accounts' }, options, into);
  }
  const page = await client.send(new ListAccountsForParentCommand({ ParentId, NextToken }), options);
  into.push(...(page.Accounts ?? []).map(accountNode));
  return page.NextToken ? { of, token: page.NextToken } : undefined;
}

export const accountNode = (account: Account): AccountNode => ({ kind: 'account', id: account.Id ?? '', name: account.Name ?? '', account });

export interface Tree {
  branch: (parent: string) => Branch;
  /** Fetches the first or next page of what is in it, unless that is under way. */
  more: (parent: string) => void;
}

const first: Cursor = { of: 'units' };

export function useTree(organizations: () => Promise<OrganizationsClient>): Tree {
  const [branches, change] = useReducer(grow, new Map<string, Branch>());
  // Where to go on in each branch; undefined at its end, and 'busy' while a page is on its way.
  const cursors = useRef(new Map<string, Cursor | 'busy' | undefined>());
  const abort = useRef<AbortController | null>(null);

  const more = useCallback(
    (parent: string) => {
      const cursor = cursors.current.has(parent) ? cursors.current.get(parent) : first;
      if (cursor === undefined || cursor === 'busy') return;
      const { signal } = (abort.current ??= new AbortController());
      cursors.current.set(parent, 'busy');
      change({ parent, status: 'loading' });
      void (async () => {
        try {
          const page = await fetchBranch(await organizations(), parent, cursor, signal);
          if (signal.aborted) return;
          cursors.current.set(parent, page.cursor);
          change({ parent, loaded: page.loaded, more: page.cursor !== undefined });
        } catch (error) {
          if (signal.aborted) return;
          cursors.current.set(parent, cursor);
          change({ parent, status: 'error', error });
        }
      })();
    },
    [organizations],
  );

  useEffect(() => {
    const known = cursors.current;
    return () => {
      abort.current?.abort();
      abort.current = null;
      known.clear();
    };
  }, []);

  return { branch: (parent) => branches.get(parent) ?? closed, more };
}
