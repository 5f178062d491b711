import { DeleteGroupMembershipCommand, ListGroupMembershipsCommand } from '@aws-sdk/client-identitystore';
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
import type { FoundUser } from '../api';
import type { Instance } from '../enable/WithInstance';
import { userMessages } from '../users/messages';
import { UserPicker } from '../users/UserPicker';
import { userHref } from '../users/useUsers';
import { join } from './join';
import { groupMessages } from './messages';
import { membersKey } from './useGroups';

/** A page's names are asked for one by one. */
const PAGE = 20;

interface Member {
  id: string;
  user: string;
  name: string;
  displayName: string;
}

/** Who is in a group, to be added and removed. */
export function Members({ instance, group }: { instance: Instance; group: string }) {
  const t = useMessages(groupMessages).members;
  const words = useMessages(userMessages);
  const { identityStore } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const named = usePrincipalNames(instance);
  const [selected, setSelected] = useState<Member[]>([]);
  const [adding, setAdding] = useState(false);
  const list = usePaged<Member>(membersKey(instance, group), async (token, signal) => {
    const { GroupMemberships = [], NextToken } = await (await identityStore()).send(
      new ListGroupMembershipsCommand({ IdentityStoreId: instance.directory, GroupId: group, MaxResults: PAGE, NextToken: token }),
      { abortSignal: signal },
    );
    const items = await mapPool(GroupMemberships, async ({ MembershipId = '', MemberId }) => {
      const user = MemberId?.UserId ?? '';
      const { name, detail } = await named('USER', user);
      return { id: MembershipId, user, name, displayName: detail };
    });
    return { items, marker: NextToken };
  });
  const changed = () =>
    Promise.all([membersKey(instance, group), ['singlesignon', 'memberships', instance.directory]].map((queryKey) => queries.invalidateQueries({ queryKey })));

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
          notify({ type: 'success', content: t.removed(selected.length) });
          setSelected([]);
        } finally {
          await changed();
        }
      },
    });

  return (
    <>
      <PagedTable<Member>
        variant="container"
        list={list}
        title={t.title}
        trackBy={({ id }) => id}
        selection={{ selected, onSelect: setSelected, label: ({ name }) => words.select(name) }}
        empty={t.none}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={remove}>
              {t.remove}
            </Button>
            <Button onClick={() => setAdding(true)}>{t.add}</Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'name',
            header: words.userName,
            isRowHeader: true,
            cell: ({ user, name }) => (
              <Link href={userHref(user)}>
                <span className="long-words">{name}</span>
              </Link>
            ),
          },
          { id: 'display', header: words.displayName, cell: ({ displayName }) => <span className="long-words">{displayName || '–'}</span> },
        ]}
      />
      {dialog}
      {adding && (
        <AddMembers
          instance={instance}
          group={group}
          onClose={() => setAdding(false)}
          onAdded={(n) => {
            setAdding(false);
            notify({ type: 'success', content: t.added(n) });
            void changed();
          }}
        />
      )}
    </>
  );
}

function AddMembers({ instance, group, onAdded, onClose }: { instance: Instance; group: string; onAdded: (n: number) => void; onClose: () => void }) {
  const t = useMessages(groupMessages).members;
  const { identityStore } = useClients();
  const [users, setUsers] = useState<FoundUser[]>([]);
  const [tried, setTried] = useState(false);
  const add = async () => {
    setTried(true);
    if (users.length === 0) return false;
    const client = await identityStore();
    await mapPool(users, ({ UserId }) => join(client, instance, group, UserId));
    onAdded(users.length);
    return undefined;
  };
  return (
    <FormModal title={t.add} submit={t.add} size="large" onSubmit={add} onClose={onClose}>
      <FormField errorText={tried && users.length === 0 && t.needed} stretch>
        <UserPicker instance={instance} selected={users} onSelect={setUsers} />
      </FormField>
    </FormModal>
  );
}
