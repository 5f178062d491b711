import { CreateAccountCommand, DescribeCreateAccountStatusCommand, type CreateAccountStatus } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { NewTagsContainer, useNewTags } from '../../ui/NewTags';
import { Optional } from '../../ui/Optional';
import { useChanged } from '../organization';
import { paths } from '../paths';
import { accountsMessages } from './messages';
import { isEmail, isName, isRoleName } from './newAccount';
import { POLL } from './Requests';

const DEFAULT_ROLE = 'OrganizationAccountAccessRole';

/** Asks for a new account, and then shows what comes of it. */
export function CreateAccount() {
  const [request, setRequest] = useState<CreateAccountStatus | null>(null);
  return request ? <Progress request={request} onAgain={() => setRequest(null)} /> : <Form onRequested={setRequest} />;
}

function Form({ onRequested }: { onRequested: (request: CreateAccountStatus) => void }) {
  const t = useMessages(accountsMessages);
  const { organizations } = useClients();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState(DEFAULT_ROLE);
  const [billing, setBilling] = useState(true);
  const tags = useNewTags();
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const wrong = { name: !isName(name.trim()), email: !isEmail(email.trim()), role: role.trim() !== '' && !isRoleName(role.trim()) };

  const create = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.name || wrong.email || wrong.role || !tags.valid) return;
    setRunning(true);
    setFailure(null);
    try {
      const { CreateAccountStatus: request } = await (
        await organizations()
      ).send(
        new CreateAccountCommand({
          AccountName: name.trim(),
          Email: email.trim(),
          IamUserAccessToBilling: billing ? 'ALLOW' : 'DENY',
          ...(role.trim() && { RoleName: role.trim() }),
          ...tags.request,
        }),
      );
      onRequested(request!);
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };

  return (
    <form noValidate onSubmit={(event) => void create(event)}>
      <SpaceBetween size="l">
        {failure !== null && <FailureAlert error={failure} />}
        <Container header={<Header variant="h2">{t.createOption}</Header>}>
          <SpaceBetween size="m">
            <FormField label={t.accountName} constraintText={t.accountNameHint} errorText={tried && wrong.name && t.accountNameMissing}>
              <Input value={name} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
            </FormField>
            <FormField label={t.ownerEmail} constraintText={t.ownerEmailHint} errorText={tried && wrong.email && t.emailInvalid}>
              <Input value={email} type="email" inputMode="email" autoComplete={false} spellcheck={false} onChange={({ detail }) => setEmail(detail.value)} />
            </FormField>
            <FormField
              label={<Optional>{t.role}</Optional>}
              constraintText={t.roleHint}
              errorText={tried && wrong.role && t.roleInvalid}
            >
              <Input value={role} autoComplete={false} spellcheck={false} placeholder={DEFAULT_ROLE} onChange={({ detail }) => setRole(detail.value)} />
            </FormField>
            <Checkbox checked={billing} onChange={({ detail }) => setBilling(detail.checked)}>
              {t.billingAccess}
            </Checkbox>
          </SpaceBetween>
        </Container>
        <NewTagsContainer of={tags} tried={tried} />
        <Box float="right">
          <Button variant="primary" loading={running}>
            {t.createButton}
          </Button>
        </Box>
      </SpaceBetween>
    </form>
  );
}

function Progress({ request, onAgain }: { request: CreateAccountStatus; onAgain: () => void }) {
  const t = useMessages(accountsMessages);
  const { organizations } = useClients();
  const changed = useChanged();
  const name = request.AccountName ?? '';
  const { data = request, error, refetch } = useQuery({
    // Apart from what `changed` fetches anew: a request that is over does not change.
    queryKey: ['create-account', request.Id],
    queryFn: async ({ signal }) =>
      (await (await organizations()).send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: request.Id }), { abortSignal: signal })).CreateAccountStatus!,
    refetchInterval: ({ state }) => (!state.data || state.data.State === 'IN_PROGRESS' ? POLL : false),
  });
  const { State, AccountId, FailureReason } = data;
  useEffect(() => {
    if (State === 'SUCCEEDED') void changed();
    // Once, when it is made.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [State]);

  if (error && State === 'IN_PROGRESS') return <FailureAlert error={error} onRetry={() => void refetch()} />;
  const again = <Button onClick={onAgain}>{t.another}</Button>;
  return (
    <div aria-live="polite">
      {State === 'SUCCEEDED' ? (
        <Alert
          type="success"
          header={t.createdTitle(name)}
          action={
            <SpaceBetween direction="horizontal" size="xs">
              {again}
              <Button variant="primary" href={paths.account(AccountId ?? '')}>
                {t.createdOpen}
              </Button>
            </SpaceBetween>
          }
        >
          {t.createdText}
        </Alert>
      ) : State === 'FAILED' ? (
        <Alert type="error" header={t.failedTitle(name)} action={again}>
          {t.reasons[FailureReason ?? ''] ?? FailureReason}
        </Alert>
      ) : (
        <Alert type="info" header={<StatusIndicator type="in-progress">{t.creating(name)}</StatusIndicator>} action={<Button href={`${paths.accounts}?section=requests`}>{t.requests}</Button>}>
          {t.creatingText}
        </Alert>
      )}
    </div>
  );
}
