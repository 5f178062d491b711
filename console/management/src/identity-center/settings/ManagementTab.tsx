import { DeleteInstanceCommand, UpdateInstanceCommand } from '@aws-sdk/client-sso-admin';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useClients, useSession } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { groupedAccountId } from '../../session';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import type { Instance } from '../enable/WithInstance';
import { instanceKey } from '../instance';
import { DelegatedAdministrator } from './DelegatedAdministrator';
import { managementMessages } from './managementMessages';
import { settingsMessages } from './messages';

/** The instance itself: who administers it beside its owner, its name, and its end. */
export function ManagementTab({ instance }: { instance: Instance }) {
  return (
    <SpaceBetween size="l">
      <DelegatedAdministrator instance={instance} />
      <Name instance={instance} />
      <Delete instance={instance} />
    </SpaceBetween>
  );
}

function Name({ instance }: { instance: Instance }) {
  const t = useMessages(managementMessages).instance;
  const [editing, setEditing] = useState(false);
  return (
    <>
      <Container header={<Header variant="h2" actions={<Button onClick={() => setEditing(true)}>{t.rename}</Button>}>{t.title}</Header>}>
        <KeyValuePairs items={[{ label: t.name, value: <span className="long-words">{instance.name || '–'}</span> }]} />
      </Container>
      {editing && <EditName instance={instance} onClose={() => setEditing(false)} />}
    </>
  );
}

/** sso-admin's NameType. */
const NAME = /^[\w+=,.@-]{0,255}$/;

function EditName({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const t = useMessages(managementMessages).instance;
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const [name, setName] = useState(instance.name);
  const [tried, setTried] = useState(false);
  const invalid = !NAME.test(name.trim());
  const save = async () => {
    setTried(true);
    if (invalid) return false;
    await (await ssoAdmin()).send(new UpdateInstanceCommand({ InstanceArn: instance.arn, Name: name.trim() }));
    notify({ type: 'success', content: t.renamed });
    onClose();
    await queries.invalidateQueries({ queryKey: instanceKey });
    return undefined;
  };
  return (
    <FormModal title={t.rename} onSubmit={save} onClose={onClose}>
      <FormField label={t.name} constraintText={t.nameHint} errorText={tried && invalid && t.invalid}>
        <Input value={name} autoComplete={false} spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </FormModal>
  );
}

function Delete({ instance }: { instance: Instance }) {
  const t = useMessages(managementMessages).delete;
  const notOwner = useMessages(settingsMessages).notOwner;
  const { accountId } = useSession();
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const navigate = useNavigate();
  const { ask, dialog } = useConfirmDelete();
  const owns = accountId === instance.owner;
  const remove = () =>
    ask({
      title: t.ask(instance.id),
      text: t.text,
      confirmText: instance.id,
      button: t.button,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeleteInstanceCommand({ InstanceArn: instance.arn }));
        notify({ type: 'success', content: t.done });
        void navigate('/singlesignon/dashboard');
        await queries.invalidateQueries({ queryKey: instanceKey });
      },
    });
  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            description={t.text}
            actions={
              <Button disabled={!owns} disabledReason={notOwner(groupedAccountId(instance.owner))} onClick={remove}>
                {t.button}
              </Button>
            }
          >
            {t.title}
          </Header>
        }
      />
      {dialog}
    </>
  );
}
