import { DescribeUserCommand, ListUsersCommand, type User } from '@aws-sdk/client-identitystore';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../../console';
import { usePaged, type Paged } from '../../ui/usePaged';
import { useIdentityCenter, type FoundUser } from '../api';
import type { Instance } from '../enable/WithInstance';

/** The only extension of users that identitystore has. */
export const ENTERPRISE = 'aws:identitystore:enterprise';

const PAGE = 50;

export const usersKey = (instance: Instance) => ['singlesignon', 'users', instance.directory] as const;
export const userKey = (instance: Instance, id: string) => ['singlesignon', 'user', instance.directory, id] as const;

export const userHref = (id: string) => `/singlesignon/users/${encodeURIComponent(id)}`;

/** The people of the directory, or those whose user name, e-mail address or display name begins with `prefix`. */
export function useUsers(instance: Instance, prefix: string): Paged<FoundUser> {
  const { identityStore } = useClients();
  const call = useIdentityCenter();
  return usePaged([...usersKey(instance), prefix], async (token, signal) => {
    if (prefix) {
      const { Users, NextToken } = await call('SearchUsers', { InstanceArn: instance.arn, Prefix: prefix, ...(token && { NextToken: token }) }, signal);
      return { items: Users, marker: NextToken };
    }
    const { Users = [], NextToken } = await (await identityStore()).send(
      new ListUsersCommand({ IdentityStoreId: instance.directory, MaxResults: PAGE, NextToken: token }),
      { abortSignal: signal },
    );
    return { items: Users.map(found), marker: NextToken };
  });
}

function found(user: User): FoundUser {
  const { UserId = '', UserName = '', DisplayName = '', UserStatus } = user;
  return { UserId, UserName, DisplayName, Email: emailOf(user), Status: UserStatus === 'DISABLED' ? 'DISABLED' : 'ENABLED' };
}

/** The address that mail goes to: the primary one, or the only one. */
export function emailOf({ Emails = [] }: Pick<User, 'Emails'>): string {
  return (Emails.find(({ Primary }) => Primary) ?? Emails[0])?.Value ?? '';
}

export function useUser(instance: Instance, id: string): UseQueryResult<User> {
  const { identityStore } = useClients();
  return useQuery({
    queryKey: userKey(instance, id),
    queryFn: async ({ signal }): Promise<User> => (await identityStore()).send(new DescribeUserCommand({ IdentityStoreId: instance.directory, UserId: id, Extensions: [ENTERPRISE] }), { abortSignal: signal }),
  });
}
