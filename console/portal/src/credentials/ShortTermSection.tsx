import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Toggle from '@cloudscape-design/components/toggle';
import { useState, type ReactNode } from 'react';
import { useLocale } from '../../../shared/locale';
import { CodeBlock, CopyValue } from '../../../shared/ui/CodeBlock';
import { usePortal } from '../context';
import { useNow } from '../useNow';
import type { Shell } from './quoting';
import {
  awsFile,
  credentialsProfile,
  credentialsProfileConfig,
  credentialVariables,
  endpointVariables,
  masked,
  type Assignment,
  type RoleCredentials,
} from './snippets';
import type { CredentialsState } from './useRoleCredentials';

const EXPIRY_INTERVAL_MS = 5_000;

interface ShortTermSectionProps {
  shell: Shell;
  assignment: Assignment;
  /** Of a failure the dialog itself tells. */
  state: Exclude<CredentialsState, { status: 'failed' }>;
  onRefresh: () => void;
}

/** The three ways to carry credentials over by hand, for as long as they last (I-17…I-21). */
export function ShortTermSection({ shell, assignment, state, onRefresh }: ShortTermSectionProps) {
  const { t } = useLocale();
  return (
    <Container
      header={
        <Header
          variant="h3"
          description={t.credentials.shortTermText}
          actions={
            <Button
              iconName="refresh"
              ariaLabel={t.credentials.refreshLabel}
              loading={state.status === 'loading'}
              loadingText={t.credentials.loading}
              onClick={onRefresh}
            >
              {t.credentials.refresh}
            </Button>
          }
        >
          {t.credentials.shortTerm}
        </Header>
      }
    >
      {state.status === 'loading' && <StatusIndicator type="loading">{t.credentials.loading}</StatusIndicator>}
      {state.status === 'ready' && <Options shell={shell} assignment={assignment} credentials={state.credentials} />}
    </Container>
  );
}

function Options({ shell, assignment, credentials }: { shell: Shell; assignment: Assignment; credentials: RoleCredentials }) {
  const { t } = useLocale();
  const { session } = usePortal();
  const [revealed, setRevealed] = useState(false);
  const shown = revealed ? credentials : masked(credentials);
  const values = [
    ['accessKeyId', t.credentials.accessKeyId],
    ['secretAccessKey', t.credentials.secretAccessKey],
    ['sessionToken', t.credentials.sessionToken],
  ] as const;
  return (
    <SpaceBetween size="m">
      <Expiry expiration={credentials.expiration} />
      <Toggle checked={revealed} onChange={({ detail }) => setRevealed(detail.checked)}>
        {t.credentials.show}
      </Toggle>

      <Option title={t.credentials.option1} text={t.credentials.option1Text}>
        <CodeBlock
          label={t.credentials.option1Label}
          text={credentialVariables(shell, credentials)}
          shown={credentialVariables(shell, shown)}
        />
        <Endpoints
          text={t.credentials.option1Endpoints}
          label={t.credentials.option1EndpointsLabel}
          snippet={endpointVariables(shell, session)}
        />
      </Option>

      <Option title={t.credentials.option2} text={t.credentials.option2Text(awsFile(shell, 'credentials'))}>
        <CodeBlock
          label={t.credentials.option2Label}
          text={credentialsProfile(assignment, credentials)}
          shown={credentialsProfile(assignment, shown)}
        />
        <Endpoints
          text={t.credentials.option2Endpoints(awsFile(shell, 'config'))}
          label={t.credentials.option2EndpointsLabel}
          snippet={credentialsProfileConfig(session, assignment)}
        />
      </Option>

      <Option title={t.credentials.option3} text={t.credentials.option3Text}>
        <KeyValuePairs
          items={values.map(([key, label]) => ({ label, value: <CopyValue label={label} text={credentials[key]} shown={shown[key]} /> }))}
        />
      </Option>
    </SpaceBetween>
  );
}

function Option({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <SpaceBetween size="xs">
      <Box variant="h4">{title}</Box>
      <Box color="text-body-secondary">{text}</Box>
      {children}
    </SpaceBetween>
  );
}

function Endpoints({ text, label, snippet }: { text: string; label: string; snippet: string }) {
  const { t } = useLocale();
  return (
    <ExpandableSection headerText={t.credentials.endpointsHeader} headerAriaLabel={`${t.credentials.endpointsHeader}: ${label}`}>
      <SpaceBetween size="xs">
        <div>{text}</div>
        <CodeBlock label={label} text={snippet} />
      </SpaceBetween>
    </ExpandableSection>
  );
}

function Expiry({ expiration }: { expiration: number }) {
  const { locale, t } = useLocale();
  const { now } = usePortal();
  const remainingMs = expiration - useNow(now, EXPIRY_INTERVAL_MS);
  if (remainingMs <= 0) {
    return (
      <div role="alert">
        <Alert type="warning" header={t.credentials.expiredTitle}>
          {t.credentials.expiredText}
        </Alert>
      </div>
    );
  }
  const time = new Date(expiration).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  return <StatusIndicator type="info">{t.credentials.expires(time, Math.floor(remainingMs / 60_000))}</StatusIndicator>;
}
