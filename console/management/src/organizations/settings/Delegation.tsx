import { DeleteResourcePolicyCommand, DescribeResourcePolicyCommand, PutResourcePolicyCommand } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { PolicyEditor } from '../../policy-editor/PolicyEditor';
import { pretty } from '../../policy-editor/pretty';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { everything, useChanged } from '../organization';
import { settingsMessages } from './messages';

const blank = (account: string): string =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadOrganization',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: ['organizations:Describe*', 'organizations:List*'],
          Resource: '*',
        },
      ],
    },
    null,
    4,
  );

/** The organization's resource policy, which lets member accounts administer parts of it. */
export function Delegation() {
  const t = useMessages(settingsMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const [typed, setTyped] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { data, error, refetch } = useQuery({
    queryKey: [...everything, 'resource-policy'],
    queryFn: async ({ signal }) => {
      try {
        return (await (await organizations()).send(new DescribeResourcePolicyCommand({}), { abortSignal: signal })).ResourcePolicy?.Content ?? '';
      } catch (refused) {
        if (errorCode(refused) === 'ResourcePolicyNotFoundException') return '';
        throw refused;
      }
    },
  });
  const document = pretty(data ?? '');

  const save = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await (await organizations()).send(new PutResourcePolicyCommand({ Content: typed! }));
      notify({ type: 'success', content: t.delegationSaved });
      setTyped(null);
      await changed();
    } catch (refused) {
      setFailure(refused);
    } finally {
      setRunning(false);
    }
  };
  const remove = () =>
    ask({
      title: t.delegationDeleteTitle,
      text: t.delegationDeleteText,
      onConfirm: async () => {
        await (await organizations()).send(new DeleteResourcePolicyCommand({}));
        notify({ type: 'success', content: t.delegationDeleted });
        await changed();
      },
    });

  const actions =
    typed !== null ? (
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          variant="link"
          onClick={() => {
            setTyped(null);
            setFailure(null);
          }}
        >
          {t.cancel}
        </Button>
        <Button variant="primary" disabled={!valid} disabledReason={t.documentMissing} loading={running} onClick={() => void save()}>
          {t.save}
        </Button>
      </SpaceBetween>
    ) : data ? (
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={() => setTyped(document)}>{t.delegationEdit}</Button>
        <Button onClick={remove}>{t.delegationDelete}</Button>
      </SpaceBetween>
    ) : (
      data === '' && <Button onClick={() => setTyped(blank('123456789012'))}>{t.delegationCreate}</Button>
    );

  return (
    <Container
      header={
        <Header variant="h2" description={t.delegationText} actions={actions}>
          {t.delegation}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {failure !== null && <FailureAlert error={failure} />}
        {error ? (
          <FailureAlert error={error} onRetry={() => void refetch()} />
        ) : typed !== null ? (
          <FormField stretch errorText={!valid && t.documentMissing}>
            <PolicyEditor value={typed} onChange={setTyped} kind="resource" label={t.document} onValid={setValid} />
          </FormField>
        ) : data === undefined ? (
          <Spinner />
        ) : data === '' ? (
          <div>{t.delegationNone}</div>
        ) : (
          <PolicyEditor value={document} onChange={() => undefined} kind="resource" label={t.document} readOnly />
        )}
      </SpaceBetween>
      {dialog}
    </Container>
  );
}
