import { ListGroupMembershipsForMemberCommand } from '@aws-sdk/client-identitystore';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { usePaged } from '../../ui/usePaged';
import { mapPool } from '../access/pool';
import { usePrincipalNames } from '../access/principals';
import type { FoundGroup } from '../api';
import type { Instance } from '../enable/WithInstance';
import { GroupPicker } from '../groups/GroupPicker';
import { MEMBERSHIPS_PAGE, MembershipTable, type Membership } from '../groups/MembershipTable';
import { groupMessages } from '../groups/messages';
import { groupHref, membershipsKey } from '../groups/useGroups';
import { userMessages } from './messages';

/** The groups that a person is in, to be joined and left. */
export function Memberships({ instance, user, enabled }: { instance: Instance; user: string; enabled: boolean }) {
  const { membership: t, isDisabled } = useMessages(userMessages);
  const { description: detail, select } = useMessages(groupMessages);
  const { identityStore } = useClients();
  const named = usePrincipalNames(instance);
  const list = usePaged<Membership>(membershipsKey(instance, user), async (token, signal) => {
    const { GroupMemberships = [], NextToken } = await (await identityStore()).send(
      new ListGroupMembershipsForMemberCommand({ IdentityStoreId: instance.directory, MemberId: { UserId: user }, MaxResults: MEMBERSHIPS_PAGE, NextToken: token }),
      { abortSignal: signal },
    );
    const items = await mapPool(GroupMemberships, async ({ MembershipId = '', GroupId = '' }) => {
      const { id: other, name, detail: description } = await named('GROUP', GroupId);
      return { id: MembershipId, other, name, detail: description };
    });
    return { items, marker: NextToken };
  });
  return (
    <MembershipTable<FoundGroup>
      instance={instance}
      list={list}
      words={{ ...t, description: t.text, detail, select, removed: () => t.removed, added: () => t.added }}
      href={groupHref}
      noAdding={enabled ? undefined : isDisabled}
      picker={(chosen, onChoose) => <GroupPicker instance={instance} selected={chosen} onSelect={onChoose} />}
      toJoin={({ GroupId }) => ({ group: GroupId, user })}
    />
  );
}
