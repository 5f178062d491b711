import { ListRootsCommand, type Root } from '@aws-sdk/client-organizations';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../../console';

/** The one root; undefined where the organization shows this account none. */
export function useRoot(enabled = true): UseQueryResult<Root | undefined> {
  const { organizations } = useClients();
  return useQuery({
    queryKey: ['organizations', 'root'],
    queryFn: async ({ signal }) => (await (await organizations()).send(new ListRootsCommand({}), { abortSignal: signal })).Roots?.[0] ?? null,
    select: (root) => root ?? undefined,
    enabled,
  });
}
