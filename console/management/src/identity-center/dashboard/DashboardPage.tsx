import { DescribeInstanceCommand } from '@aws-sdk/client-sso-admin';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useClients, useSession } from '../../console';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { groupedAccountId } from '../../session';
import { FailureAlert } from '../../ui/FailureAlert';
import { EnablePage } from '../enable/EnablePage';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { useDelegatedAdministrator } from '../settings/useDelegatedAdministrator';
import { useDirectorySettings } from '../settings/useDirectorySettings';
import { InstanceFacts } from './InstanceFacts';
import { dashboardMessages } from './messages';

export function Component() {
  const all = useMessages(peopleMessages);
  return (
    <WithInstance title={all.title} none={<EnablePage />}>
      {(instance) => <Dashboard instance={instance} />}
    </WithInstance>
  );
}

function Dashboard({ instance }: { instance: Instance }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(dashboardMessages);
  const settings = useDirectorySettings(instance);
  // Here rather than above: until it is enabled, the page in its place has a title of its own.
  usePageTitle(all.dashboard);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{all.dashboard}</Header>
      <Container
        header={
          <Header variant="h2" actions={<Button href="/singlesignon/settings">{t.goToSettings}</Button>}>
            {t.summary}
          </Header>
        }
      >
        <SpaceBetween size="l">
          {settings.isPending && <Spinner />}
          {settings.error && <FailureAlert error={settings.error} onRetry={() => void settings.refetch()} />}
          {!settings.isPending && <InstanceFacts instance={instance} settings={settings.data} />}
        </SpaceBetween>
      </Container>
      <Steps instance={instance} />
      <Container header={<Header variant="h2">{t.about.title}</Header>}>
        <SpaceBetween size="s">
          <div>{t.about.mail}</div>
          <div>{t.about.region}</div>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

interface Step {
  id: string;
  title: string;
  text: string;
  action: ReactNode;
}

/** Whether the instance gives access to accounts: an account's own gives it to applications only (behaviours.md 6.1). Undefined until it is known. */
function useGivesAccounts(instance: Instance): boolean | undefined {
  const { ssoAdmin } = useClients();
  const { data, error } = useQuery({
    queryKey: ['singlesignon', 'gives-accounts', instance.arn],
    queryFn: async ({ signal }) =>
      (await (await ssoAdmin()).send(new DescribeInstanceCommand({ InstanceArn: instance.arn }), { abortSignal: signal })).PermissionSetsEnabled ?? true,
  });
  // Who may not ask is shown all of it.
  return error ? true : data;
}

/** In the order of the setup guide. */
function Steps({ instance }: { instance: Instance }) {
  const t = useMessages(dashboardMessages).steps;
  const { accountId } = useSession();
  const manages = accountId === instance.owner;
  const accounts = useGivesAccounts(instance);
  const delegated = useDelegatedAdministrator(manages && accounts === true);
  if (accounts === undefined) return null;
  const people: Step[] = [
    { id: 'source', ...t.source, action: <Button href="/singlesignon/settings?section=identity_source">{t.source.action}</Button> },
    { id: 'mfa', ...t.mfa, action: <Button href="/singlesignon/settings?section=authentication">{t.mfa.action}</Button> },
    { id: 'users', ...t.users, action: <Button href="/singlesignon/users/add">{t.users.action}</Button> },
  ];
  const toAccounts: Step[] = [
    { id: 'sets', ...t.sets, action: <Button href="/singlesignon/permission-sets/create">{t.sets.action}</Button> },
    { id: 'assign', ...t.assign, action: <Button href="/singlesignon/accounts">{t.assign.action}</Button> },
    {
      id: 'delegate',
      ...t.delegate,
      action: delegated.data ? (
        <StatusIndicator type="success">{t.delegate.done(groupedAccountId(delegated.data.Id ?? ''))}</StatusIndicator>
      ) : (
        manages && <Button href="/singlesignon/settings?section=management">{t.delegate.action}</Button>
      ),
    },
  ];
  const toApplications: Step[] = [{ id: 'applications', ...t.applications, action: <Button href="/singlesignon/applications">{t.applications.action}</Button> }];
  const steps = [...people, ...(accounts ? toAccounts : toApplications)];
  return (
    <Container header={<Header variant="h2">{t.title}</Header>}>
      <SpaceBetween size="l">
        {steps.map(({ id, title, text, action }, index) => (
          <Grid key={id} gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
            <div>
              <Box color="text-body-secondary" fontSize="body-s">
                {t.step(index + 1)}
              </Box>
              <Box variant="h3" padding="n">
                {title}
              </Box>
              <Box color="text-body-secondary">{text}</Box>
            </div>
            <div>{action}</div>
          </Grid>
        ))}
      </SpaceBetween>
    </Container>
  );
}
