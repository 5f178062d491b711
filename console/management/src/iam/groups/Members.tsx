import { AddUserToGroupCommand, GetGroupCommand, RemoveUserFromGroupCommand, type User } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FormModal } from '../../ui/FormModal';
import { Nothing } from '../../ui/Nothing';
import { useList } from '../../ui/useList';
import { userMessages } from '../users/messages';
import { UserPicker } from '../users/UserPicker';
import { userHref } from '../users/UsersPage';
import { userGroupsKey } from '../users/useUserGroups';
import { groupMessages } from './messages';

/** The users of a group, to be added and removed (C-21). */
export function Members({ group }: { group: string }) {
  const t = useMessages(groupMessages).members;
  const words = useMessages(userMessages);
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [adding, setAdding] = useState(false);
  const queryKey = ['iam', 'members', group];
  const members = useList(queryKey, async (Marker, abortSignal) => {
    const page = await (await iam()).send(new GetGroupCommand({ GroupName: group, Marker, MaxItems: 1000 }), { abortSignal });
    return { items: page.Users ?? [], marker: page.IsTruncated ? page.Marker : undefined };
  });
  const changed = (text: string, users: readonly string[]) => {
    notify({ type: 'success', content: text });
    for (const user of users) void queries.invalidateQueries({ queryKey: userGroupsKey(user) });
    void queries.invalidateQueries({ queryKey: ['iam', 'group-size', group] });
    return queries.invalidateQueries({ queryKey });
  };

  const remove = (user: string) =>
    ask({
      title: t.removeTitle(user, group),
      text: t.removeText,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        await (await iam()).send(new RemoveUserFromGroupCommand({ GroupName: group, UserName: user }));
        await changed(t.removed(user), [user]);
      },
    });

  return (
    <>
      <EntityTable<User>
        variant="container"
        list={members}
        title={t.title}
        trackBy={({ UserName = '' }) => UserName}
        text={({ UserName = '', Path = '' }) => `${UserName} ${Path}`}
        actions={
          <Button variant="primary" disabled={members.pending} onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        }
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          {
            id: 'name',
            header: words.name,
            isRowHeader: true,
            sortingField: 'UserName',
            minWidth: 160,
            cell: ({ UserName = '' }) => (
              <Link href={userHref(UserName)}>
                <span className="long-words">{UserName}</span>
              </Link>
            ),
          },
          {
            id: 'last',
            header: words.lastSignIn,
            sortingComparator: (a, b) => (a.PasswordLastUsed?.getTime() ?? 0) - (b.PasswordLastUsed?.getTime() ?? 0),
            cell: ({ PasswordLastUsed }) => <span title={format.dateTime(PasswordLastUsed, '')}>{format.ago(PasswordLastUsed, words.never)}</span>,
          },
          { id: 'created', header: words.created, cell: ({ CreateDate }) => <span title={format.dateTime(CreateDate)}>{format.ago(CreateDate)}</span> },
          {
            id: 'remove',
            header: words.actions,
            cell: ({ UserName = '' }) => (
              <Button variant="inline-link" ariaLabel={t.removeUser(UserName)} onClick={() => remove(UserName)}>
                {t.remove}
              </Button>
            ),
          },
        ]}
      />
      {dialog}
      {adding && (
        <AddUsers
          group={group}
          already={members.items.map(({ UserName = '' }) => UserName)}
          onClose={() => setAdding(false)}
          onDone={(users) => {
            setAdding(false);
            void changed(t.added(users.length), users);
          }}
        />
      )}
    </>
  );
}

function AddUsers({ group, already, onClose, onDone }: { group: string; already: readonly string[]; onClose: () => void; onDone: (users: string[]) => void }) {
  const t = useMessages(groupMessages).members;
  const { iam } = useClients();
  const [selected, setSelected] = useState<string[]>([]);
  const add = async () => {
    const client = await iam();
    for (const UserName of selected) {
      // oxlint-disable-next-line no-await-in-loop -- changes of one group would wait for each other
      await client.send(new AddUserToGroupCommand({ GroupName: group, UserName }));
    }
    onDone(selected);
  };
  return (
    <FormModal title={`${t.add}: ${group}`} submit={t.addCount(selected.length)} disabled={selected.length === 0} size="large" onSubmit={add} onClose={onClose}>
      <UserPicker title={t.others} without={already} empty={t.noOthers} selected={selected} onSelect={setSelected} />
    </FormModal>
  );
}
