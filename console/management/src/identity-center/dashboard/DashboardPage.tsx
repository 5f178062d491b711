import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { useSession } from '../../console';
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

/** In the order of the setup guide. */
function Steps({ instance }: { instance: Instance }) {
  const t = useMessages(dashboardMessages).steps;
  const { accountId } = useSession();
  const manages = accountId === instance.owner;
  const delegated = useDelegatedAdministrator(manages);
  const steps: { id: string; title: string; text: string; action?: ReactNode }[] = [
    { id: 'source', ...t.source, action: <Button href="/singlesignon/settings?section=identity_source">{t.source.action}</Button> },
    { id: 'mfa', ...t.mfa, action: <Button href="/singlesignon/settings?section=authentication">{t.mfa.action}</Button> },
    { id: 'users', ...t.users, action: <Button href="/singlesignon/users/add">{t.users.action}</Button> },
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
