import { DescribeOrganizationalUnitCommand, ListParentsCommand, type OrganizationsClient } from '@aws-sdk/client-organizations';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../console';
import { everything } from './organization';

/** One step on the way from the root down to something. */
export interface Step {
  id: string;
  name: string;
}

/** OUs nest at most five deep under the root (behaviours.md 9.6); more steps than that are a mistake. */
const DEEPEST = 10;

/** What something is under, from the root down to its parent. */
export function usePath(id: string): UseQueryResult<Step[]> {
  const { organizations } = useClients();
  return useQuery({
    queryKey: [...everything, 'path', id],
    queryFn: async ({ signal }) => pathOf(await organizations(), id, signal),
  });
}

async function pathOf(client: OrganizationsClient, child: string, abortSignal: AbortSignal): Promise<Step[]> {
  const path: Step[] = [];
  let at = child;
  while (!at.startsWith('r-') && path.length < DEEPEST) {
    // oxlint-disable-next-line no-await-in-loop -- each step tells the next
    const parent = (await client.send(new ListParentsCommand({ ChildId: at }), { abortSignal })).Parents?.[0]?.Id;
    if (!parent) break;
    // oxlint-disable-next-line no-await-in-loop
    path.unshift({ id: parent, name: await nameOf(client, parent, abortSignal) });
    at = parent;
  }
  return path;
}

async function nameOf(client: OrganizationsClient, id: string, abortSignal: AbortSignal): Promise<string> {
  if (id.startsWith('r-')) return 'Root';
  const { OrganizationalUnit } = await client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id }), { abortSignal });
  return OrganizationalUnit?.Name ?? id;
}
