import { DisableRegionCommand, EnableRegionCommand, ListRegionsCommand, type Region, type RegionOptStatus } from '@aws-sdk/client-account';
import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../console';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { useConfirmDelete } from '../ui/confirmDelete';
import { FailureAlert } from '../ui/FailureAlert';
import { messages } from './messages';

const INDICATORS: Record<RegionOptStatus, StatusIndicatorProps.Type> = {
  ENABLED_BY_DEFAULT: 'success',
  ENABLED: 'success',
  ENABLING: 'in-progress',
  DISABLING: 'in-progress',
  DISABLED: 'stopped',
};

/** How often a Region that is being enabled or disabled is looked at. */
const POLL_MS = 5_000;

/** Which Regions the account uses. */
export function Regions() {
  const t = useMessages(messages).regions;
  const { account } = useClients();
  const notify = useNotify();
  const confirm = useConfirmDelete();
  const [failure, setFailure] = useState<unknown>(null);
  const regions = useQuery({
    queryKey: ['account', 'regions'],
    queryFn: async ({ signal }) => {
      const client = await account();
      const all: Region[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(new ListRegionsCommand({ MaxResults: 50, NextToken }), { abortSignal: signal });
        all.push(...(page.Regions ?? []));
        NextToken = page.NextToken;
      } while (NextToken);
      return all;
    },
    refetchInterval: ({ state }) => (state.data?.some(({ RegionOptStatus: s }) => s === 'ENABLING' || s === 'DISABLING') ? POLL_MS : false),
  });
  const { items, collectionProps, filterProps, paginationProps } = useCollection(regions.data ?? [], {
    filtering: { noMatch: <Box textAlign="center">{t.empty}</Box>, empty: <Box textAlign="center">{t.empty}</Box> },
    pagination: { pageSize: 10 },
    sorting: { defaultState: { sortingColumn: { sortingField: 'RegionName' } } },
  });

  const enable = async (RegionName: string) => {
    setFailure(null);
    try {
      await (await account()).send(new EnableRegionCommand({ RegionName }));
      notify({ type: 'info', content: t.enabling(RegionName) });
      await regions.refetch();
    } catch (error) {
      setFailure(error);
    }
  };
  const disable = (RegionName: string) =>
    confirm.ask({
      title: t.disableTitle(RegionName),
      text: t.disableText,
      button: t.disable,
      reversible: true,
      onConfirm: async () => {
        await (await account()).send(new DisableRegionCommand({ RegionName }));
        notify({ type: 'info', content: t.disabling(RegionName) });
        await regions.refetch();
      },
    });

  return (
    <div id="regions">
      {failure !== null && <FailureAlert error={failure} />}
      <Table
        {...collectionProps}
        variant="container"
        items={items}
        trackBy="RegionName"
        loading={regions.isLoading}
        loadingText={t.loading}
        enableKeyboardNavigation
        header={
          <Header variant="h2" description={t.description} counter={regions.data && `(${regions.data.length})`}>
            {t.title}
          </Header>
        }
        filter={
          <TextFilter {...filterProps} filteringPlaceholder={t.filter} filteringAriaLabel={t.filter} filteringClearAriaLabel={t.clear} />
        }
        pagination={<Pagination {...paginationProps} />}
        empty={regions.error ? <FailureAlert error={regions.error} onRetry={() => void regions.refetch()} /> : collectionProps.empty}
        columnDefinitions={[
          { id: 'region', header: t.region, sortingField: 'RegionName', isRowHeader: true, cell: ({ RegionName }) => RegionName },
          {
            id: 'status',
            header: t.status,
            sortingField: 'RegionOptStatus',
            cell: ({ RegionOptStatus: s = 'DISABLED' }) => <StatusIndicator type={INDICATORS[s]}>{t.statuses[s]}</StatusIndicator>,
          },
          {
            id: 'actions',
            header: t.actions,
            cell: ({ RegionName = '', RegionOptStatus: s }) => {
              if (s === 'DISABLED') {
                return (
                  <Button variant="inline-link" ariaLabel={t.enableOf(RegionName)} onClick={() => void enable(RegionName)}>
                    {t.enable}
                  </Button>
                );
              }
              if (s !== 'ENABLED') return null;
              return (
                <Button variant="inline-link" ariaLabel={t.disableOf(RegionName)} onClick={() => disable(RegionName)}>
                  {t.disable}
                </Button>
              );
            },
          },
        ]}
      />
      {confirm.dialog}
    </div>
  );
}
