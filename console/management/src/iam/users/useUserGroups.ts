import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { groupsOf } from './lists';

export const userGroupsKey = (user: string) => ['iam', 'user-groups', user];

/** The groups that the user is in. */
export function useUserGroups(user: string) {
  const { iam } = useClients();
  return useQuery({ queryKey: userGroupsKey(user), queryFn: async ({ signal }) => groupsOf(await iam(), user, signal) });
}
