import type { Account } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { describeAccount } from '../../ui/accountTree/search';
import { FailureAlert } from '../../ui/FailureAlert';
import { useTab } from '../../ui/useTab';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { AccountState } from './AccountCells';
import { Assigned } from './Assigned';
import { assignHref } from './assignment';
import { accountMessages } from './messages';
import { Provisioned } from './Provisioned';
import { isNear, isPast, useRoleQuotas } from './quotas';

/** One account: who has access to it, by which permission sets, and how many roles it has room for. */
export function Component() {
  const t = useMessages(accountMessages);
  const id = useParams().id ?? '';
  usePageTitle(id, { breadcrumbs: [{ text: t.title, href: '/singlesignon/accounts' }] });
  return <WithInstance title={id}>{(instance) => <Loaded key={id} instance={instance} id={id} />}</WithInstance>;
}

function Loaded({ instance, id }: { instance: Instance; id: string }) {
  const t = useMessages(accountMessages).account;
  const { organizations } = useClients();
  const { data, error, refetch } = useQuery({
    queryKey: ['organizations', 'account', id],
    queryFn: async ({ signal }) => describeAccount(await organizations(), id, signal),
  });
  if (data) return <Details instance={instance} account={data} />;
  if (data === undefined && !error) return <Spinner size="large" />;
  return (
    <SpaceBetween size="m">
      <Header variant="h1">{id}</Header>
      {error ? <FailureAlert error={error} onRetry={() => void refetch()} /> : <Alert type="warning" header={t.missing} action={<Button href="/singlesignon/accounts">{t.all}</Button>} />}
    </SpaceBetween>
  );
}

function Details({ instance, account }: { instance: Instance; account: Account }) {
  const words = useMessages(accountMessages);
  const t = words.account;
  const { Id: id = '', Name = '', Email = '' } = account;
  const name = Name || id;
  const [tab, setTab] = useTab(['people', 'sets']);
  usePageTitle(name, { breadcrumbs: [{ text: words.title, href: '/singlesignon/accounts' }] });
  const target = { id, name };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <Button variant="primary" href={assignHref([id])}>
            {words.assign}
          </Button>
        }
      >
        <span className="long-words">{name}</span>
      </Header>
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <KeyValuePairs
          columns={4}
          minColumnWidth={200}
          items={[
            { label: words.id, value: <CopyValue label={words.id} text={id} /> },
            { label: words.email, value: <span className="long-words">{Email || '–'}</span> },
            {
              label: words.status,
              value: (
                <SpaceBetween size="xxs">
                  <AccountState account={account} />
                  {id === instance.owner && <span>{words.management}</span>}
                </SpaceBetween>
              ),
            },
            { label: t.quota, value: <Quota instance={instance} id={id} /> },
          ]}
        />
      </Container>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => setTab(detail.activeTabId)}
        tabs={[
          { id: 'people', label: t.tabs.people, content: <Assigned instance={instance} account={target} /> },
          { id: 'sets', label: t.tabs.sets, content: <Provisioned instance={instance} account={target} /> },
        ]}
      />
    </SpaceBetween>
  );
}

/** How many of the roles that the account may have it has (G-50, Q-19). */
function Quota({ instance, id }: { instance: Instance; id: string }) {
  const t = useMessages(accountMessages).account;
  const { data, error } = useRoleQuotas(instance, [id]);
  const [quota] = data ?? [];
  if (error || (data && !quota)) return t.quotaUnknown;
  if (!quota) return <Spinner />;
  const increase = <Link href="/support/cases/create">{t.increase}</Link>;
  return (
    <SpaceBetween size="xxs">
      <StatusIndicator type={isPast(quota) ? 'error' : isNear(quota) ? 'warning' : 'success'}>{t.quotaOf(quota.Roles, quota.Limit)}</StatusIndicator>
      {isNear(quota) && (
        <>
          <span>{isPast(quota) ? t.quotaPast : t.quotaNear}</span>
          {increase}
        </>
      )}
    </SpaceBetween>
  );
}
