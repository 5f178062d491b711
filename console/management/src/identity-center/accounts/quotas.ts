/** How near accounts are to their quota of IAM roles, of which each permission set needs one (G-50, Q-19). */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useIdentityCenter, type RoleQuota } from '../api';
import type { Instance } from '../enable/WithInstance';

export const quotaKey = ['identity-center', 'role-quotas'] as const;

/** Of at most 20 accounts. */
export function useRoleQuotas(instance: Instance, accounts: readonly string[]): UseQueryResult<RoleQuota[]> {
  const call = useIdentityCenter();
  return useQuery({
    queryKey: [...quotaKey, ...accounts],
    queryFn: async ({ signal }) => (await call('DescribeRoleQuotas', { InstanceArn: instance.arn, AccountIds: [...accounts] }, signal)).Accounts,
    enabled: accounts.length > 0,
  });
}

/** From this share on an account nears its quota. */
const NEAR = 0.9;

export const isNear = ({ Roles, Limit }: RoleQuota): boolean => Roles >= Limit * NEAR;
export const isPast = ({ Roles, Limit }: RoleQuota): boolean => Roles >= Limit;
