import { DescribeGroupCommand, ListGroupsCommand, type Group } from '@aws-sdk/client-identitystore';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../../console';
import { usePaged, type Paged } from '../../ui/usePaged';
import { useIdentityCenter, type FoundGroup } from '../api';
import type { Instance } from '../enable/WithInstance';

const PAGE = 50;

export const groupsKey = (instance: Instance) => ['singlesignon', 'groups', instance.directory] as const;
export const groupKey = (instance: Instance, id: string) => ['singlesignon', 'group', instance.directory, id] as const;
export const everyMembersKey = (instance: Instance) => ['singlesignon', 'members', instance.directory] as const;
export const membersKey = (instance: Instance, group: string) => [...everyMembersKey(instance), group] as const;
export const everyMembershipsKey = (instance: Instance) => ['singlesignon', 'memberships', instance.directory] as const;
export const membershipsKey = (instance: Instance, user: string) => [...everyMembershipsKey(instance), user] as const;

export const groupHref = (id: string) => `/singlesignon/groups/${encodeURIComponent(id)}`;

/** The groups of the directory, or those whose name begins with `prefix`. */
export function useGroups(instance: Instance, prefix: string): Paged<FoundGroup> {
  const { identityStore } = useClients();
  const call = useIdentityCenter();
  return usePaged([...groupsKey(instance), prefix], async (token, signal) => {
    if (prefix) {
      const { Groups, NextToken } = await call('SearchGroups', { InstanceArn: instance.arn, Prefix: prefix, ...(token && { NextToken: token }) }, signal);
      return { items: Groups, marker: NextToken };
    }
    const { Groups = [], NextToken } = await (await identityStore()).send(
      new ListGroupsCommand({ IdentityStoreId: instance.directory, MaxResults: PAGE, NextToken: token }),
      { abortSignal: signal },
    );
    return { items: Groups.map(({ GroupId = '', DisplayName = '', Description = '' }) => ({ GroupId, DisplayName, Description })), marker: NextToken };
  });
}

export function useGroup(instance: Instance, id: string): UseQueryResult<Group> {
  const { identityStore } = useClients();
  return useQuery({
    queryKey: groupKey(instance, id),
    queryFn: async ({ signal }): Promise<Group> => (await identityStore()).send(new DescribeGroupCommand({ IdentityStoreId: instance.directory, GroupId: id }), { abortSignal: signal }),
  });
}
