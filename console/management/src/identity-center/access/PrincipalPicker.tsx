import type { PrincipalType } from '@aws-sdk/client-sso-admin';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Tabs from '@cloudscape-design/components/tabs';
import TextFilter from '@cloudscape-design/components/text-filter';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { messages as uiMessages } from '../../ui/messages';
import { accessMessages } from '../accessMessages';
import type { Instance } from '../enable/WithInstance';
import { principalKey, usePrincipalSearch, type Principal } from './principals';

/** Shown at a time; the server gives more at once. */
const PAGE_SIZE = 10;

/** Users and groups to choose from, a tab for each, and below them who was chosen (G-41). */
export function PrincipalPicker({ instance, selected, onSelect }: { instance: Instance; selected: readonly Principal[]; onSelect: (principals: Principal[]) => void }) {
  const t = useMessages(accessMessages).principal;
  const count = (type: PrincipalType) => selected.filter((p) => p.type === type).length;
  const label = (text: string, type: PrincipalType) => (count(type) > 0 ? `${text} (${count(type)})` : text);
  return (
    <SpaceBetween size="m">
      <Tabs
        tabs={(['USER', 'GROUP'] as const).map((type) => ({
          id: type,
          label: label(type === 'USER' ? t.users : t.groups, type),
          content: (
            <PrincipalTable
              key={type}
              instance={instance}
              type={type}
              selected={selected.filter((p) => p.type === type)}
              onSelect={(chosen) => onSelect([...selected.filter((p) => p.type !== type), ...chosen])}
            />
          ),
        }))}
      />
      {selected.length > 0 && (
        <TokenGroup
          limit={20}
          items={selected.map((p) => ({ label: p.name, description: t[p.type], dismissLabel: t.unselect(p.name) }))}
          onDismiss={({ detail }) => onSelect(selected.filter((_, i) => i !== detail.itemIndex))}
        />
      )}
    </SpaceBetween>
  );
}

function PrincipalTable({ instance, type, selected, onSelect }: { instance: Instance; type: PrincipalType; selected: Principal[]; onSelect: (principals: Principal[]) => void }) {
  const t = useMessages(accessMessages);
  const table = useMessages(uiMessages).table;
  const [typed, setTyped] = useState('');
  const [prefix, setPrefix] = useState('');
  const [page, setPage] = useState(1);
  const list = usePrincipalSearch(instance, type, prefix);
  const user = type === 'USER';
  const title = user ? t.principal.users : t.principal.groups;
  const find = user ? t.principal.findUser : t.principal.findGroup;
  const pages = Math.max(1, Math.ceil(list.items.length / PAGE_SIZE));
  if (list.error && list.items.length === 0) return <FailureAlert error={list.error} onRetry={list.refetch} />;
  return (
    <Table<Principal>
      variant="embedded"
      wrapLines
      trackBy={principalKey}
      items={list.items.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)}
      loading={list.pending || (list.fetching && page > pages)}
      loadingText={table.loading}
      selectionType="multi"
      selectedItems={selected}
      onSelectionChange={({ detail }) => onSelect(detail.selectedItems)}
      ariaLabels={{ selectionGroupLabel: title, allItemsSelectionLabel: () => table.selectAll, itemSelectionLabel: (_, { name }) => t.principal.select(name) }}
      header={
        <Header variant="h3" counter={selected.length > 0 ? `(${t.principal.selected(selected.length)})` : undefined}>
          {title}
        </Header>
      }
      filter={
        <TextFilter
          filteringText={typed}
          filteringPlaceholder={find}
          filteringAriaLabel={find}
          onChange={({ detail }) => setTyped(detail.filteringText)}
          onDelayedChange={({ detail }) => {
            setPrefix(detail.filteringText.trim());
            setPage(1);
          }}
        />
      }
      empty={<Box textAlign="center">{prefix ? table.noMatch : user ? t.principal.noUsers : t.principal.noGroups}</Box>}
      columnDefinitions={[
        { id: 'name', header: user ? t.principal.userName : t.principal.groupName, isRowHeader: true, minWidth: 160, cell: ({ name }) => <span className="long-words">{name}</span> },
        { id: 'detail', header: user ? t.principal.displayName : t.description, minWidth: 160, cell: ({ detail }) => <span className="long-words">{detail || '–'}</span> },
      ]}
      pagination={
        (pages > 1 || list.more) && (
          <Pagination
            currentPageIndex={page}
            pagesCount={pages}
            openEnd={list.more}
            disabled={list.fetching}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
            onNextPageClick={({ detail }) => {
              if (!detail.requestedPageAvailable) list.fetchMore();
            }}
          />
        )
      }
    />
  );
}
