import { useState } from 'react';
import { useMessages } from '../../messages';
import type { FoundUser } from '../api';
import { DirectoryPicker } from '../DirectoryPicker';
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
  return (
    <DirectoryPicker<FoundUser>
      list={useUsers(instance, prefix)}
      title={all.users}
      id={({ UserId }) => UserId}
      name={({ UserName }) => UserName}
      search={{ prefix, onSearch: setPrefix, label: t.find }}
      selected={selected}
      onSelect={onSelect}
      select={t.select}
      disabled={({ Status: status }) => status === 'DISABLED'}
      empty={t.empty}
      columns={[
        { id: 'name', header: t.userName, isRowHeader: true, cell: ({ UserName }) => <span className="long-words">{UserName}</span> },
        { id: 'display', header: t.displayName, cell: ({ DisplayName }) => <span className="long-words">{DisplayName}</span> },
        { id: 'status', header: t.status, cell: ({ Status: status }) => <Status status={status} /> },
      ]}
    />
  );
}
