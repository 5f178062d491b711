import { ChangePasswordCommand, GetAccountPasswordPolicyCommand, GetLoginProfileCommand, GetUserCommand } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useClients, useSession } from '../console';
import { isDenied, isNotFound, toConsoleFailure } from '../failure';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { FailureAlert } from '../ui/FailureAlert';
import { messages } from './messages';
import { passwordFaults, passwordRules } from './passwordRules';

/** An IAM user's own console password, changed in place (C-12). */
export function UserPassword() {
  const t = useMessages(messages).password;
  const format = useFormat();
  const { iam } = useClients();
  const [changing, setChanging] = useState(false);

  // What may not be read is left out: changing may be allowed all the same.
  const facts = useQuery({
    queryKey: ['security-credentials', 'password'],
    queryFn: async ({ signal }) => {
      const client = await iam();
      const [user, profile] = await Promise.allSettled([
        client.send(new GetUserCommand({}), { abortSignal: signal }),
        client.send(new GetLoginProfileCommand({}), { abortSignal: signal }),
      ]);
      return {
        lastSignIn: user.status === 'fulfilled' ? user.value.User?.PasswordLastUsed : undefined,
        set: profile.status === 'fulfilled' ? profile.value.LoginProfile?.CreateDate : undefined,
        none: profile.status === 'rejected' && isNotFound(profile.reason),
      };
    },
  });
  const { lastSignIn, set, none = false } = facts.data ?? {};

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={none ? t.none : t.userText}
          actions={
            <Button disabled={none} onClick={() => setChanging(true)}>
              {t.change}
            </Button>
          }
        >
          {t.title}
        </Header>
      }
    >
      {!none && (
        <KeyValuePairs
          columns={2}
          items={[
            { label: t.set, value: format.dateTime(set) },
            { label: t.lastSignIn, value: format.dateTime(lastSignIn) },
          ]}
        />
      )}
      {changing && <ChangePassword onClose={() => setChanging(false)} />}
    </Container>
  );
}

function ChangePassword({ onClose }: { onClose: () => void }) {
  const t = useMessages(messages).password;
  const { userName } = useSession();
  const { iam } = useClients();
  const notify = useNotify();
  const formId = useId();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [shown, setShown] = useState(false);
  const [checked, setChecked] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  /** The old password that the server did not take. */
  const [wrong, setWrong] = useState<string | null>(null);
  const policy = useQuery({
    queryKey: ['security-credentials', 'password-policy'],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetAccountPasswordPolicyCommand({}), { abortSignal: signal })).PasswordPolicy ?? null,
  });
  const rules = policy.data ? passwordRules(policy.data, t) : [];
  const faults = passwordFaults(current, next, again);
  const words = { '': '', needed: t.needed, same: t.same, differ: t.differ };

  const change = async () => {
    setChecked(true);
    if (Object.values(faults).some((fault) => fault !== '')) return;
    setRunning(true);
    setFailure(null);
    try {
      await (await iam()).send(new ChangePasswordCommand({ OldPassword: current, NewPassword: next }));
      notify({ type: 'success', content: t.changed });
      onClose();
    } catch (error) {
      if (isDenied(error) && !toConsoleFailure(error).denial) setWrong(current);
      else setFailure(error);
      setRunning(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void change();
  };
  const type = shown ? 'text' : 'password';

  return (
    <Modal
      visible
      header={t.change}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" disabled={running} onClick={onClose}>
              {t.cancel}
            </Button>
            <Button variant="primary" loading={running} form={formId}>
              {t.change}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={formId} onSubmit={submit}>
        <SpaceBetween size="m">
          {/* Tells password managers whose password it is. */}
          <input type="text" name="username" autoComplete="username" value={userName} readOnly hidden />
          <FormField label={t.current} errorText={checked && (current === wrong && current !== '' ? t.wrong : words[faults.current])}>
            <Input type={type} autoComplete="current-password" value={current} onChange={({ detail }) => setCurrent(detail.value)} />
          </FormField>
          <FormField
            label={t.next}
            errorText={checked && words[faults.next]}
            constraintText={
              rules.length > 0 && (
                <>
                  {t.rules}
                  <ul className="rules">
                    {rules.map((rule) => (
                      <li key={rule}>{rule}</li>
                    ))}
                  </ul>
                </>
              )
            }
          >
            <Input type={type} autoComplete="new-password" value={next} onChange={({ detail }) => setNext(detail.value)} />
          </FormField>
          <FormField label={t.again} errorText={checked && words[faults.again]}>
            <Input type={type} autoComplete="new-password" value={again} onChange={({ detail }) => setAgain(detail.value)} />
          </FormField>
          <Checkbox checked={shown} onChange={({ detail }) => setShown(detail.checked)}>
            {t.show}
          </Checkbox>
          {failure !== null && <FailureAlert error={failure} />}
          <Box color="text-body-secondary" fontSize="body-s">
            {t.administrator}
          </Box>
        </SpaceBetween>
      </form>
    </Modal>
  );
}
