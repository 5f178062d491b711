import { AddRegionCommand, ListRegionsCommand, RemoveRegionCommand, type RegionMetadata } from '@aws-sdk/client-sso-admin';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients, useSession } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FormModal } from '../../ui/FormModal';
import { wholeList } from '../../ui/useList';
import { allPages } from '../../sdk/allPages';
import type { Instance } from '../enable/WithInstance';
import { managementMessages } from './managementMessages';

/** While a Region is being added or removed. */
const ASK_AGAIN_MS = 3_000;

/** Where the instance's data is (behaviours.md 6.1). */
export function RegionsTab({ instance }: { instance: Instance }) {
  const t = useMessages(managementMessages).regions;
  const format = useFormat();
  const { regions: served } = useSession();
  const { ssoAdmin } = useClients();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [adding, setAdding] = useState(false);
  const query = useQuery({
    queryKey: ['singlesignon', 'regions', instance.arn],
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      return allPages(
        (NextToken) => client.send(new ListRegionsCommand({ InstanceArn: instance.arn, NextToken }), { abortSignal: signal }),
        ({ Regions }) => Regions,
      );
    },
    refetchInterval: ({ state }) => (state.data?.some(({ Status }) => Status !== 'ACTIVE') ? ASK_AGAIN_MS : false),
  });
  const free = served.filter((region) => !query.data?.some(({ RegionName }) => RegionName === region));

  const remove = (RegionName: string) =>
    ask({
      title: t.removeTitle(RegionName),
      text: t.removeText,
      confirmText: RegionName,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new RemoveRegionCommand({ InstanceArn: instance.arn, RegionName }));
        notify({ type: 'success', content: t.removeStarted(RegionName) });
        await query.refetch();
      },
    });

  return (
    <>
      <EntityTable<RegionMetadata>
        variant="container"
        list={wholeList(query)}
        title={t.title}
        description={t.text}
        trackBy={({ RegionName = '' }) => RegionName}
        text={({ RegionName = '' }) => RegionName}
        empty="–"
        actions={
          <Button disabled={!query.data || free.length === 0} {...(query.data && free.length === 0 && { disabledReason: t.all })} onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        }
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            cell: ({ RegionName, IsPrimaryRegion }) => (
              <SpaceBetween direction="horizontal" size="xs">
                <span>{RegionName}</span>
                {IsPrimaryRegion && <Badge color="blue">{t.primary}</Badge>}
              </SpaceBetween>
            ),
          },
          {
            id: 'status',
            header: t.status,
            cell: ({ Status = 'ACTIVE' }) => <StatusIndicator type={Status === 'ACTIVE' ? 'success' : 'in-progress'}>{t.statuses[Status]}</StatusIndicator>,
          },
          { id: 'added', header: t.added, cell: ({ AddedDate }) => format.dateTime(AddedDate) },
          {
            id: 'actions',
            header: '',
            cell: ({ RegionName = '', IsPrimaryRegion, Status }) =>
              !IsPrimaryRegion && (
                <Button variant="inline-link" disabled={Status !== 'ACTIVE'} ariaLabel={`${t.remove}: ${RegionName}`} onClick={() => remove(RegionName)}>
                  {t.remove}
                </Button>
              ),
          },
        ]}
      />
      {dialog}
      {adding && (
        <Add
          instance={instance}
          free={free}
          onClose={() => setAdding(false)}
          onAdded={(region) => {
            setAdding(false);
            notify({ type: 'success', content: t.addStarted(region) });
            void query.refetch();
          }}
        />
      )}
    </>
  );
}

function Add({ instance, free, onAdded, onClose }: { instance: Instance; free: readonly string[]; onAdded: (region: string) => void; onClose: () => void }) {
  const t = useMessages(managementMessages).regions;
  const { ssoAdmin } = useClients();
  const [region, setRegion] = useState('');
  const [tried, setTried] = useState(false);
  const add = async () => {
    setTried(true);
    if (!region) return false;
    await (await ssoAdmin()).send(new AddRegionCommand({ InstanceArn: instance.arn, RegionName: region }));
    onAdded(region);
    return undefined;
  };
  return (
    <FormModal title={t.add} submit={t.add} onSubmit={add} onClose={onClose}>
      <FormField label={t.name} errorText={tried && !region && t.choose}>
        <Select
          placeholder={t.choose}
          selectedOption={region ? { value: region, label: region } : null}
          options={free.map((value) => ({ value, label: value }))}
          onChange={({ detail }) => setRegion(detail.selectedOption.value ?? '')}
        />
      </FormField>
    </FormModal>
  );
}
