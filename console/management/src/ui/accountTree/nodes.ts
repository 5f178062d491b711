import {
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  type Account,
  type OrganizationalUnit,
  type OrganizationsClient,
  type Root,
} from '@aws-sdk/client-organizations';

/** A root, a unit or an account, where it stands in the organization. */
export interface Node {
  id: string;
  kind: 'root' | 'unit' | 'account';
  name: string;
  /** The id of what it is under; '' of a root. */
  parent: string;
  arn: string;
  /** Of an account only. */
  account?: Account;
}

export const rootNode = ({ Id = '', Name, Arn = '' }: Root): Node => ({ id: Id, kind: 'root', name: Name || Id, parent: '', arn: Arn });

export const unitNode = ({ Id = '', Name = '', Arn = '' }: OrganizationalUnit, parent: string): Node => ({ id: Id, kind: 'unit', name: Name, parent, arn: Arn });

const accountNode = (account: Account, parent: string): Node => ({ id: account.Id ?? '', kind: 'account', name: account.Name ?? '', parent, arn: account.Arn ?? '', account });

/** How far what is under a parent was fetched: its units come first, then its accounts. */
export interface Cursor {
  of: 'units' | 'accounts';
  token: string | undefined;
}

export const first: Cursor = { of: 'units', token: undefined };

/** So many at least are fetched at a time, so that short pages do not cost a click each. */
const BATCH = 20;

export interface Batch {
  nodes: Node[];
  /** Where to go on; null when that was all. */
  next: Cursor | null;
}

/**
 * What comes next under a parent. Pages may be short or empty before the end
 * (api-surface.md section 3), so it asks until there is a batch or no more.
 */
export async function fetchBatch(client: OrganizationsClient, parent: string, from: Cursor, accounts: boolean, abortSignal: AbortSignal): Promise<Batch> {
  const nodes: Node[] = [];
  let cursor: Cursor | null = from;
  while (cursor && nodes.length < BATCH) {
    // oxlint-disable-next-line no-await-in-loop -- each page tells where the next is
    const page: Batch = cursor.of === 'units' ? await unitsPage(client, parent, cursor, accounts, abortSignal) : await accountsPage(client, parent, cursor, abortSignal);
    nodes.push(...page.nodes);
    cursor = page.next;
  }
  return { nodes, next: cursor };
}

async function unitsPage(client: OrganizationsClient, parent: string, { token }: Cursor, accounts: boolean, abortSignal: AbortSignal): Promise<Batch> {
  const page = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId: parent, NextToken: token }), { abortSignal });
  const after: Cursor | null = accounts ? { of: 'accounts', token: undefined } : null;
  return {
    nodes: (page.OrganizationalUnits ?? []).map((unit) => unitNode(unit, parent)),
    next: page.NextToken ? { of: 'units', token: page.NextToken } : after,
  };
}

async function accountsPage(client: OrganizationsClient, parent: string, { token }: Cursor, abortSignal: AbortSignal): Promise<Batch> {
  const page = await client.send(new ListAccountsForParentCommand({ ParentId: parent, NextToken: token }), { abortSignal });
  return {
    nodes: (page.Accounts ?? []).map((account) => accountNode(account, parent)),
    next: page.NextToken ? { of: 'accounts', token: page.NextToken } : null,
  };
}
