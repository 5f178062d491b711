import { DeleteGroupMembershipCommand, ListGroupMembershipsForMemberCommand } from '@aws-sdk/client-identitystore';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { PagedTable } from '../../ui/PagedTable';
import { usePaged } from '../../ui/usePaged';
import { mapPool } from '../access/pool';
import { usePrincipalNames } from '../access/principals';
import type { FoundGroup } from '../api';
import type { Instance } from '../enable/WithInstance';
import { GroupPicker } from '../groups/GroupPicker';
import { join } from '../groups/join';
import { groupMessages } from '../groups/messages';
import { groupHref, membersKey, membershipsKey } from '../groups/useGroups';
import { userMessages } from './messages';

/** A page's names are asked for one by one. */
const PAGE = 20;

interface Membership {
  id: string;
  group: string;
  name: string;
  description: string;
}

/** The groups that a person is in, to be joined and left. */
export function Memberships({ instance, user, enabled }: { instance: Instance; user: string; enabled: boolean }) {
  const all = useMessages(userMessages);
  const t = all.membership;
  const groupWords = useMessages(groupMessages);
  const { identityStore } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [selected, setSelected] = useState<Membership[]>([]);
  const [adding, setAdding] = useState(false);
  const named = usePrincipalNames(instance);
  const list = usePaged<Membership>(membershipsKey(instance, user), async (token, signal) => {
    const { GroupMemberships = [], NextToken } = await (await identityStore()).send(
      new ListGroupMembershipsForMemberCommand({ IdentityStoreId: instance.directory, MemberId: { UserId: user }, MaxResults: PAGE, NextToken: token }),
      { abortSignal: signal },
    );
    const items = await mapPool(GroupMemberships, async ({ MembershipId = '', GroupId = '' }) => {
      const { name, detail } = await named('GROUP', GroupId);
      return { id: MembershipId, group: GroupId, name, description: detail };
    });
    return { items, marker: NextToken };
  });
  const changed = () =>
    Promise.all([membershipsKey(instance, user), membersKey(instance, '').slice(0, -1)].map((queryKey) => queries.invalidateQueries({ queryKey })));

  const remove = () =>
    ask({
      title: t.removeTitle(selected.length),
      text: t.removeText,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        const client = await identityStore();
        try {
          await mapPool(selected, ({ id }) => client.send(new DeleteGroupMembershipCommand({ IdentityStoreId: instance.directory, MembershipId: id })));
          notify({ type: 'success', content: t.removed });
          setSelected([]);
        } finally {
          await changed();
        }
      },
    });

  return (
    <>
      <PagedTable<Membership>
        variant="container"
        list={list}
        title={t.title}
        description={t.text}
        trackBy={({ id }) => id}
        selection={{ selected, onSelect: setSelected, label: ({ name }) => groupWords.select(name) }}
        empty={t.none}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={remove}>
              {t.remove}
            </Button>
            <Button disabled={!enabled} disabledReason={all.isDisabled} onClick={() => setAdding(true)}>
              {t.add}
            </Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            cell: ({ group, name }) => (
              <Link href={groupHref(group)}>
                <span className="long-words">{name}</span>
              </Link>
            ),
          },
          { id: 'description', header: groupWords.description, cell: ({ description }) => <span className="long-words">{description || '–'}</span> },
        ]}
      />
      {dialog}
      {adding && (
        <AddToGroups
          instance={instance}
          user={user}
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            notify({ type: 'success', content: t.added });
            void changed();
          }}
        />
      )}
    </>
  );
}

function AddToGroups({ instance, user, onAdded, onClose }: { instance: Instance; user: string; onAdded: () => void; onClose: () => void }) {
  const t = useMessages(userMessages).membership;
  const { identityStore } = useClients();
  const [groups, setGroups] = useState<FoundGroup[]>([]);
  const [tried, setTried] = useState(false);
  const add = async () => {
    setTried(true);
    if (groups.length === 0) return false;
    const client = await identityStore();
    await mapPool(groups, ({ GroupId }) => join(client, instance, GroupId, user));
    onAdded();
    return undefined;
  };
  return (
    <FormModal title={t.add} submit={t.add} size="large" onSubmit={add} onClose={onClose}>
      <FormField errorText={tried && groups.length === 0 && t.needed} stretch>
        <GroupPicker instance={instance} selected={groups} onSelect={setGroups} />
      </FormField>
    </FormModal>
  );
}
