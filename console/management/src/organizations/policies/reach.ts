import { DescribeAccountCommand, ListAccountsCommand, type Account, type OrganizationsClient } from '@aws-sdk/client-organizations';
import { fetchBatch, first, type Cursor } from '../../ui/accountTree/nodes';

export interface Reached {
  id: string;
  name: string;
}

/** Which accounts a policy would apply to. */
export interface Reach {
  /** At most MOST of them. */
  accounts: Reached[];
  /** Whether there are more than are listed. */
  more: boolean;
  /** Whether the management account is among them; it is not listed. */
  management: boolean;
}

/** So many accounts are named before it only says that there are more. */
export const MOST = 100;

/** So many calls are spent at most, however the units are nested. */
const CALLS = 60;

/** The accounts under the targets, which are ids of the root, of units and of accounts; each account counts once. */
export async function reachOf(client: OrganizationsClient, targets: readonly string[], managementId: string | undefined, abortSignal: AbortSignal): Promise<Reach> {
  const found = new Map<string, Reached>();
  let management = false;
  let calls = 0;
  const add = ({ Id = '', Name = '' }: Pick<Account, 'Id' | 'Name'>) => {
    if (Id === managementId) management = true;
    else found.set(Id, { id: Id, name: Name });
  };
  const full = () => found.size > MOST || calls >= CALLS;
  const result = (more: boolean): Reach => ({ accounts: [...found.values()].slice(0, MOST), more: more || found.size > MOST, management });

  // All accounts are under the root, so that the rest need not be looked at.
  if (targets.some((id) => id.startsWith('r-'))) {
    let token: string | undefined;
    do {
      calls += 1;
      // oxlint-disable-next-line no-await-in-loop -- a page names the next
      const page = await client.send(new ListAccountsCommand({ NextToken: token }), { abortSignal });
      page.Accounts?.forEach(add);
      token = page.NextToken;
    } while (token && !full());
    return result(token !== undefined);
  }

  for (const id of targets.filter((each) => !each.startsWith('ou-'))) {
    if (full()) return result(true);
    calls += 1;
    // oxlint-disable-next-line no-await-in-loop -- the calls are counted
    add((await client.send(new DescribeAccountCommand({ AccountId: id }), { abortSignal })).Account ?? { Id: id, Name: id });
  }
  const units: { id: string; from: Cursor }[] = targets.filter((id) => id.startsWith('ou-')).map((id) => ({ id, from: first }));
  for (let unit = units.shift(); unit; unit = units.shift()) {
    if (full()) return result(true);
    calls += 1;
    // oxlint-disable-next-line no-await-in-loop -- what is in a unit tells what to look at next
    const { nodes, next } = await fetchBatch(client, unit.id, unit.from, true, abortSignal);
    for (const { id, kind, account } of nodes) {
      if (kind === 'unit') units.push({ id, from: first });
      else if (account) add(account);
    }
    if (next) units.push({ id: unit.id, from: next });
  }
  return result(false);
}
