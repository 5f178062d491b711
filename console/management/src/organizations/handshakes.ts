import { ListHandshakesForAccountCommand, ListHandshakesForOrganizationCommand, type Handshake, type HandshakeResourceType } from '@aws-sdk/client-organizations';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../console';
import { allPages } from '../sdk/allPages';
import { everything } from './organization';

/** The invitations and other handshakes of the last 30 days: those this organization sent, or those this account received. */
export function useHandshakes(which: 'sent' | 'received', enabled = true): UseQueryResult<Handshake[]> {
  const { organizations } = useClients();
  return useQuery({
    queryKey: [...everything, 'handshakes', which],
    queryFn: async ({ signal }) => {
      const client = await organizations();
      return allPages(
        (NextToken) => client.send(which === 'sent' ? new ListHandshakesForOrganizationCommand({ NextToken }) : new ListHandshakesForAccountCommand({ NextToken }), {
          abortSignal: signal,
        }),
        (page) => page.Handshakes,
      );
    },
    enabled,
  });
}

/** What a handshake carries under one of the names, such as MASTER_EMAIL; it may stand within the organization's own. */
export function resourceOf({ Resources = [] }: Pick<Handshake, 'Resources'>, ...types: HandshakeResourceType[]): string | undefined {
  for (const resource of Resources) {
    if (types.some((type) => resource.Type === type)) return resource.Value;
    const inner: string | undefined = resourceOf({ Resources: resource.Resources }, ...types);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Whom a handshake was sent to: an account's number or an e-mail address. */
export function recipientOf(handshake: Handshake): string {
  const party = handshake.Parties?.find(({ Type }) => Type === 'ACCOUNT' || Type === 'EMAIL');
  return party?.Id ?? '';
}
