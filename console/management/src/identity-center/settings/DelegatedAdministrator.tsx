import { DeregisterDelegatedAdministratorCommand, RegisterDelegatedAdministratorCommand } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Spinner from '@cloudscape-design/components/spinner';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients, useSession } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { groupedAccountId } from '../../session';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import type { Instance } from '../enable/WithInstance';
import { managementMessages } from './managementMessages';
import { delegatedKey, SERVICE_PRINCIPAL, useDelegatedAdministrator } from './useDelegatedAdministrator';

/** Registers and deregisters the one member account that administers beside the management account (F-09, G-62, Q-20). */
export function DelegatedAdministrator({ instance }: { instance: Instance }) {
  const t = useMessages(managementMessages).delegated;
  const format = useFormat();
  const { accountId } = useSession();
  const { organizations } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [registering, setRegistering] = useState(false);
  const owns = accountId === instance.owner;
  const { data, error, isPending, refetch } = useDelegatedAdministrator();
  const changed = () => queries.invalidateQueries({ queryKey: delegatedKey });

  const deregister = (AccountId: string) =>
    ask({
      title: t.deregisterTitle(groupedAccountId(AccountId)),
      text: t.deregisterText,
      button: t.deregister,
      reversible: true,
      onConfirm: async () => {
        await (await organizations()).send(new DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE_PRINCIPAL }));
        notify({ type: 'success', content: t.deregistered });
        await changed();
      },
    });

  const action = data ? (
    <Button disabled={!owns} disabledReason={t.notOwner} onClick={() => deregister(data.Id ?? '')}>
      {t.deregister}
    </Button>
  ) : (
    <Button disabled={!owns || data === undefined} {...(!owns && { disabledReason: t.notOwner })} onClick={() => setRegistering(true)}>
      {t.register}
    </Button>
  );
  return (
    <>
      <Container
        header={
          <Header variant="h2" description={t.text} actions={action}>
            {t.title}
          </Header>
        }
      >
        {isPending && <Spinner />}
        {error && <FailureAlert error={error} onRetry={() => void refetch()} />}
        {data === null && t.none}
        {data && (
          <KeyValuePairs
            columns={3}
            items={[
              { label: t.account, value: groupedAccountId(data.Id ?? '') },
              { label: t.name, value: <span className="long-words">{data.Name}</span> },
              { label: t.since, value: format.dateTime(data.DelegationEnabledDate) },
            ]}
          />
        )}
      </Container>
      {dialog}
      {registering && (
        <Register
          instance={instance}
          onClose={() => setRegistering(false)}
          onRegistered={(id) => {
            setRegistering(false);
            notify({ type: 'success', content: t.registered(groupedAccountId(id)) });
            void changed();
          }}
        />
      )}
    </>
  );
}

function Register({ instance, onRegistered, onClose }: { instance: Instance; onRegistered: (id: string) => void; onClose: () => void }) {
  const t = useMessages(managementMessages).delegated;
  const { organizations } = useClients();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  // As people copy it from the navigation bar.
  const id = typed.replace(/[\s-]/g, '');
  const fault = !/^\d{12}$/.test(id) ? t.invalid : id === instance.owner ? t.own : '';
  const register = async () => {
    setTried(true);
    if (fault) return false;
    await (await organizations()).send(new RegisterDelegatedAdministratorCommand({ AccountId: id, ServicePrincipal: SERVICE_PRINCIPAL }));
    onRegistered(id);
    return undefined;
  };
  return (
    <FormModal title={t.register} submit={t.register} onSubmit={register} onClose={onClose}>
      <FormField label={t.account} constraintText={t.accountHint} errorText={tried && fault}>
        <Input value={typed} inputMode="numeric" autoComplete={false} onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
    </FormModal>
  );
}
