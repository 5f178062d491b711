import { ListPermissionSetsProvisionedToAccountCommand, type ProvisioningStatus } from '@aws-sdk/client-sso-admin';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import Modal from '@cloudscape-design/components/modal';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { EntityTable } from '../../ui/EntityTable';
import { wholeList } from '../../ui/useList';
import type { Instance } from '../enable/WithInstance';
import { allPages } from '../../sdk/allPages';
import { setHref, useSetNames } from '../access/permissionSets';
import { mapPool } from '../access/pool';
import { provisionWork, type ProvisionWork } from '../access/provisioning';
import { useWorks } from '../access/useWorks';
import { WorksProgress } from '../access/WorksProgress';
import { accessMessages } from '../accessMessages';
import type { Assignment } from './assignment';
import { accountMessages } from './messages';

interface Row {
  arn: string;
  name: string;
  current: boolean;
}

/** The sets that the account has roles of, and whether each is as the set is now. */
export function Provisioned({ instance, account }: { instance: Instance; account: Assignment['account'] }) {
  const words = useMessages(accessMessages);
  const t = useMessages(accountMessages).account;
  const queries = useQueryClient();
  const { ssoAdmin } = useClients();
  const nameSet = useSetNames(instance);
  const [selected, setSelected] = useState<Row[]>([]);
  const [open, setOpen] = useState(false);
  const works = useWorks<ProvisionWork>();
  const query = useQuery({
    queryKey: ['sso-admin', 'provisioned', account.id],
    queryFn: async ({ signal }): Promise<Row[]> => {
      const client = await ssoAdmin();
      const sets = (status: ProvisioningStatus | undefined) =>
        allPages(
          (NextToken) =>
            client.send(new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn: instance.arn, AccountId: account.id, ProvisioningStatus: status, NextToken, MaxResults: 100 }), { abortSignal: signal }),
          (page) => page.PermissionSets,
        );
      const [all, old] = await Promise.all([sets(undefined), sets('LATEST_PERMISSION_SET_NOT_PROVISIONED')]);
      const outdated = new Set(old);
      return mapPool(all, async (arn) => ({ arn, name: await nameSet(arn), current: !outdated.has(arn) }));
    },
  });
  const over = open && works.over;
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: ['sso-admin', 'provisioned', account.id] });
  }, [over, queries, account.id]);

  return (
    <>
      <EntityTable<Row>
        variant="container"
        list={wholeList(query)}
        title={t.provisioned}
        description={t.provisionedText}
        trackBy={({ arn }) => arn}
        text={({ name }) => name}
        empty={t.noSets}
        selection={{ selected, onSelect: setSelected, label: ({ name }) => t.select(name) }}
        actions={
          <Button
            disabled={selected.length === 0}
            onClick={() => {
              setOpen(true);
              works.run(selected.map((row) => provisionWork(ssoAdmin, instance, row, account.id)));
              setSelected([]);
            }}
          >
            {t.reprovision}
          </Button>
        }
        columns={[
          {
            id: 'name',
            header: words.set.name,
            isRowHeader: true,
            minWidth: 200,
            sortingField: 'name',
            cell: ({ arn, name }) => (
              <Link href={setHref(arn)}>
                <span className="long-words">{name}</span>
              </Link>
            ),
          },
          { id: 'state', header: t.state, minWidth: 160, cell: ({ current }) => <StatusIndicator type={current ? 'success' : 'warning'}>{current ? t.current : t.outdated}</StatusIndicator> },
        ]}
      />
      {open && (
        <Modal visible size="large" header={t.reprovisioning} onDismiss={() => works.over && setOpen(false)}>
          <WorksProgress<ProvisionWork>
            works={works}
            title={words.works.progress}
            success={t.reprovisioned}
            text={({ set }) => set.name}
            actions={
              <Button variant="primary" onClick={() => setOpen(false)}>
                {words.close}
              </Button>
            }
            columns={[{ id: 'set', header: words.set.name, isRowHeader: true, minWidth: 180, cell: ({ set }) => <span className="long-words">{set.name}</span> }]}
          />
        </Modal>
      )}
    </>
  );
}
