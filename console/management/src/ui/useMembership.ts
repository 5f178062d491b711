import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useOwnApi, type OwnApi } from '../sdk/ownApi';

/** What the account may do for its organization, whatever the person's own policies allow. */
export interface Membership {
  /** It manages the organization, administers some service for it, or is let in by its policy. */
  ReadsOrganization: boolean;
  /** It runs the organization's instance of IAM Identity Center. */
  AdministersIdentityCenter: boolean;
}

export const fetchMembership = async (ask: OwnApi, signal?: AbortSignal): Promise<Membership> => (await ask('_organizations/DescribeMembership', {}, signal)) as Membership;

/** Asked in place of what a member account would only be refused. */
export function useMembership(enabled = true): UseQueryResult<Membership> {
  const ask = useOwnApi();
  return useQuery({ queryKey: ['organizations', 'membership'], enabled, queryFn: ({ signal }) => fetchMembership(ask, signal) });
}
