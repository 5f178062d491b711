import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Tabs from '@cloudscape-design/components/tabs';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { settingsMessages } from './messages';
import { useDirectorySettings } from './useDirectorySettings';

export function Component() {
  const all = useMessages(peopleMessages);
  const t = useMessages(settingsMessages).sync;
  usePageTitle(t.title, { breadcrumbs: [{ text: all.settings, href: '/singlesignon/settings' }] });
  return <WithInstance title={t.title}>{(instance) => <Sync instance={instance} />}</WithInstance>;
}

/**
 * What is brought from Active Directory (G-20…G-23). No directory can be connected yet, so
 * the scope is empty, and the page says why nothing can be added to it.
 */
function Sync({ instance }: { instance: Instance }) {
  const t = useMessages(settingsMessages).sync;
  const settings = useDirectorySettings(instance);
  const scope = (
    <Table
      variant="container"
      items={[]}
      columnDefinitions={[{ id: 'name', header: t.scope, cell: () => null }]}
      header={<Header variant="h2">{t.scope}</Header>}
      empty={<Box textAlign="center">{t.empty}</Box>}
    />
  );
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.text}
        actions={
          <Button disabled disabledReason={t.needsDirectory}>
            {t.addUsers}
          </Button>
        }
      >
        {t.title}
      </Header>
      {settings.error && <FailureAlert error={settings.error} onRetry={() => void settings.refetch()} />}
      <Alert type="info" header={t.none} action={<Button href="/singlesignon/users">{t.toUsers}</Button>}>
        {settings.data?.IdentitySource === 'EXTERNAL_IDP' ? t.external : t.noneText}
      </Alert>
      <Tabs
        tabs={[
          { id: 'users', label: t.users, content: scope },
          { id: 'groups', label: t.groups, content: scope },
        ]}
      />
    </SpaceBetween>
  );
}
