import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { ReactNode } from 'react';
import { useMessages } from '../messages';
import { FailureAlert } from './FailureAlert';
import { messages } from './messages';
import type { List } from './useList';

const PAGE_SIZE = 50;
/** Of a table within something that goes on below it. */
const EMBEDDED_PAGE_SIZE = 10;
/** In pixels. Narrow windows scroll a table sideways, rather than write headers letter by letter. */
const COLUMN_WIDTH = 130;

/**
 * A table of a list: filter, sorting and pages over what was fetched, and the
 * next page of the server behind the last of them.
 */
export function EntityTable<T>({
  list,
  columns,
  title,
  description,
  trackBy,
  text,
  actions,
  empty,
  filters,
  selection,
  variant = 'full-page',
}: {
  list: List<T>;
  columns: TableProps.ColumnDefinition<T>[];
  title: string;
  description?: ReactNode;
  trackBy: (item: T) => string;
  /** By which the text filter finds an item. */
  text: (item: T) => string;
  actions?: ReactNode;
  /** Said when there is nothing at all, with what one could do about it. */
  empty: ReactNode;
  /** Further filters, beside the text. */
  filters?: ReactNode;
  /** Makes rows selectable, for wizards that pick several. */
  selection?: { selected: readonly T[]; onSelect: (items: T[]) => void; type?: 'single' | 'multi'; label: (item: T) => string };
  /** 'full-page' for a page's own table, 'container' for one among others on a page. */
  variant?: 'full-page' | 'container' | 'embedded';
}) {
  const words = useMessages(messages).table;
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount, actions: table } = useCollection<T>(list.items, {
    filtering: { filteringFunction: (item, typed) => text(item).toLowerCase().includes(typed.trim().toLowerCase()) },
    sorting: {},
    pagination: { pageSize: variant === 'embedded' ? EMBEDDED_PAGE_SIZE : PAGE_SIZE },
  });
  if (list.error && list.items.length === 0) {
    return (
      <SpaceBetween size="m">
        {variant === 'full-page' && <Header variant="h1">{title}</Header>}
        <FailureAlert error={list.error} onRetry={list.refetch} />
      </SpaceBetween>
    );
  }
  const filtered = filterProps.filteringText !== '';
  const heading = variant === 'full-page' ? 'h1' : variant === 'container' ? 'h2' : 'h3';
  return (
    <Table<T>
      {...collectionProps}
      {...(selection && {
        selectionType: selection.type ?? 'multi',
        selectedItems: [...selection.selected],
        onSelectionChange: ({ detail }) => selection.onSelect(detail.selectedItems),
        ariaLabels: {
          selectionGroupLabel: title,
          allItemsSelectionLabel: () => words.selectAll,
          itemSelectionLabel: (_, item) => selection.label(item),
        },
      })}
      variant={variant}
      stickyHeader={variant === 'full-page'}
      wrapLines
      items={items}
      trackBy={trackBy}
      loading={list.pending}
      loadingText={words.loading}
      columnDefinitions={columns.map((column) => ({ minWidth: COLUMN_WIDTH, ...column }))}
      empty={
        <Box textAlign="center">
          {filtered ? (
            <SpaceBetween size="s">
              {list.more ? words.noMatchYet : words.noMatch}
              <Button onClick={() => table.setFiltering('')}>{words.clear}</Button>
            </SpaceBetween>
          ) : (
            empty
          )}
        </Box>
      }
      header={
        <Header variant={heading} counter={list.pending ? undefined : `(${list.items.length}${list.more ? '+' : ''})`} description={description} actions={actions}>
          {title}
        </Header>
      }
      filter={
        (list.items.length > 0 || filters !== undefined) && (
          <SpaceBetween direction="horizontal" size="xs">
            <TextFilter {...filterProps} filteringPlaceholder={words.find} filteringAriaLabel={words.find} countText={words.matches(filteredItemsCount ?? 0)} />
            {filters}
          </SpaceBetween>
        )
      }
      pagination={
        (list.more || (paginationProps.pagesCount ?? 1) > 1) && (
          <Pagination
            {...paginationProps}
            openEnd={list.more}
            onNextPageClick={({ detail }) => {
              // The page behind the last one that is here is the server's to give.
              if (!detail.requestedPageAvailable) list.fetchMore();
            }}
            disabled={list.fetching}
          />
        )
      }
    />
  );
}
