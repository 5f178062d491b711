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
import { headings, selectionProps, wideEnough, type Selection, type TableVariant } from './table';
import type { List } from './useList';

const PAGE_SIZE = 50;
/** Of a table within something that goes on below it. */
const EMBEDDED_PAGE_SIZE = 10;

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
  selection?: Selection<T>;
  variant?: TableVariant;
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
  return (
    <Table<T>
      {...collectionProps}
      {...selectionProps(selection, title, words.selectAll)}
      variant={variant}
      stickyHeader={variant === 'full-page'}
      wrapLines
      items={items}
      trackBy={trackBy}
      loading={list.pending}
      loadingText={words.loading}
      columnDefinitions={wideEnough(columns)}
      empty={
        <Box textAlign="center">
          {filtered ? (
            <SpaceBetween size="s">
              <div>{list.more ? words.noMatchYet : words.noMatch}</div>
              <Button onClick={() => table.setFiltering('')}>{words.clear}</Button>
            </SpaceBetween>
          ) : (
            empty
          )}
        </Box>
      }
      header={
        <Header variant={headings[variant]} counter={list.pending ? undefined : `(${list.items.length}${list.more ? '+' : ''})`} description={description} actions={actions}>
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
