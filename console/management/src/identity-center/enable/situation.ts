import { DescribeOrganizationCommand, type Organization } from '@aws-sdk/client-organizations';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../../console';

export const organizationKey = ['singlesignon', 'organization'] as const;

/** The account's organization; null where it is in none. */
export function useOrganization(): UseQueryResult<Organization | null> {
  const { organizations } = useClients();
  return useQuery({
    queryKey: organizationKey,
    queryFn: async ({ signal }) => {
      try {
        return (await (await organizations()).send(new DescribeOrganizationCommand({}), { abortSignal: signal })).Organization ?? null;
      } catch (error) {
        if (error instanceof Error && error.name === 'AWSOrganizationsNotInUseException') return null;
        throw error;
      }
    },
  });
}

/**
 * What enabling meets in an account (F-02…F-04): no organization yet; the management account,
 * with all features or without; or a member account, which may only have an instance of its own.
 */
export type Situation = { kind: 'standalone' } | { kind: 'ready' } | { kind: 'not-all-features' } | { kind: 'member'; managementAccount: string };

export function situationOf(organization: Organization | null, accountId: string): Situation {
  if (!organization) return { kind: 'standalone' };
  if (organization.MasterAccountId !== accountId) return { kind: 'member', managementAccount: organization.MasterAccountId ?? '' };
  return organization.FeatureSet === 'ALL' ? { kind: 'ready' } : { kind: 'not-all-features' };
}
