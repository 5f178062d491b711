import { AddUserToGroupCommand, RemoveUserFromGroupCommand, type Group } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FormModal } from '../../ui/FormModal';
import { Nothing } from '../../ui/Nothing';
import { GroupPolicies } from '../groups/GroupFacts';
import { groupHref, useGroups } from '../groups/groups';
import { groupMessages } from '../groups/messages';
import { wholeList } from '../../ui/useList';
import { userMessages } from './messages';
import { userGroupsKey, useUserGroups } from './useUserGroups';

/** The groups that a user is in, to be joined and left (C-21). */
export function UserGroups({ user }: { user: string }) {
  const all = useMessages(userMessages);
  const t = all.groups;
  const words = useMessages(groupMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [adding, setAdding] = useState(false);
  const groups = useUserGroups(user);
  const changed = (text: string) => {
    notify({ type: 'success', content: text });
    void queries.invalidateQueries({ queryKey: ['iam', 'group-size'] });
    return queries.invalidateQueries({ queryKey: userGroupsKey(user) });
  };

  const remove = (group: string) =>
    ask({
      title: t.removeTitle(user, group),
      text: t.removeText,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        await (await iam()).send(new RemoveUserFromGroupCommand({ UserName: user, GroupName: group }));
        await changed(t.removed(group));
      },
    });

  return (
    <>
      <EntityTable<Group>
        variant="container"
        list={wholeList(groups)}
        title={t.title}
        description={t.text}
        trackBy={({ GroupName = '' }) => GroupName}
        text={({ GroupName = '' }) => GroupName}
        actions={
          <Button variant="primary" disabled={!groups.data} onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        }
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          {
            id: 'name',
            header: words.name,
            isRowHeader: true,
            sortingField: 'GroupName',
            minWidth: 160,
            cell: ({ GroupName = '' }) => (
              <Link href={groupHref(GroupName)}>
                <span className="long-words">{GroupName}</span>
              </Link>
            ),
          },
          { id: 'policies', header: words.policies, minWidth: 160, cell: ({ GroupName = '' }) => <GroupPolicies group={GroupName} /> },
          {
            id: 'remove',
            header: all.actions,
            cell: ({ GroupName = '' }) => (
              <Button variant="inline-link" ariaLabel={t.removeFrom(GroupName)} onClick={() => remove(GroupName)}>
                {t.remove}
              </Button>
            ),
          },
        ]}
      />
      {dialog}
      {adding && (
        <AddToGroups
          user={user}
          already={(groups.data ?? []).map(({ GroupName = '' }) => GroupName)}
          onClose={() => setAdding(false)}
          onDone={(n) => {
            setAdding(false);
            void changed(t.added(n));
          }}
        />
      )}
    </>
  );
}

function AddToGroups({ user, already, onClose, onDone }: { user: string; already: readonly string[]; onClose: () => void; onDone: (added: number) => void }) {
  const t = useMessages(userMessages).groups;
  const words = useMessages(groupMessages);
  const { iam } = useClients();
  const groups = useGroups();
  const [selected, setSelected] = useState<Group[]>([]);
  const add = async () => {
    const client = await iam();
    for (const { GroupName } of selected) {
      // oxlint-disable-next-line no-await-in-loop -- changes of one user would wait for each other
      await client.send(new AddUserToGroupCommand({ UserName: user, GroupName }));
    }
    onDone(selected.length);
  };
  return (
    <FormModal title={`${t.add}: ${user}`} submit={t.addCount(selected.length)} disabled={selected.length === 0} size="large" onSubmit={add} onClose={onClose}>
      <EntityTable<Group>
        variant="embedded"
        list={{ ...groups, items: groups.items.filter(({ GroupName = '' }) => !already.includes(GroupName)) }}
        title={t.others}
        trackBy={({ GroupName = '' }) => GroupName}
        text={({ GroupName = '' }) => GroupName}
        selection={{ selected, onSelect: setSelected, label: ({ GroupName = '' }) => words.select(GroupName) }}
        empty={t.noOthers}
        columns={[
          { id: 'name', header: words.name, isRowHeader: true, sortingField: 'GroupName', minWidth: 160, cell: ({ GroupName }) => <span className="long-words">{GroupName}</span> },
          { id: 'policies', header: words.policies, minWidth: 160, cell: ({ GroupName = '' }) => <GroupPolicies group={GroupName} /> },
        ]}
      />
    </FormModal>
  );
}
