import type { Group } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { Nothing } from '../../ui/Nothing';
import { GroupPolicies, GroupSize } from './GroupFacts';
import { deleteGroup, groupHref, useGroups } from './groups';
import { groupMessages } from './messages';

/** The account's user groups (C-21). */
export function Component() {
  const t = useMessages(groupMessages);
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [selected, setSelected] = useState<Group[]>([]);
  const groups = useGroups();
  usePageTitle(t.title, { contentType: 'table' });

  const remove = ({ GroupName = '' }: Group) =>
    ask({
      title: t.deleteTitle(GroupName),
      text: t.deleteText,
      confirmText: GroupName,
      onConfirm: async () => {
        await deleteGroup(await iam(), GroupName);
        notify({ type: 'success', content: t.deleted(GroupName) });
        setSelected([]);
        await queries.invalidateQueries({ queryKey: ['iam', 'groups'] });
      },
    });

  return (
    <>
      <EntityTable<Group>
        list={groups}
        title={t.title}
        description={t.text}
        trackBy={({ GroupName = '' }) => GroupName}
        text={({ GroupName = '' }) => GroupName}
        selection={{ selected, onSelect: setSelected, type: 'single', label: ({ GroupName = '' }) => t.select(GroupName) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => selected[0] && remove(selected[0])}>
              {t.delete}
            </Button>
            <Button variant="primary" href="/iam/groups/create">
              {t.create}
            </Button>
          </SpaceBetween>
        }
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            sortingField: 'GroupName',
            minWidth: 180,
            cell: ({ GroupName = '' }) => (
              <Link href={groupHref(GroupName)}>
                <span className="long-words">{GroupName}</span>
              </Link>
            ),
          },
          { id: 'users', header: t.users, cell: ({ GroupName = '' }) => <GroupSize group={GroupName} /> },
          { id: 'policies', header: t.policies, minWidth: 160, cell: ({ GroupName = '' }) => <GroupPolicies group={GroupName} /> },
          {
            id: 'created',
            header: t.created,
            sortingComparator: (a, b) => (a.CreateDate?.getTime() ?? 0) - (b.CreateDate?.getTime() ?? 0),
            cell: ({ CreateDate }) => <span title={format.dateTime(CreateDate)}>{format.ago(CreateDate)}</span>,
          },
        ]}
      />
      {dialog}
    </>
  );
}
