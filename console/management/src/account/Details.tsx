import { GetAccountInformationCommand, PutAccountNameCommand } from '@aws-sdk/client-account';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyValue } from '../../../shared/ui/CodeBlock';
import { useClients, useSession } from '../console';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { groupedAccountId } from '../session';
import { FailureAlert } from '../ui/FailureAlert';
import { FormModal } from './FormModal';
import { messages } from './messages';

const QUERY_KEY = ['account', 'information'];
const MOST_NAME = 50;
const INDICATORS = { ACTIVE: 'success', PENDING_ACTIVATION: 'in-progress', SUSPENDED: 'error', CLOSED: 'stopped' } as const;

/** What the account is called, and since when there is one. */
export function Details() {
  const all = useMessages(messages);
  const t = all.details;
  const session = useSession();
  const format = useFormat();
  const { account } = useClients();
  const [editing, setEditing] = useState(false);
  const information = useQuery({
    queryKey: QUERY_KEY,
    queryFn: async ({ signal }) => (await account()).send(new GetAccountInformationCommand({}), { abortSignal: signal }),
  });
  const name = information.data?.AccountName ?? session.accountName;
  return (
    <div id="details">
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <Button ariaLabel={t.editName} onClick={() => setEditing(true)}>
                {all.edit}
              </Button>
            }
          >
            {t.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={2}
            minColumnWidth={260}
            items={[
              { label: t.name, value: <span className="long-words">{name}</span> },
              { label: t.id, value: <CopyValue label={t.id} text={session.accountId} shown={groupedAccountId(session.accountId)} /> },
              { label: t.alias, value: session.alias || all.none },
              { label: t.signInUrl, value: <CopyValue label={t.signInUrl} text={session.signInUrl} /> },
              { label: t.email, value: <span className="long-words">{session.email || t.emailHidden}</span> },
              { label: t.created, value: format.date(information.data?.AccountCreatedDate) },
              {
                label: t.state,
                value: (
                  <StatusIndicator type={INDICATORS[session.accountStatus]}>{t.states[session.accountStatus]}</StatusIndicator>
                ),
              },
            ]}
          />
          {information.error && <FailureAlert error={information.error} onRetry={() => void information.refetch()} />}
        </SpaceBetween>
      </Container>
      {editing && <EditName name={name} onClose={() => setEditing(false)} />}
    </div>
  );
}

function EditName({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useMessages(messages).details;
  const { account } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const [typed, setTyped] = useState(name);
  const [wrong, setWrong] = useState(false);

  const save = async () => {
    const AccountName = typed.trim();
    if (AccountName === '' || AccountName.length > MOST_NAME) {
      setWrong(true);
      return false;
    }
    await (await account()).send(new PutAccountNameCommand({ AccountName }));
    notify({ type: 'success', content: t.nameSaved });
    await queries.invalidateQueries({ queryKey: QUERY_KEY });
    return true;
  };
  return (
    <FormModal title={t.editName} onSave={save} onClose={onClose}>
      <FormField label={t.name} description={t.nameHint} constraintText={`${typed.trim().length}/${MOST_NAME}`} errorText={wrong && t.nameLength}>
        <Input
          value={typed}
          autoComplete="organization"
          onChange={({ detail }) => {
            setTyped(detail.value);
            setWrong(false);
          }}
        />
      </FormField>
    </FormModal>
  );
}
