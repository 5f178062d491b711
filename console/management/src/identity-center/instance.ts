import { ListInstancesCommand, type InstanceMetadata } from '@aws-sdk/client-sso-admin';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients, useSession } from '../console';
import { useOwnApi } from '../sdk/ownApi';
import { fetchMembership } from '../ui/useMembership';

/** The query of `useInstance`, for those who enable or delete the instance and so change its answer. */
export const instanceKey = ['singlesignon', 'instance'] as const;

/**
 * The Identity Center instance that this account works with: its own, or else its organization's.
 * An account with both that runs the organization's works with that. Null where there is none.
 */
export function useInstance(): UseQueryResult<InstanceMetadata | null> {
  const { ssoAdmin } = useClients();
  const { accountId } = useSession();
  const ask = useOwnApi();
  return useQuery({
    queryKey: instanceKey,
    queryFn: async ({ signal }) => {
      const { Instances = [] } = await (await ssoAdmin()).send(new ListInstancesCommand({}), { abortSignal: signal });
      const own = Instances.find(({ OwnerAccountId }) => OwnerAccountId === accountId);
      const shared = Instances.find((instance) => instance !== own);
      if (!own || !shared) return own ?? shared ?? null;
      return (await fetchMembership(ask, signal)).AdministersIdentityCenter ? shared : own;
    },
  });
}
