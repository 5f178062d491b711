import type { Account } from '@aws-sdk/client-organizations';
import Box from '@cloudscape-design/components/box';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useMessages } from '../../messages';
import type { FoundAccounts } from '../../ui/accountTree/search';
import { FailureAlert } from '../../ui/FailureAlert';
import { AccountName, AccountState } from './AccountCells';
import { accountMessages } from './messages';

const PAGE_SIZE = 20;

/** The accounts without the units that they are in: all of them, or those that were found. */
export function AccountList({
  owner,
  accounts,
  searched,
  selected,
  onSelect,
}: {
  owner: string;
  accounts: FoundAccounts;
  /** Whether something was searched for. */
  searched: boolean;
  selected: ReadonlyMap<string, Account>;
  onSelect: (accounts: readonly Account[]) => void;
}) {
  const t = useMessages(accountMessages);
  const [page, setPage] = useState(1);
  if (accounts.error && accounts.items.length === 0) return <FailureAlert error={accounts.error} onRetry={accounts.refetch} />;
  const pages = Math.max(1, Math.ceil(accounts.items.length / PAGE_SIZE));
  const shown = Math.min(page, accounts.more ? pages + 1 : pages);
  const items = accounts.items.slice((shown - 1) * PAGE_SIZE, shown * PAGE_SIZE);
  return (
    <Table<Account>
      wrapLines
      trackBy={({ Id = '' }) => Id}
      items={items}
      loading={accounts.pending || (items.length === 0 && accounts.fetching)}
      loadingText={searched ? t.searching : t.loading}
      selectionType="multi"
      selectedItems={[...selected.values()]}
      onSelectionChange={({ detail }) => onSelect(detail.selectedItems)}
      ariaLabels={{ tableLabel: t.title, selectionGroupLabel: t.title, allItemsSelectionLabel: () => t.title, itemSelectionLabel: (_, { Name, Id = '' }) => t.select(Name || Id) }}
      empty={<Box textAlign="center">{searched ? t.noMatch : t.none}</Box>}
      pagination={
        (pages > 1 || accounts.more) && (
          <Pagination
            currentPageIndex={shown}
            pagesCount={pages}
            openEnd={accounts.more}
            disabled={accounts.fetching && !searched}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
            onNextPageClick={({ detail }) => {
              if (!detail.requestedPageAvailable) accounts.fetchMore();
            }}
          />
        )
      }
      columnDefinitions={[
        { id: 'name', header: t.name, isRowHeader: true, minWidth: 220, cell: (account) => <AccountName account={account} management={account.Id === owner} /> },
        { id: 'id', header: t.id, minWidth: 140, cell: ({ Id }) => Id },
        { id: 'email', header: t.email, minWidth: 180, cell: ({ Email }) => <span className="long-words">{Email}</span> },
        { id: 'status', header: t.status, minWidth: 130, cell: (account) => <AccountState account={account} /> },
      ]}
    />
  );
}
