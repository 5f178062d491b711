import { ListAccountsForProvisionedPermissionSetCommand, type ProvisioningStatus } from '@aws-sdk/client-sso-admin';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { describeAccount } from '../../ui/accountTree/search';
import { EntityTable } from '../../ui/EntityTable';
import { useList } from '../../ui/useList';
import type { Instance } from '../enable/WithInstance';
import type { DescribedSet } from '../access/permissionSets';
import { provisionWork, type ProvisionWork } from '../access/provisioning';
import { useWorks } from '../access/useWorks';
import { WorksProgress } from '../access/WorksProgress';
import { accountHref } from '../accounts/AccountCells';
import { accessMessages } from '../accessMessages';
import { setMessages } from './messages';
import { accountsOfSetKey, type Provisioning } from './useProvisioning';

interface Row {
  id: string;
  current: boolean;
}

/** Those behind come first, for they are what there is to do. */
const order: readonly ProvisioningStatus[] = ['LATEST_PERMISSION_SET_NOT_PROVISIONED', 'LATEST_PERMISSION_SET_PROVISIONED'];

/** The accounts that have the set, and whether they have it as it is now. */
export function SetAccounts({ instance, set, provisioning }: { instance: Instance; set: DescribedSet; provisioning: Provisioning }) {
  const words = useMessages(accessMessages);
  const t = useMessages(setMessages).accounts;
  const queries = useQueryClient();
  const { ssoAdmin } = useClients();
  const arn = set.PermissionSetArn;
  const [selected, setSelected] = useState<Row[]>([]);
  const [open, setOpen] = useState(false);
  const works = useWorks<ProvisionWork>();
  // A marker is the list that is read, 0 or 1, and where to go on in it.
  const list = useList<Row>(accountsOfSetKey(arn), async (marker = '0', abortSignal) => {
    const at = Number(marker[0]);
    const page = await (await ssoAdmin()).send(
      new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn: instance.arn, PermissionSetArn: arn, ProvisioningStatus: order[at], NextToken: marker.slice(1) || undefined, MaxResults: 100 }),
      { abortSignal },
    );
    return {
      items: (page.AccountIds ?? []).map((id) => ({ id, current: at === 1 })),
      marker: page.NextToken ? `${at}${page.NextToken}` : at === 0 ? '1' : undefined,
    };
  });
  // The first list is often empty: then the second is what there is to see.
  const { items, more, fetching, error, fetchMore } = list;
  useEffect(() => {
    if (items.length === 0 && more && !fetching && !error) fetchMore();
  });
  const over = open && works.over;
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: accountsOfSetKey(arn) });
  }, [over, queries, arn]);

  return (
    <>
      <EntityTable<Row>
        variant="container"
        list={{ ...list, pending: list.pending || (items.length === 0 && more && !error) }}
        title={t.title}
        description={t.text}
        trackBy={({ id }) => id}
        text={({ id }) => id}
        empty={t.none}
        selection={{ selected, onSelect: setSelected, label: ({ id }) => t.select(id) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={items.length === 0} onClick={() => void provisioning.begin()}>
              {t.reprovisionAll}
            </Button>
            <Button
              disabled={selected.length === 0}
              onClick={() => {
                setOpen(true);
                works.run(selected.map(({ id }) => provisionWork(ssoAdmin, instance, { arn, name: set.Name }, id)));
                setSelected([]);
              }}
            >
              {t.reprovision}
            </Button>
          </SpaceBetween>
        }
        columns={[
          { id: 'id', header: t.id, isRowHeader: true, minWidth: 150, cell: ({ id }) => <Link href={accountHref(id)}>{id}</Link> },
          { id: 'name', header: t.name, minWidth: 180, cell: ({ id }) => <Name id={id} /> },
          { id: 'state', header: t.state, minWidth: 160, cell: ({ current }) => <StatusIndicator type={current ? 'success' : 'warning'}>{current ? t.current : t.outdated}</StatusIndicator> },
        ]}
      />
      {open && (
        <Modal visible size="large" header={t.reprovisioning} onDismiss={() => works.over && setOpen(false)}>
          <WorksProgress<ProvisionWork>
            works={works}
            title={words.works.progress}
            success={t.reprovisioned}
            text={({ account }) => account}
            actions={
              <Button variant="primary" onClick={() => setOpen(false)}>
                {words.close}
              </Button>
            }
            columns={[{ id: 'account', header: t.id, isRowHeader: true, minWidth: 150, cell: ({ account }) => account }]}
          />
        </Modal>
      )}
    </>
  );
}

/** The list has ids only; the name is asked for where the row is seen. */
function Name({ id }: { id: string }) {
  const { organizations } = useClients();
  const { data } = useQuery({
    queryKey: ['organizations', 'account', id],
    retry: false,
    queryFn: async ({ signal }) => describeAccount(await organizations(), id, signal),
  });
  return <span className="long-words">{data?.Name ?? '–'}</span>;
}
