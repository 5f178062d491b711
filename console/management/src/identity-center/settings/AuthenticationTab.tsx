import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Toggle from '@cloudscape-design/components/toggle';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FailureAlert } from '../../ui/FailureAlert';
import { useIdentityCenter, type DirectorySettings } from '../api';
import type { Instance } from '../enable/WithInstance';
import { authenticationMessages } from './authenticationMessages';
import { EditMfa } from './EditMfa';
import { EditSession, useDuration } from './EditSession';
import { settingsKey } from './useDirectorySettings';

interface TabProps {
  instance: Instance;
  settings: DirectorySettings;
}

/** How people sign in: for how long, with what, and those who have no password yet. */
export function AuthenticationTab(props: TabProps) {
  return (
    <SpaceBetween size="l">
      <Session {...props} />
      <Mfa {...props} />
      {props.settings.IdentitySource === 'IDENTITY_CENTER' && <Standard {...props} />}
    </SpaceBetween>
  );
}

function Session({ instance, settings }: TabProps) {
  const t = useMessages(authenticationMessages).session;
  const duration = useDuration();
  const [editing, setEditing] = useState(false);
  return (
    <>
      <Container
        header={
          <Header variant="h2" description={t.text} actions={<Button onClick={() => setEditing(true)}>{t.configure}</Button>}>
            {t.title}
          </Header>
        }
      >
        <KeyValuePairs items={[{ label: t.duration, value: duration(settings.PortalSessionMinutes) }]} />
      </Container>
      {editing && <EditSession instance={instance} minutes={settings.PortalSessionMinutes} onClose={() => setEditing(false)} />}
    </>
  );
}

/** G-52…G-55: offered for the directory and Active Directory, never with an external identity provider. */
function Mfa({ instance, settings: { IdentitySource: source, Mfa: mfa } }: TabProps) {
  const t = useMessages(authenticationMessages).mfa;
  const [editing, setEditing] = useState(false);
  if (source === 'EXTERNAL_IDP') {
    return (
      <Container header={<Header variant="h2">{t.title}</Header>}>
        <Alert type="info" header={t.external.title}>
          {t.external.text}
        </Alert>
      </Container>
    );
  }
  const off = mfa.Prompt === 'DISABLED';
  return (
    <>
      <Container
        header={
          <Header variant="h2" description={t.text} actions={<Button onClick={() => setEditing(true)}>{t.configure}</Button>}>
            {t.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          {source === 'ACTIVE_DIRECTORY' && <Alert type="info">{t.radius}</Alert>}
          <KeyValuePairs
            columns={2}
            minColumnWidth={260}
            items={[
              { label: t.prompt, value: <StatusIndicator type={off ? 'warning' : 'success'}>{t.prompts[mfa.Prompt]}</StatusIndicator> },
              { label: t.types, value: mfa.Types.map((type) => <div key={type}>{t.typeNames[type]}</div>) },
              { label: t.noDevice, value: t.noDevices[mfa.NoDevice] },
              { label: t.manage, value: mfa.SelfService ? t.selfService : t.selfServiceOff },
            ]}
          />
        </SpaceBetween>
      </Container>
      {editing && <EditMfa instance={instance} mfa={mfa} onClose={() => setEditing(false)} />}
    </>
  );
}

function Standard({ instance, settings }: TabProps) {
  const t = useMessages(authenticationMessages).standard;
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const notify = useNotify();
  const [running, setRunning] = useState(false);
  const change = async (Enabled: boolean) => {
    setRunning(true);
    try {
      await call('UpdateEmailOtp', { InstanceArn: instance.arn, Enabled });
      await queries.invalidateQueries({ queryKey: settingsKey(instance) });
      notify({ type: 'success', content: t.saved });
    } catch (error) {
      notify({ type: 'error', content: <FailureAlert error={error} /> });
    }
    setRunning(false);
  };
  return (
    <Container header={<Header variant="h2">{t.title}</Header>}>
      <Toggle checked={settings.EmailOtpForApiUsers} disabled={running} description={t.text} onChange={({ detail }) => void change(detail.checked)}>
        {t.otp}
      </Toggle>
    </Container>
  );
}
