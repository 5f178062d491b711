import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { PagedTable } from '../../ui/PagedTable';
import type { FoundGroup } from '../api';
import type { Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { groupMessages } from './messages';
import { useGroups } from './useGroups';

/** Chooses groups of the directory. */
export function GroupPicker({ instance, selected, onSelect }: { instance: Instance; selected: readonly FoundGroup[]; onSelect: (groups: FoundGroup[]) => void }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(groupMessages);
  const [prefix, setPrefix] = useState('');
  const list = useGroups(instance, prefix);
  return (
    <SpaceBetween size="s">
      <PagedTable<FoundGroup>
        variant="embedded"
        list={list}
        title={all.groups}
        trackBy={({ GroupId }) => GroupId}
        search={{ prefix, onSearch: setPrefix, label: t.find }}
        selection={{ selected, onSelect, label: ({ DisplayName }) => t.select(DisplayName) }}
        empty={t.none}
        columns={[
          { id: 'name', header: t.name, isRowHeader: true, cell: ({ DisplayName }) => <span className="long-words">{DisplayName}</span> },
          { id: 'description', header: t.description, cell: ({ Description }) => <span className="long-words">{Description || '–'}</span> },
        ]}
      />
      <TokenGroup
        limit={10}
        items={selected.map(({ DisplayName }) => ({ label: DisplayName, dismissLabel: all.unselect(DisplayName) }))}
        onDismiss={({ detail }) => onSelect(selected.filter((_, index) => index !== detail.itemIndex))}
      />
    </SpaceBetween>
  );
}
