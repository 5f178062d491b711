import { GetAccountSummaryCommand, ListMFADevicesCommand, type SummaryKeyType } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation } from 'react-router';
import { useClients, useSession } from '../console';
import { useMessages } from '../messages';
import { usePageTitle } from '../page';
import { FailureAlert } from '../ui/FailureAlert';
import { AccountAlias } from './AccountAlias';
import { dashboardMessages } from './dashboardMessages';
import { fromLegacy } from './legacy';

/** /iam/home: AWS's old addresses, which say after the # what they mean, lead on from here. */
export function Component() {
  const { hash } = useLocation();
  const to = fromLegacy(hash);
  return to ? <Navigate to={to} replace /> : <Dashboard />;
}

function useSummary() {
  const { iam } = useClients();
  return useQuery({
    queryKey: ['iam', 'summary'],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetAccountSummaryCommand({}), { abortSignal: signal })).SummaryMap ?? {},
    // What it counts is changed on other pages.
    staleTime: 0,
  });
}

function Dashboard() {
  const t = useMessages(dashboardMessages);
  usePageTitle(t.title);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.title}</Header>
      <Grid gridDefinition={[{ colspan: { default: 12, s: 7 } }, { colspan: { default: 12, s: 5 } }]}>
        <SpaceBetween size="l">
          <Recommendations />
          <Resources />
        </SpaceBetween>
        <SpaceBetween size="l">
          <AccountAlias />
          <QuickLinks />
        </SpaceBetween>
      </Grid>
    </SpaceBetween>
  );
}

interface Recommendation {
  id: string;
  good: boolean;
  title: string;
  text: string;
  /** Where it is done; undefined where this person cannot. */
  action?: { text: string; href: string } | undefined;
}

/** What protects the account first. */
function Recommendations() {
  const t = useMessages(dashboardMessages);
  const { kind } = useSession();
  const { iam } = useClients();
  const summary = useSummary();
  const own = useQuery({
    queryKey: ['iam', 'own-mfa'],
    enabled: kind === 'iam-user',
    staleTime: 0,
    queryFn: async ({ signal }) => (await (await iam()).send(new ListMFADevicesCommand({}), { abortSignal: signal })).MFADevices?.length ?? 0,
  });
  const items: Recommendation[] = [];
  if (summary.data?.AccountMFAEnabled !== undefined) {
    const good = summary.data.AccountMFAEnabled > 0;
    items.push({
      id: 'root-mfa',
      good,
      title: good ? t.rootMfa : t.rootMfaMissing,
      text: good ? t.rootMfaText : t.rootMfaMissingText,
      action: kind === 'root' ? { text: t.add, href: '/security-credentials#mfa' } : undefined,
    });
  }
  if (summary.data?.AccountAccessKeysPresent !== undefined) {
    const good = summary.data.AccountAccessKeysPresent === 0;
    items.push({
      id: 'root-keys',
      good,
      title: good ? t.rootKeys : t.rootKeysPresent,
      text: good ? t.rootKeysText : t.rootKeysPresentText,
      action: kind === 'root' ? { text: t.manage, href: '/security-credentials#access-keys' } : undefined,
    });
  }
  if (own.data !== undefined) {
    const good = own.data > 0;
    items.push({
      id: 'own-mfa',
      good,
      title: good ? t.ownMfa : t.ownMfaMissing,
      text: good ? t.ownMfaText : t.ownMfaMissingText,
      action: { text: t.add, href: '/security-credentials#mfa' },
    });
  }
  const wanting = items.filter(({ good }) => !good).length;
  return (
    <Container
      header={
        <Header variant="h2" counter={wanting > 0 ? `(${wanting})` : undefined}>
          {t.recommendations}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {summary.error && <FailureAlert error={summary.error} onRetry={() => void summary.refetch()} />}
        {summary.isPending && <Spinner />}
        {items.map(({ id, good, title, text, action }) => (
          <SpaceBetween key={id} size="xxs">
            <StatusIndicator type={good ? 'success' : 'warning'}>{title}</StatusIndicator>
            <Box color="text-body-secondary">
              {text}
              {!good && !action && <div>{t.byRoot}</div>}
            </Box>
            {!good && action && (
              <Button href={action.href} ariaLabel={`${action.text}: ${title}`}>
                {action.text}
              </Button>
            )}
          </SpaceBetween>
        ))}
      </SpaceBetween>
    </Container>
  );
}

function Resources() {
  const t = useMessages(dashboardMessages);
  const { data, error } = useSummary();
  if (error) return null; // said above
  const count = (key: SummaryKeyType, label: string, href: string) => ({
    label,
    value: data ? (
      <Link href={href} fontSize="display-l" ariaLabel={`${label}: ${data[key] ?? 0}`}>
        {data[key] ?? 0}
      </Link>
    ) : (
      <Spinner />
    ),
  });
  return (
    <Container
      header={
        <Header variant="h2" description={t.resourcesText}>
          {t.resources}
        </Header>
      }
    >
      <KeyValuePairs
        columns={3}
        minColumnWidth={110}
        items={[
          count('Groups', t.groups, '/iam/groups'),
          count('Users', t.users, '/iam/users'),
          count('Roles', t.roles, '/iam/roles'),
          count('Policies', t.policies, '/iam/policies'),
          count('Providers', t.providers, '/iam/identity-providers'),
        ]}
      />
    </Container>
  );
}

function QuickLinks() {
  const t = useMessages(dashboardMessages);
  const { kind } = useSession();
  return (
    <Container header={<Header variant="h2">{t.links}</Header>}>
      <SpaceBetween size="s">
        {kind !== 'role' && <QuickLink href="/security-credentials" title={t.credentials} text={t.credentialsText} />}
        <QuickLink href="/iam/simulator" title={t.simulator} text={t.simulatorText} />
        <QuickLink href="/iam/credential-report" title={t.report} text={t.reportText} />
      </SpaceBetween>
    </Container>
  );
}

function QuickLink({ href, title, text }: { href: string; title: string; text: string }) {
  return (
    <div>
      <Link href={href}>{title}</Link>
      <Box color="text-body-secondary" fontSize="body-s">
        {text}
      </Box>
    </div>
  );
}
