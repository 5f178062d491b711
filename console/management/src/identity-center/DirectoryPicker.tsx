import type { TableProps } from '@cloudscape-design/components/table';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useMessages } from '../messages';
import { PagedTable } from '../ui/PagedTable';
import type { Paged } from '../ui/usePaged';
import { peopleMessages } from './peopleMessages';

/** Chooses of what the directory has: a list that the server searches, and below it what was chosen. */
export function DirectoryPicker<T>({
  list,
  title,
  id,
  name,
  search,
  selected,
  onSelect,
  select,
  disabled,
  empty,
  columns,
}: {
  list: Paged<T>;
  title: string;
  id: (item: T) => string;
  name: (item: T) => string;
  search: { prefix: string; onSearch: (prefix: string) => void; label: string };
  selected: readonly T[];
  onSelect: (items: T[]) => void;
  /** Says what choosing one is called. */
  select: (name: string) => string;
  /** What cannot be chosen. */
  disabled?: (item: T) => boolean;
  empty: string;
  columns: TableProps.ColumnDefinition<T>[];
}) {
  const { unselect } = useMessages(peopleMessages);
  return (
    <SpaceBetween size="s">
      <PagedTable<T>
        variant="embedded"
        list={list}
        title={title}
        trackBy={id}
        search={search}
        selection={{ selected, onSelect, label: (item) => select(name(item)), ...(disabled && { disabled }) }}
        empty={empty}
        columns={columns}
      />
      <TokenGroup
        limit={10}
        items={selected.map((item) => ({ label: name(item), dismissLabel: unselect(name(item)) }))}
        onDismiss={({ detail }) => onSelect(selected.filter((_, index) => index !== detail.itemIndex))}
      />
    </SpaceBetween>
  );
}
