import { CreateAccountAliasCommand, DeleteAccountAliasCommand } from '@aws-sdk/client-iam';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyValue } from '../../../shared/ui/CodeBlock';
import { useClients, useSession } from '../console';
import { errorCode, isDenied } from '../failure';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { useConfirmDelete } from '../ui/confirmDelete';
import { FailureAlert } from '../ui/FailureAlert';
import { dashboardMessages } from './dashboardMessages';
import { FormModal } from '../ui/FormModal';
import { aliasKey, isAlias, signInUrl, useAlias, useSignInUrl } from './signInUrl';

/** What the account's users need to sign in: its id, its alias and its address (C-03, C-15, C-23). */
export function AccountAlias() {
  const t = useMessages(dashboardMessages);
  const { accountId, alias: known } = useSession();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [editing, setEditing] = useState(false);
  const url = useSignInUrl();
  const query = useAlias();
  // Who may not ask for it has it from the session.
  const alias = query.data ?? (query.error ? known : undefined);

  const remove = (name: string) =>
    ask({
      title: t.deleteAliasTitle(name),
      text: t.deleteAliasText,
      confirmText: name,
      onConfirm: async () => {
        await (await iam()).send(new DeleteAccountAliasCommand({ AccountAlias: name }));
        notify({ type: 'success', content: t.aliasDeleted });
        await queries.invalidateQueries({ queryKey: aliasKey });
      },
    });

  return (
    <Container header={<Header variant="h2">{t.account}</Header>}>
      <SpaceBetween size="m">
        {query.error && !isDenied(query.error) && <FailureAlert error={query.error} onRetry={() => void query.refetch()} />}
        <KeyValuePairs
          columns={1}
          items={[
            { label: t.accountId, value: <CopyValue label={t.accountId} text={accountId} /> },
            {
              label: t.alias,
              value:
                alias === undefined ? (
                  <Spinner />
                ) : (
                  <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                    <span className="long-words">{alias || t.noAlias}</span>
                    <Button variant="inline-link" ariaLabel={alias ? t.editAlias : t.createAlias} onClick={() => setEditing(true)}>
                      {alias ? t.edit : t.create}
                    </Button>
                    {alias && (
                      <Button variant="inline-link" ariaLabel={t.deleteAlias} onClick={() => remove(alias)}>
                        {t.delete}
                      </Button>
                    )}
                  </SpaceBetween>
                ),
            },
            { label: t.signInUrl, value: <CopyValue label={t.signInUrl} text={url} /> },
          ]}
        />
      </SpaceBetween>
      {dialog}
      {editing && <EditAlias current={alias ?? ''} onClose={() => setEditing(false)} />}
    </Container>
  );
}

function EditAlias({ current, onClose }: { current: string; onClose: () => void }) {
  const t = useMessages(dashboardMessages);
  const { signInUrl: known } = useSession();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const [typed, setTyped] = useState(current);
  const [fault, setFault] = useState('');
  const save = async () => {
    if (!isAlias(typed)) {
      setFault(t.aliasWrong);
      return false;
    }
    try {
      // An account has one alias; a new one takes the place of the old (behaviours.md 5.6).
      await (await iam()).send(new CreateAccountAliasCommand({ AccountAlias: typed }));
    } catch (error) {
      if (!errorCode(error).startsWith('EntityAlreadyExists')) throw error;
      setFault(t.aliasTaken);
      return false;
    }
    notify({ type: 'success', content: t.aliasSaved(typed) });
    await queries.invalidateQueries({ queryKey: aliasKey });
    onClose();
    return undefined;
  };
  return (
    <FormModal title={current ? t.editAlias : t.createAlias} disabled={typed === current} onSubmit={save} onClose={onClose}>
      <div>{t.aliasText}</div>
      {current && <Alert type="warning">{t.aliasReplaces}</Alert>}
      <FormField label={t.preferred} constraintText={t.aliasHint} errorText={fault}>
        <Input
          value={typed}
          autoComplete={false}
          spellcheck={false}
          onChange={({ detail }) => {
            setTyped(detail.value.trim().toLowerCase());
            setFault('');
          }}
        />
      </FormField>
      <div>
        <Box variant="awsui-key-label">{t.newUrl}</Box>
        <span className="long-words">{isAlias(typed) ? signInUrl(known, typed) : '–'}</span>
      </div>
    </FormModal>
  );
}
