import { ListApplicationsCommand, type Application } from '@aws-sdk/client-sso-admin';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { useClients, useSession } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { EntityTable } from '../../ui/EntityTable';
import { useList } from '../../ui/useList';
import { useTab } from '../../ui/useTab';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { accessMessages } from '../accessMessages';
import { applicationHref, applicationsHref, applicationsKey, CUSTOM } from './applications';
import { applicationMessages } from './messages';

/** The applications that people reach from the portal: one's own, and those of AWS's services (G-60). */
export function Component() {
  const t = useMessages(applicationMessages);
  usePageTitle(t.title);
  return <WithInstance title={t.title} forMembers>{(instance) => <Applications instance={instance} />}</WithInstance>;
}

function Applications({ instance }: { instance: Instance }) {
  const t = useMessages(applicationMessages);
  const [tab, setTab] = useTab(['customer', 'aws']);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.text}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button href={`${applicationsHref}/token-issuers`}>{t.issuers}</Button>
            <Button variant="primary" href={`${applicationsHref}/create`}>
              {t.add}
            </Button>
          </SpaceBetween>
        }
      >
        {t.title}
      </Header>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => setTab(detail.activeTabId)}
        tabs={(['customer', 'aws'] as const).map((kind) => ({ id: kind, label: t.tabs[kind], content: <ApplicationTable instance={instance} kind={kind} /> }))}
      />
    </SpaceBetween>
  );
}

function ApplicationTable({ instance, kind }: { instance: Instance; kind: 'customer' | 'aws' }) {
  const words = useMessages(accessMessages);
  const t = useMessages(applicationMessages);
  const format = useFormat();
  const { ssoAdmin } = useClients();
  const { accountId } = useSession();
  const own = kind === 'customer';
  // A member that does not run the instance has to ask for its own.
  const filter = { ...(own && { ApplicationProvider: CUSTOM }), ...(!instance.administered && { ApplicationAccount: accountId }) };
  const list = useList<Application>([...applicationsKey, kind], async (NextToken, abortSignal) => {
    const page = await (await ssoAdmin()).send(
      new ListApplicationsCommand({ InstanceArn: instance.arn, NextToken, MaxResults: 100, ...(Object.keys(filter).length > 0 && { Filter: filter }) }),
      { abortSignal },
    );
    return { items: (page.Applications ?? []).filter(({ ApplicationProviderArn }) => own === (ApplicationProviderArn === CUSTOM)), marker: page.NextToken || undefined };
  });
  return (
    <EntityTable<Application>
      variant="container"
      list={list}
      title={t.tabs[kind]}
      trackBy={({ ApplicationArn = '' }) => ApplicationArn}
      text={({ Name = '', Description = '', ApplicationAccount = '' }) => `${Name} ${Description} ${ApplicationAccount}`}
      empty={
        <>
          <b>{own ? t.noneCustomer : t.noneAws}</b>
          <Box color="text-body-secondary">{own ? t.noneCustomerText : t.noneAwsText}</Box>
        </>
      }
      columns={[
        {
          id: 'name',
          header: t.name,
          isRowHeader: true,
          sortingField: 'Name',
          minWidth: 180,
          cell: ({ Name, ApplicationArn = '' }) => (
            <Link href={applicationHref(ApplicationArn)}>
              <span className="long-words">{Name}</span>
            </Link>
          ),
        },
        { id: 'description', header: words.description, minWidth: 180, cell: ({ Description }) => <span className="long-words">{Description || '–'}</span> },
        { id: 'status', header: words.status, cell: ({ Status }) => <ApplicationState status={Status} /> },
        { id: 'owner', header: t.owner, cell: ({ ApplicationAccount }) => ApplicationAccount },
        { id: 'created', header: t.page.created, cell: ({ CreatedDate }) => format.dateTime(CreatedDate) },
      ]}
    />
  );
}

export function ApplicationState({ status = 'ENABLED' }: { status: string | undefined }) {
  const t = useMessages(applicationMessages).status;
  return <StatusIndicator type={status === 'ENABLED' ? 'success' : 'stopped'}>{t[status] ?? status}</StatusIndicator>;
}
