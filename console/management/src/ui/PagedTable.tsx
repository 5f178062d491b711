import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState, type ReactNode } from 'react';
import { useMessages } from '../messages';
import { FailureAlert } from './FailureAlert';
import { messages } from './messages';
import { headings, selectionProps, wideEnough, type Selection, type TableVariant } from './table';
import type { Paged } from './usePaged';

/** A table of a list that the server searches and pages. */
export function PagedTable<T>({
  list,
  columns,
  title,
  description,
  trackBy,
  search,
  actions,
  empty,
  selection,
  variant = 'full-page',
}: {
  list: Paged<T>;
  columns: TableProps.ColumnDefinition<T>[];
  title: string;
  description?: ReactNode;
  trackBy: (item: T) => string;
  /** Where the server can search: the prefix that is shown, and what is told of another once the person pauses. */
  search?: { prefix: string; onSearch: (prefix: string) => void; label: string };
  actions?: ReactNode;
  /** Said when there is nothing at all, with what one could do about it. */
  empty: ReactNode;
  selection?: Selection<T>;
  variant?: TableVariant;
}) {
  const t = useMessages(messages).table;
  const [typed, setTyped] = useState(search?.prefix ?? '');
  const heading = headings[variant];
  const refresh = <Button iconName="refresh" ariaLabel={t.refresh} loading={list.fetching && !list.pending} onClick={list.refetch} />;
  if (list.error) {
    return (
      <SpaceBetween size="m">
        <Header variant={heading}>{title}</Header>
        <FailureAlert error={list.error} onRetry={list.refetch} />
      </SpaceBetween>
    );
  }
  return (
    <Table<T>
      variant={variant}
      wrapLines
      items={list.items}
      trackBy={trackBy}
      loading={list.pending}
      loadingText={t.loading}
      columnDefinitions={wideEnough(columns)}
      {...selectionProps(selection, title, t.selectPage)}
      empty={
        <Box textAlign="center">
          {search?.prefix ? (
            <SpaceBetween size="s">
              <div>{t.noneBegins}</div>
              <Button
                onClick={() => {
                  setTyped('');
                  search.onSearch('');
                }}
              >
                {t.clear}
              </Button>
            </SpaceBetween>
          ) : (
            empty
          )}
        </Box>
      }
      header={
        <Header
          variant={heading}
          description={description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {refresh}
              {actions}
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
      filter={
        search && (
          <TextFilter
            filteringText={typed}
            filteringPlaceholder={search.label}
            filteringAriaLabel={search.label}
            filteringClearAriaLabel={t.clear}
            onChange={({ detail }) => setTyped(detail.filteringText)}
            onDelayedChange={({ detail }) => search.onSearch(detail.filteringText.trim())}
          />
        )
      }
      pagination={
        (list.pages > 1 || list.more) && (
          <Pagination currentPageIndex={list.page} pagesCount={list.pages} openEnd={list.more} disabled={list.fetching} onChange={({ detail }) => list.goTo(detail.currentPageIndex)} />
        )
      }
    />
  );
}
