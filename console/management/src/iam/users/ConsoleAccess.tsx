import { AttachUserPolicyCommand, CreateLoginProfileCommand, DeleteLoginProfileCommand, UpdateLoginProfileCommand, type User } from '@aws-sdk/client-iam';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { usePasswordPolicy } from '../settings/passwordPolicy';
import { useSignInUrl } from '../signInUrl';
import { consoleAccessKey, useConsoleAccess } from './consoleAccessState';
import { userMessages } from './messages';
import { blankPassword, CHANGE_PASSWORD } from './newUser';
import { generatePassword } from './password';
import { PasswordFields } from './PasswordFields';
import { HandOver, SignInDetails } from './SignInDetails';

/** The console password of a user: set, reset and taken away by an administrator (C-12, C-14). */
export function ConsoleAccess({ user: { UserName: name = '', PasswordLastUsed } }: { user: User }) {
  const all = useMessages(userMessages);
  const t = all.console;
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const url = useSignInUrl();
  const access = useConsoleAccess(name);
  const [setting, setSetting] = useState(false);
  // Only here, until the dialog closes: nothing keeps a secret.
  const [password, setPassword] = useState('');
  const changed = () => queries.invalidateQueries({ queryKey: consoleAccessKey(name) });

  const disable = () =>
    ask({
      title: t.disableTitle(name),
      text: t.disableText,
      button: t.disable,
      onConfirm: async () => {
        await (await iam()).send(new DeleteLoginProfileCommand({ UserName: name }));
        notify({ type: 'success', content: t.disabled });
        await changed();
      },
    });

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.text}
          actions={
            access.data === null ? (
              <Button onClick={() => setSetting(true)}>{t.enable}</Button>
            ) : (
              access.data && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button onClick={disable}>{t.disable}</Button>
                  <Button onClick={() => setSetting(true)}>{t.reset}</Button>
                </SpaceBetween>
              )
            )
          }
        >
          {t.title}
        </Header>
      }
    >
      {access.error ? (
        <FailureAlert error={access.error} onRetry={() => void access.refetch()} />
      ) : (
        <KeyValuePairs
          columns={3}
          minColumnWidth={220}
          items={[
            { label: t.url, value: <CopyValue label={t.url} text={url} /> },
            {
              label: t.state,
              value: access.data ? `${t.setOn(format.dateTime(access.data.CreateDate))}${access.data.PasswordResetRequired ? ` – ${t.mustChange}` : ''}` : t.notEnabled,
            },
            { label: all.lastSignIn, value: format.dateTime(PasswordLastUsed, all.never) },
          ]}
        />
      )}
      {dialog}
      {setting && (
        <SetPassword
          user={name}
          reset={access.data !== null}
          onClose={() => setSetting(false)}
          onSet={(chosen) => {
            setSetting(false);
            setPassword(chosen);
            void changed();
          }}
        />
      )}
      {password && <Shown user={name} password={password} onClose={() => setPassword('')} />}
    </Container>
  );
}

function SetPassword({ user, reset, onSet, onClose }: { user: string; reset: boolean; onSet: (password: string) => void; onClose: () => void }) {
  const t = useMessages(userMessages).console;
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const policy = usePasswordPolicy();
  const [wish, setWish] = useState(blankPassword);
  const [tried, setTried] = useState(false);

  const set = async () => {
    setTried(true);
    if (!wish.generated && wish.typed === '') return false;
    const client = await iam();
    const Password = wish.generated ? generatePassword(policy.data ?? null) : wish.typed;
    const profile = { UserName: user, Password, PasswordResetRequired: wish.mustChange };
    await (reset ? client.send(new UpdateLoginProfileCommand(profile)) : client.send(new CreateLoginProfileCommand(profile)));
    if (wish.mustChange) {
      try {
        await client.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn: CHANGE_PASSWORD }));
        await queries.invalidateQueries({ queryKey: ['iam', 'attached', 'user', user] });
      } catch {
        notify({ type: 'warning', content: t.notAttached });
      }
    }
    onSet(Password);
    return undefined;
  };

  return (
    <FormModal title={reset ? t.reset : t.enable} submit={t.set} onSubmit={set} onClose={onClose}>
      {reset && <Alert type="warning">{t.resetText}</Alert>}
      <PasswordFields wish={wish} tried={tried} onChange={setWish} />
    </FormModal>
  );
}

function Shown({ user, password, onClose }: { user: string; password: string; onClose: () => void }) {
  const all = useMessages(userMessages);
  return (
    <Modal
      visible
      size="large"
      header={all.console.savedTitle}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <HandOver user={user} password={password} />
            <Button variant="primary" onClick={onClose}>
              {all.result.close}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div role="status">
          <Alert type="success" header={all.console.saved}>
            {all.result.once}
          </Alert>
        </div>
        <SignInDetails user={user} password={password} />
      </SpaceBetween>
    </Modal>
  );
}
