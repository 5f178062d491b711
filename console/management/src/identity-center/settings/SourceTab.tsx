import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useMessages } from '../../messages';
import type { DirectorySettings } from '../api';
import { dashboardMessages } from '../dashboard/messages';
import type { Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { CustomizePortalUrl } from './CustomizePortalUrl';
import { settingsMessages } from './messages';

/** Where users are managed, and what can be done about it (G-05, G-17, G-20). */
export function SourceTab({ instance, settings }: { instance: Instance; settings: DirectorySettings }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(settingsMessages);
  const facts = useMessages(dashboardMessages);
  const navigate = useNavigate();
  const [customizing, setCustomizing] = useState(false);
  const { IdentitySource: source, PortalUrl, Subdomain } = settings;
  const act = (action: string) => {
    if (action === 'customize') setCustomizing(true);
    else void navigate(action === 'change' ? '/singlesignon/settings/identity-source' : '/singlesignon/settings/sync');
  };
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            description={t.source.text}
            actions={
              <ButtonDropdown
                items={[
                  { id: 'change', text: t.source.change },
                  { id: 'customize', text: t.source.customize, ...(Subdomain && { disabled: true, disabledReason: t.source.customized }) },
                  // Of an identity provider; connecting one is not possible yet.
                  { id: 'authentication', text: t.source.manageAuthentication, disabled: true, disabledReason: t.source.onlyExternal },
                  { id: 'sync', text: t.source.manageSync },
                ]}
                onItemClick={({ detail }) => act(detail.id)}
              >
                {all.actions}
              </ButtonDropdown>
            }
          >
            {t.source.title}
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          minColumnWidth={220}
          items={[
            { label: t.source.title, value: facts.sources[source] },
            { label: t.source.method, value: t.source.methods[source] },
            { label: t.source.provisioning, value: t.source.provisionings[source] },
            { label: facts.portalUrl, value: <CopyValue label={facts.portalUrl} text={PortalUrl} /> },
            { label: facts.storeId, value: <CopyValue label={facts.storeId} text={instance.directory} /> },
          ]}
        />
      </Container>
      <Trouble />
      {customizing && <CustomizePortalUrl instance={instance} url={PortalUrl} onClose={() => setCustomizing(false)} />}
    </SpaceBetween>
  );
}

/** The four named causes of the page that people see when the setup is at fault (M-33…M-37). */
function Trouble() {
  const t = useMessages(settingsMessages).trouble;
  return (
    <ExpandableSection variant="container" headerText={t.title}>
      <SpaceBetween size="s">
        <div>{t.text}</div>
        <ol className="plain-list">
          {t.causes.map((cause) => (
            <li key={cause} className="long-words">
              {cause}
            </li>
          ))}
        </ol>
      </SpaceBetween>
    </ExpandableSection>
  );
}
