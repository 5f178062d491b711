import type { Account, Organization } from '@aws-sdk/client-organizations';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useAccounts } from '../../ui/accountTree/search';
import { FailureAlert } from '../../ui/FailureAlert';
import { AccountStateLabel } from '../AccountStateLabel';
import { messages } from '../messages';
import { paths } from '../paths';
import { accountsMessages } from './messages';

const PAGE_SIZE = 50;

/** All accounts in one list, without their places. */
export function AccountsList({ organization }: { organization: Organization }) {
  const all = useMessages(messages);
  const t = useMessages(accountsMessages);
  const format = useFormat();
  const [typed, setTyped] = useState('');
  const [words, setWords] = useState('');
  const [page, setPage] = useState(1);
  // One more than is shown tells whether there is a next page.
  const search = useAccounts(words, page * PAGE_SIZE + 1);
  const { items: accounts, more, pending, searching, error } = search;
  const pages = Math.max(1, Math.ceil(accounts.length / PAGE_SIZE));
  const shown = accounts.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);

  if (error && accounts.length === 0) return <FailureAlert error={error} onRetry={search.refetch} />;
  return (
    <Table<Account>
      variant="container"
      items={shown}
      trackBy="Id"
      wrapLines
      loading={pending || (searching && shown.length === 0)}
      loadingText={words ? t.searching : all.loading}
      header={
        <Header variant="h2" counter={pending ? undefined : `(${accounts.length}${more ? '+' : ''})`}>
          {t.title}
        </Header>
      }
      filter={
        <TextFilter
          filteringText={typed}
          filteringPlaceholder={t.searchLabel}
          filteringAriaLabel={t.searchLabel}
          countText={searching ? t.searching : `${t.found(accounts.length)}${more ? '+' : ''}`}
          onChange={({ detail }) => setTyped(detail.filteringText)}
          onDelayedChange={({ detail }) => {
            setWords(detail.filteringText.trim());
            setPage(1);
          }}
        />
      }
      pagination={
        (pages > 1 || more) && (
          <Pagination currentPageIndex={page} pagesCount={pages} openEnd={more} disabled={searching} onChange={({ detail }) => setPage(detail.currentPageIndex)} />
        )
      }
      empty={<Box textAlign="center">{t.noAccounts}</Box>}
      columnDefinitions={[
        {
          id: 'name',
          header: t.name,
          isRowHeader: true,
          minWidth: 200,
          cell: ({ Id = '', Name = '' }) => (
            <>
              <Link href={paths.account(Id)}>{Name}</Link> {Id === organization.MasterAccountId && <Badge color="blue">{all.management}</Badge>}
            </>
          ),
        },
        { id: 'id', header: t.id, minWidth: 130, cell: ({ Id }) => Id },
        { id: 'email', header: t.email, minWidth: 170, cell: ({ Email = '' }) => <span className="long-words">{Email}</span> },
        { id: 'state', header: t.state, minWidth: 130, cell: (account) => <AccountStateLabel account={account} /> },
        { id: 'joined', header: t.joined, minWidth: 130, cell: ({ JoinedTimestamp }) => format.date(JoinedTimestamp) },
      ]}
    />
  );
}
