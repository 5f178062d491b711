import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { EntityTable } from '../../ui/EntityTable';
import { Nothing } from '../../ui/Nothing';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { isProvisioned, minutesOf, setHref, usePermissionSets, type DescribedSet } from '../access/permissionSets';
import { SessionDuration } from '../access/SessionDuration';
import { accessMessages } from '../accessMessages';
import { setMessages } from './messages';
import { useDeleteSet } from './useDeleteSet';

/** The instance's permission sets (G-33, G-34). */
export function Component() {
  const t = useMessages(setMessages);
  usePageTitle(t.title, { contentType: 'table' });
  return <WithInstance title={t.title}>{(instance) => <Sets instance={instance} />}</WithInstance>;
}

function Sets({ instance }: { instance: Instance }) {
  const t = useMessages(setMessages);
  const words = useMessages(accessMessages);
  const list = usePermissionSets(instance);
  const [selected, setSelected] = useState<DescribedSet[]>([]);
  const { remove, dialog } = useDeleteSet(instance, () => setSelected([]));
  const [chosen] = selected;
  return (
    <>
      <EntityTable<DescribedSet>
        list={list}
        title={t.title}
        description={t.text}
        trackBy={({ PermissionSetArn }) => PermissionSetArn}
        text={({ Name, Description = '', PermissionSetArn }) => `${Name} ${Description} ${PermissionSetArn}`}
        selection={{ selected, onSelect: setSelected, type: 'single', label: ({ Name }) => t.select(Name) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!chosen} onClick={() => chosen && remove(chosen)}>
              {words.delete}
            </Button>
            <Button variant="primary" href="/singlesignon/permission-sets/create">
              {t.create}
            </Button>
          </SpaceBetween>
        }
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            sortingField: 'Name',
            minWidth: 200,
            cell: ({ Name, PermissionSetArn }) => (
              <Link href={setHref(PermissionSetArn)}>
                <span className="long-words">{Name}</span>
              </Link>
            ),
          },
          { id: 'description', header: words.description, minWidth: 200, cell: ({ Description }) => <span className="long-words">{Description || '–'}</span> },
          { id: 'session', header: words.set.session, cell: ({ SessionDuration: duration }) => <SessionDuration minutes={minutesOf(duration)} /> },
          { id: 'provisioned', header: t.provisioned, minWidth: 160, cell: ({ PermissionSetArn }) => <Provisioned instance={instance} arn={PermissionSetArn} /> },
        ]}
      />
      {dialog}
    </>
  );
}

/** The list does not tell it. */
function Provisioned({ instance, arn }: { instance: Instance; arn: string }) {
  const t = useMessages(setMessages);
  const { ssoAdmin } = useClients();
  const { data, error } = useQuery({
    queryKey: ['sso-admin', 'is-provisioned', arn],
    queryFn: async ({ signal }) => isProvisioned(await ssoAdmin(), instance, arn, signal),
  });
  if (error) return t.unknown;
  if (data === undefined) return <Spinner />;
  return <StatusIndicator type={data ? 'success' : 'stopped'}>{data ? t.isProvisioned : t.notProvisioned}</StatusIndicator>;
}
