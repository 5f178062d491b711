import TokenGroup from '@cloudscape-design/components/token-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { PagedTable } from '../../ui/PagedTable';
import type { FoundUser } from '../api';
import type { Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { userMessages } from './messages';
import { Status } from './Status';
import { useUsers } from './useUsers';

/** Chooses people of the directory. Who is disabled cannot be added to groups (behaviours.md 6.5). */
export function UserPicker({ instance, selected, onSelect }: { instance: Instance; selected: readonly FoundUser[]; onSelect: (users: FoundUser[]) => void }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(userMessages);
  const [prefix, setPrefix] = useState('');
  const list = useUsers(instance, prefix);
  return (
    <SpaceBetween size="s">
      <PagedTable<FoundUser>
        variant="embedded"
        list={list}
        title={all.users}
        trackBy={({ UserId }) => UserId}
        search={{ prefix, onSearch: setPrefix, label: t.find }}
        selection={{ selected, onSelect, label: ({ UserName }) => t.select(UserName), disabled: ({ Status: status }) => status === 'DISABLED' }}
        empty={t.empty}
        columns={[
          { id: 'name', header: t.userName, isRowHeader: true, cell: ({ UserName }) => <span className="long-words">{UserName}</span> },
          { id: 'display', header: t.displayName, cell: ({ DisplayName }) => <span className="long-words">{DisplayName}</span> },
          { id: 'status', header: t.status, cell: ({ Status: status }) => <Status status={status} /> },
        ]}
      />
      <TokenGroup
        limit={10}
        items={selected.map(({ UserName }) => ({ label: UserName, dismissLabel: all.unselect(UserName) }))}
        onDismiss={({ detail }) => onSelect(selected.filter((_, index) => index !== detail.itemIndex))}
      />
    </SpaceBetween>
  );
}
