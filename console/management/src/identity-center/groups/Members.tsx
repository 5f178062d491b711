import { ListGroupMembershipsCommand } from '@aws-sdk/client-identitystore';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { usePaged } from '../../ui/usePaged';
import { mapPool } from '../access/pool';
import { usePrincipalNames } from '../access/principals';
import type { FoundUser } from '../api';
import type { Instance } from '../enable/WithInstance';
import { userMessages } from '../users/messages';
import { UserPicker } from '../users/UserPicker';
import { userHref } from '../users/useUsers';
import { MEMBERSHIPS_PAGE, MembershipTable, type Membership } from './MembershipTable';
import { groupMessages } from './messages';
import { membersKey } from './useGroups';

/** Who is in a group, to be added and removed. */
export function Members({ instance, group }: { instance: Instance; group: string }) {
  const t = useMessages(groupMessages).members;
  const { userName, displayName, select } = useMessages(userMessages);
  const { identityStore } = useClients();
  const named = usePrincipalNames(instance);
  const list = usePaged<Membership>(membersKey(instance, group), async (token, signal) => {
    const { GroupMemberships = [], NextToken } = await (await identityStore()).send(
      new ListGroupMembershipsCommand({ IdentityStoreId: instance.directory, GroupId: group, MaxResults: MEMBERSHIPS_PAGE, NextToken: token }),
      { abortSignal: signal },
    );
    const items = await mapPool(GroupMemberships, async ({ MembershipId = '', MemberId }) => {
      const { id: other, name, detail } = await named('USER', MemberId?.UserId ?? '');
      return { id: MembershipId, other, name, detail };
    });
    return { items, marker: NextToken };
  });
  return (
    <MembershipTable<FoundUser>
      instance={instance}
      list={list}
      words={{ ...t, name: userName, detail: displayName, select }}
      href={userHref}
      picker={(chosen, onChoose) => <UserPicker instance={instance} selected={chosen} onSelect={onChoose} />}
      toJoin={({ UserId }) => ({ group, user: UserId })}
    />
  );
}
