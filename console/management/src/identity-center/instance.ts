import { ListInstancesCommand, type InstanceMetadata } from '@aws-sdk/client-sso-admin';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../console';

/** The query of `useInstance`, for those who enable or delete the instance and so change its answer. */
export const instanceKey = ['singlesignon', 'instance'] as const;

/** The account's Identity Center instance, or the organization's where the account may see it; null where there is none. */
export function useInstance(): UseQueryResult<InstanceMetadata | null> {
  const { ssoAdmin } = useClients();
  return useQuery({
    queryKey: instanceKey,
    queryFn: async ({ signal }) => {
      const { Instances = [] } = await (await ssoAdmin()).send(new ListInstancesCommand({}), { abortSignal: signal });
      return Instances[0] ?? null;
    },
  });
}
