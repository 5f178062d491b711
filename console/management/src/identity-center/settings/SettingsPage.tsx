import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { useTab } from '../../ui/useTab';
import { InstanceFacts } from '../dashboard/InstanceFacts';
import { ResourceTags } from '../access/ResourceTags';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { AttributesTab } from './AttributesTab';
import { AuthenticationTab } from './AuthenticationTab';
import { ManagementTab } from './ManagementTab';
import { settingsMessages } from './messages';
import { RegionsTab } from './RegionsTab';
import { SourceTab } from './SourceTab';
import { useDirectorySettings } from './useDirectorySettings';

export function Component() {
  const title = useMessages(peopleMessages).settings;
  usePageTitle(title);
  return <WithInstance title={title}>{(instance) => <Settings instance={instance} />}</WithInstance>;
}

function Settings({ instance }: { instance: Instance }) {
  const title = useMessages(peopleMessages).settings;
  const t = useMessages(settingsMessages);
  const settings = useDirectorySettings(instance);
  // What needs the directory's settings waits for them; the rest does without.
  const waiting = settings.error ? <FailureAlert error={settings.error} onRetry={() => void settings.refetch()} /> : <Spinner />;
  const tabs = [
    { id: 'identity_source', label: t.tabs.source, content: settings.data ? <SourceTab instance={instance} settings={settings.data} /> : waiting },
    { id: 'authentication', label: t.tabs.authentication, content: settings.data ? <AuthenticationTab instance={instance} settings={settings.data} /> : waiting },
    { id: 'attributes', label: t.tabs.attributes, content: <AttributesTab instance={instance} /> },
    { id: 'management', label: t.tabs.management, content: <ManagementTab instance={instance} /> },
    { id: 'regions', label: t.tabs.regions, content: <RegionsTab instance={instance} /> },
    { id: 'tags', label: t.tabs.tags, content: <ResourceTags instance={instance} arn={instance.arn} /> },
  ];
  const [tab, setTab] = useTab(tabs.map(({ id }) => id));
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{title}</Header>
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <InstanceFacts instance={instance} settings={settings.data} />
      </Container>
      <Tabs ariaLabel={t.tabs.label} activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
    </SpaceBetween>
  );
}
