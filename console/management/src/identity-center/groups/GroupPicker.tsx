import { useState } from 'react';
import { useMessages } from '../../messages';
import type { FoundGroup } from '../api';
import { DirectoryPicker } from '../DirectoryPicker';
import type { Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { groupMessages } from './messages';
import { useGroups } from './useGroups';

/** Chooses groups of the directory. */
export function GroupPicker({ instance, selected, onSelect }: { instance: Instance; selected: readonly FoundGroup[]; onSelect: (groups: FoundGroup[]) => void }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(groupMessages);
  const [prefix, setPrefix] = useState('');
  return (
    <DirectoryPicker<FoundGroup>
      list={useGroups(instance, prefix)}
      title={all.groups}
      id={({ GroupId }) => GroupId}
      name={({ DisplayName }) => DisplayName}
      search={{ prefix, onSearch: setPrefix, label: t.find }}
      selected={selected}
      onSelect={onSelect}
      select={t.select}
      empty={t.none}
      columns={[
        { id: 'name', header: t.name, isRowHeader: true, cell: ({ DisplayName }) => <span className="long-words">{DisplayName}</span> },
        { id: 'description', header: t.description, cell: ({ Description }) => <span className="long-words">{Description || '–'}</span> },
      ]}
    />
  );
}
