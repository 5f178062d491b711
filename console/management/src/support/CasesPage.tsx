import { useCollection } from '@cloudscape-design/collection-hooks';
import type { CaseDetails } from '@aws-sdk/client-support';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { usePageTitle } from '../page';
import { FailureAlert } from '../ui/FailureAlert';
import { Nothing } from '../ui/Nothing';
import { CaseStatus } from './CaseStatus';
import { messages } from './messages';
import { useCases } from './useCases';

const PAGE_SIZE = 20;

export function Component() {
  const all = useMessages(messages);
  const t = all.list;
  const format = useFormat();
  const [resolved, setResolved] = useState(true);
  const cases = useCases(resolved);
  usePageTitle(t.title, { contentType: 'table' });

  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount, actions } = useCollection<CaseDetails>(cases.data?.cases ?? [], {
    filtering: {
      filteringFunction: ({ subject = '', displayId = '' }, text) => subject.toLowerCase().includes(text.toLowerCase()) || displayId.includes(text.trim()),
    },
    sorting: {},
    pagination: { pageSize: PAGE_SIZE },
  });

  if (cases.error) return <FailureAlert error={cases.error} onRetry={() => void cases.refetch()} />;
  return (
    <SpaceBetween size="m">
      {cases.data?.more && <Alert type="info">{t.more}</Alert>}
      <Table
        {...collectionProps}
        variant="full-page"
        stickyHeader
        wrapLines
        items={items}
        trackBy="caseId"
        loading={cases.isPending}
        loadingText={t.loading}
        empty={
          <Box textAlign="center">
            {filterProps.filteringText ? (
              <SpaceBetween size="s">
                {t.noMatch}
                <Button onClick={() => actions.setFiltering('')}>{t.showAll}</Button>
              </SpaceBetween>
            ) : (
              <Nothing title={t.empty}>{t.emptyText}</Nothing>
            )}
          </Box>
        }
        header={
          <Header
            variant="h1"
            counter={cases.data && t.count(cases.data.cases.length)}
            actions={
              <Button variant="primary" href="/support/cases/create">
                {all.nav.create}
              </Button>
            }
          >
            {t.title}
          </Header>
        }
        filter={
          <SpaceBetween direction="horizontal" size="xs">
            <TextFilter {...filterProps} filteringPlaceholder={t.find} filteringAriaLabel={t.find} countText={t.matches(filteredItemsCount ?? 0)} />
            <SegmentedControl
              label={t.selectLabel}
              selectedId={resolved ? 'any' : 'open'}
              onChange={({ detail }) => setResolved(detail.selectedId === 'any')}
              options={[
                { id: 'any', text: t.any },
                { id: 'open', text: t.anyOpen },
              ]}
            />
          </SpaceBetween>
        }
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: 'subject',
            header: t.subject,
            isRowHeader: true,
            sortingField: 'subject',
            minWidth: 220,
            cell: ({ displayId, subject }) => (
              <Link href={`/support/cases/${displayId}`}>
                <span className="long-words">{subject}</span>
              </Link>
            ),
          },
          { id: 'id', header: t.id, sortingField: 'displayId', cell: ({ displayId }) => displayId },
          { id: 'status', header: t.status, sortingField: 'status', minWidth: 170, cell: ({ status }) => <CaseStatus status={status} /> },
          {
            id: 'opened',
            header: t.opened,
            sortingField: 'timeCreated',
            cell: ({ timeCreated }) => format.dateTime(timeCreated ? new Date(timeCreated) : undefined),
          },
        ]}
      />
    </SpaceBetween>
  );
}
