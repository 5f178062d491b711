import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tiles from '@cloudscape-design/components/tiles';
import Wizard from '@cloudscape-design/components/wizard';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import type { DirectorySettings } from '../api';
import { dashboardMessages } from '../dashboard/messages';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { settingsMessages } from './messages';
import { useDirectorySettings } from './useDirectorySettings';

type Source = DirectorySettings['IdentitySource'];

const SOURCES: readonly Source[] = ['IDENTITY_CENTER', 'ACTIVE_DIRECTORY', 'EXTERNAL_IDP'];
/** What is typed to confirm, in every language. */
const ACCEPT = 'ACCEPT';
const settingsHref = '/singlesignon/settings?section=identity_source';

export function Component() {
  const all = useMessages(peopleMessages);
  const t = useMessages(settingsMessages).source;
  usePageTitle(t.change, { breadcrumbs: [{ text: all.settings, href: settingsHref }] });
  return <WithInstance title={t.change}>{(instance) => <ChangeSource instance={instance} />}</WithInstance>;
}

function ChangeSource({ instance }: { instance: Instance }) {
  const settings = useDirectorySettings(instance);
  if (settings.error) return <FailureAlert error={settings.error} onRetry={() => void settings.refetch()} />;
  return settings.data ? <ChangeSourceWizard current={settings.data.IdentitySource} /> : <Spinner />;
}

/**
 * What another identity source needs, and what changing to it does (G-05…G-14, G-18). No
 * other source can be connected yet: the wizard says so from the first step, and changes nothing.
 */
function ChangeSourceWizard({ current }: { current: Source }) {
  const t = useMessages(settingsMessages).change;
  const names = useMessages(dashboardMessages).sources;
  const navigate = useNavigate();
  const [source, setSource] = useState(current);
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const [typed, setTyped] = useState('');
  const [refused, setRefused] = useState(false);
  const accepted = typed.trim() === ACCEPT;
  const notYet = source !== 'IDENTITY_CENTER' && (
    <Alert type="info" header={t.notYet}>
      {t.notYetText[source]}
    </Alert>
  );
  return (
    <Wizard
      submitButtonText={t.submit}
      activeStepIndex={step}
      onNavigate={({ detail: { requestedStepIndex } }) => {
        if (requestedStepIndex > step && source === current) {
          setTried(true);
          return;
        }
        setTried(false);
        setStep(requestedStepIndex);
      }}
      onCancel={() => void navigate(settingsHref)}
      onSubmit={() => {
        setTried(true);
        setRefused(accepted);
      }}
      steps={[
        {
          title: t.choose,
          description: t.chooseText,
          content: (
            <SpaceBetween size="l">
              <Container>
                <FormField errorText={tried && source === current && t.pickAnother} stretch>
                  <Tiles
                    ariaLabel={t.choose}
                    columns={1}
                    value={source}
                    onChange={({ detail }) => setSource(detail.value as Source)}
                    items={SOURCES.map((value) => ({ value, label: value === current ? `${names[value]} (${t.current})` : names[value], description: t.texts[value] }))}
                  />
                </FormField>
              </Container>
              {notYet}
            </SpaceBetween>
          ),
        },
        {
          title: t.needs,
          content: (
            <SpaceBetween size="l">
              {notYet}
              <Container header={<Header variant="h2">{names[source]}</Header>}><Points items={t.prerequisites[source]} /></Container>
            </SpaceBetween>
          ),
        },
        {
          title: t.confirmTitle,
          content: (
            <SpaceBetween size="l">
              {refused ? (
                <div role="alert">
                  <Alert type="error" header={t.refused}>
                    {source !== 'IDENTITY_CENTER' && t.notYetText[source]}
                  </Alert>
                </div>
              ) : (
                notYet
              )}
              <Alert type="warning" header={t.warningTitle}>
                <Points items={t.warnings[source]} />
              </Alert>
              <Container>
                <FormField label={t.accept} errorText={tried && !accepted && t.mismatch}>
                  <Input value={typed} placeholder={ACCEPT} autoComplete={false} spellcheck={false} onChange={({ detail }) => setTyped(detail.value)} />
                </FormField>
              </Container>
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}

function Points({ items }: { items: readonly string[] }) {
  return (
    <ul className="plain-list">
      {items.map((item) => (
        <li key={item} className="long-words">
          {item}
        </li>
      ))}
    </ul>
  );
}
