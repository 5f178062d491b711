import { GetAccountSummaryCommand, SetSecurityTokenServicePreferencesCommand } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import FormField from '@cloudscape-design/components/form-field';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { EditPasswordPolicy } from './EditPasswordPolicy';
import { settingsMessages } from './messages';
import { otherRules, passwordRules, usePasswordPolicy } from './passwordPolicy';

/** What applies to the whole account: the password policy, and the tokens of STS's global endpoint. */
export function Component() {
  const t = useMessages(settingsMessages);
  usePageTitle(t.title);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.title}</Header>
      <PasswordPolicySection />
      <GlobalTokens />
    </SpaceBetween>
  );
}

function PasswordPolicySection() {
  const all = useMessages(settingsMessages);
  const t = all.password;
  const policy = usePasswordPolicy();
  const [editing, setEditing] = useState(false);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.text}
          actions={
            <Button disabled={policy.data === undefined} onClick={() => setEditing(true)}>
              {t.edit}
            </Button>
          }
        >
          {t.title}
        </Header>
      }
    >
      {policy.error ? (
        <FailureAlert error={policy.error} onRetry={() => void policy.refetch()} />
      ) : policy.data === undefined ? (
        <Spinner />
      ) : (
        <SpaceBetween size="m">
          <div>{policy.data ? t.isCustom : t.isDefault}</div>
          <ColumnLayout columns={2}>
            <Rules title={t.requirements} rules={passwordRules(policy.data, all.rules)} />
            <Rules title={t.further} rules={otherRules(policy.data, all.rules)} />
          </ColumnLayout>
        </SpaceBetween>
      )}
      {editing && policy.data !== undefined && <EditPasswordPolicy policy={policy.data} onClose={() => setEditing(false)} />}
    </Container>
  );
}

function Rules({ title, rules }: { title: string; rules: string[] }) {
  return (
    <div>
      <Box variant="h3">{title}</Box>
      <ul className="plain-list">
        {rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
    </div>
  );
}

function GlobalTokens() {
  const t = useMessages(settingsMessages).sts;
  const { iam } = useClients();
  const notify = useNotify();
  const [chosen, setChosen] = useState<string | null>(null);
  const version = useQuery({
    queryKey: ['iam', 'global-tokens'],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetAccountSummaryCommand({}), { abortSignal: signal })).SummaryMap?.GlobalEndpointTokenVersion ?? 1,
  });
  const current = version.data === 2 ? 'v2Token' : 'v1Token';
  const save = async () => {
    await (await iam()).send(new SetSecurityTokenServicePreferencesCommand({ GlobalEndpointTokenVersion: chosen === 'v2Token' ? 'v2Token' : 'v1Token' }));
    notify({ type: 'success', content: t.saved });
    setChosen(null);
    await version.refetch();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.text}
          actions={
            <Button disabled={version.data === undefined} onClick={() => setChosen(current)}>
              {t.change}
            </Button>
          }
        >
          {t.title}
        </Header>
      }
    >
      {version.error ? (
        <FailureAlert error={version.error} onRetry={() => void version.refetch()} />
      ) : (
        <KeyValuePairs items={[{ label: t.tokens, value: version.data === undefined ? <Spinner /> : current === 'v2Token' ? t.v2 : t.v1 }]} />
      )}
      {chosen !== null && (
        <FormModal title={t.changeTitle} disabled={chosen === current} onSubmit={save} onClose={() => setChosen(null)}>
          <FormField label={t.tokens} stretch>
            <RadioGroup
              value={chosen}
              onChange={({ detail }) => setChosen(detail.value)}
              items={[
                { value: 'v1Token', label: t.v1, description: t.v1Text },
                { value: 'v2Token', label: t.v2, description: t.v2Text },
              ]}
            />
          </FormField>
        </FormModal>
      )}
    </Container>
  );
}
