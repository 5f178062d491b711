/** People and groups of the directory, whom access is given to: found by the beginning of a name, and named by id (G-45). */
import { DescribeGroupCommand, DescribeUserCommand, type IdentitystoreClient } from '@aws-sdk/client-identitystore';
import type { PrincipalType } from '@aws-sdk/client-sso-admin';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useClients } from '../../console';
import { useList, type List } from '../../ui/useList';
import { useIdentityCenter } from '../api';
import type { Instance } from '../enable/WithInstance';

export interface Principal {
  type: PrincipalType;
  id: string;
  name: string;
  /** A person's display name, a group's description. */
  detail: string;
}

export const principalKey = ({ type, id }: Pick<Principal, 'type' | 'id'>): string => `${type}/${id}`;

/** Where the principal's page is. */
export const principalHref = ({ type, id }: Pick<Principal, 'type' | 'id'>): string => `/singlesignon/${type === 'USER' ? 'users' : 'groups'}/${encodeURIComponent(id)}`;

/** The users or groups whose name begins with the prefix, found by the server among however many there are. */
export function usePrincipalSearch(instance: Instance, type: PrincipalType, Prefix: string): List<Principal> {
  const call = useIdentityCenter();
  return useList<Principal>(['identity-center', 'search', type, Prefix], async (NextToken, signal) => {
    const input = { InstanceArn: instance.arn, Prefix, ...(NextToken !== undefined && { NextToken }) };
    if (type === 'USER') {
      const page = await call('SearchUsers', input, signal);
      return { items: page.Users.map(({ UserId, UserName, DisplayName }) => ({ type, id: UserId, name: UserName, detail: DisplayName })), marker: page.NextToken };
    }
    const page = await call('SearchGroups', input, signal);
    return { items: page.Groups.map(({ GroupId, DisplayName, Description }) => ({ type, id: GroupId, name: DisplayName, detail: Description })), marker: page.NextToken };
  });
}

/** How long a name is taken for known, in milliseconds. */
const FRESH = 300_000;

/** Names principals by their ids. Who was deleted, or may not be read, is named by the id. */
export function usePrincipalNames(instance: Instance): (type: PrincipalType, id: string) => Promise<Principal> {
  const queries = useQueryClient();
  const { identityStore } = useClients();
  const { directory } = instance;
  return useCallback(async (type, id) => namedPrincipal(queries, await identityStore(), directory, type, id), [queries, identityStore, directory]);
}

function namedPrincipal(queries: QueryClient, client: IdentitystoreClient, IdentityStoreId: string, type: PrincipalType, id: string): Promise<Principal> {
  return queries.fetchQuery({
    queryKey: ['identitystore', 'principal', type, id],
    staleTime: FRESH,
    retry: false,
    queryFn: async (): Promise<Principal> => {
      try {
        if (type === 'USER') {
          const { UserName = id, DisplayName = '' } = await client.send(new DescribeUserCommand({ IdentityStoreId, UserId: id }));
          return { type, id, name: UserName, detail: DisplayName };
        }
        const { DisplayName = id, Description = '' } = await client.send(new DescribeGroupCommand({ IdentityStoreId, GroupId: id }));
        return { type, id, name: DisplayName, detail: Description };
      } catch {
        return { type, id, name: id, detail: '' };
      }
    },
  });
}
