import { DescribeOrganizationCommand, type Organization, type OrganizationsClient } from '@aws-sdk/client-organizations';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useClients, useSession } from '../console';
import { errorCode } from '../failure';
import { accountsKey } from '../ui/accountTree/search';

/** All that this section has fetched; what changes something invalidates as much of it as it touched. */
export const everything = ['organizations'] as const;
export const organizationKey = ['organizations', 'organization'] as const;

/** The organization that the account is in; null for an account on its own. */
export function useOrganization(): UseQueryResult<Organization | null> {
  const { organizations } = useClients();
  return useQuery({ queryKey: organizationKey, queryFn: async ({ signal }) => describe(await organizations(), signal) });
}

async function describe(client: OrganizationsClient, abortSignal: AbortSignal): Promise<Organization | null> {
  try {
    return (await client.send(new DescribeOrganizationCommand({}), { abortSignal })).Organization ?? null;
  } catch (error) {
    if (errorCode(error) === 'AWSOrganizationsNotInUseException') return null;
    throw error;
  }
}

/** Whether this is the console of the organization's management account, from which nearly everything is done (F-04, F-07). */
export function useIsManagement(organization: Organization | null | undefined): boolean {
  const { accountId } = useSession();
  return organization?.MasterAccountId === accountId;
}

/** Fetches anew what the section shows, after something was changed. */
export function useChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    // From its first page: fetching all of them again would take as many calls as before.
    void queries.resetQueries({ queryKey: accountsKey });
    await queries.invalidateQueries({ queryKey: everything, predicate: ({ queryKey }) => queryKey[1] !== accountsKey[1] });
  };
}
