import { DescribeAccountCommand, type Account, type Organization } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { NotThere } from '../../ui/NotThere';
import { useTab } from '../../ui/useTab';
import { AccountStateLabel } from '../AccountStateLabel';
import { messages } from '../messages';
import { OfOrganization } from '../OfOrganization';
import { everything } from '../organization';
import { PathLinks } from '../PathLinks';
import { paths } from '../paths';
import { TargetPolicies } from '../policies/TargetPolicies';
import { Tags } from '../Tags';
import { DelegatedServices } from './DelegatedServices';
import { accountsMessages } from './messages';
import { POLL } from './Requests';
import { useAccountActions } from './useAccountActions';

/** One account of the organization. */
export function Component() {
  const all = useMessages(messages);
  const t = useMessages(accountsMessages);
  const { id = '' } = useParams();
  const { organizations } = useClients();
  const { data, error, refetch } = useQuery({
    queryKey: [...everything, 'account', id],
    queryFn: async ({ signal }) => (await (await organizations()).send(new DescribeAccountCommand({ AccountId: id }), { abortSignal: signal })).Account!,
    // Closing goes on in the background.
    refetchInterval: ({ state }) => (state.data?.State === 'PENDING_CLOSURE' ? POLL : false),
  });
  const title = data?.Name ?? id;
  usePageTitle(title, { breadcrumbs: [{ text: t.title, href: paths.accounts }] });
  return (
    <OfOrganization title={title}>
      {(organization) =>
        error ? (
          <NotThere name={id} error={error} text={all.notThere} list={t.title} href={paths.accounts} onRetry={() => void refetch()} />
        ) : data ? (
          <Details account={data} organization={organization} />
        ) : (
          <Spinner size="large" />
        )
      }
    </OfOrganization>
  );
}

function Details({ account, organization }: { account: Account; organization: Organization }) {
  const all = useMessages(messages);
  const t = useMessages(accountsMessages);
  const format = useFormat();
  const navigate = useNavigate();
  const id = account.Id!;
  const node = { id, name: account.Name ?? id };
  const management = id === organization.MasterAccountId;
  const state = account.State ?? account.Status;
  const actions = useAccountActions((did) => {
    if (did === 'remove') void navigate(paths.accounts);
  });
  const tabs = [
    { id: 'policies', label: t.tabs.policies, content: <TargetPolicies id={id} kind="account" exempt={management} /> },
    ...(management ? [] : [{ id: 'delegated', label: t.tabs.delegated, content: <DelegatedServices id={id} /> }]),
    { id: 'tags', label: t.tabs.tags, content: <Tags id={id} /> },
  ];
  const [tab, setTab] = useTab(tabs.map((each) => each.id));

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => actions.move([node])}>{t.move}</Button>
            {!management && <Button onClick={() => actions.remove(node)}>{t.remove}</Button>}
            {!management && (
              <Button disabled={state !== 'ACTIVE'} onClick={() => actions.close(node)}>
                {t.close}
              </Button>
            )}
          </SpaceBetween>
        }
      >
        <span className="long-words">{node.name}</span> {management && <Badge color="blue">{all.management}</Badge>}
      </Header>
      {management && <Alert type="info">{t.managementNote}</Alert>}
      <Container header={<Header variant="h2">{t.detailsTitle}</Header>}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={200}
          items={[
            { label: t.id, value: <CopyValue label={t.id} text={id} /> },
            { label: t.email, value: <span className="long-words">{account.Email ?? all.none}</span> },
            { label: t.state, value: <AccountStateLabel account={account} /> },
            { label: t.path, value: <PathLinks id={id} /> },
            { label: t.joined, value: format.dateTime(account.JoinedTimestamp) },
            { label: t.joinedMethod, value: account.JoinedMethod ? t.methods[account.JoinedMethod] : all.none },
            { label: t.arn, value: <CopyValue label={t.arn} text={account.Arn ?? ''} /> },
          ]}
        />
      </Container>
      <Tabs activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {actions.dialog}
    </SpaceBetween>
  );
}
