import {
  DeleteAlternateContactCommand,
  GetAlternateContactCommand,
  PutAlternateContactCommand,
  type AlternateContact,
} from '@aws-sdk/client-account';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../console';
import { isNotFound } from '../failure';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { useConfirmDelete } from '../ui/confirmDelete';
import { FailureAlert } from '../ui/FailureAlert';
import { fieldFault, normalPhone, type FieldRule } from './fields';
import { FormModal } from './FormModal';
import { messages } from './messages';

const TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'] as const;
type ContactType = (typeof TYPES)[number];

const FIELDS: readonly { key: 'Name' | 'Title' | 'EmailAddress' | 'PhoneNumber'; autoComplete: string; rule: FieldRule }[] = [
  { key: 'Name', autoComplete: 'name', rule: { required: true } },
  { key: 'Title', autoComplete: 'organization-title', rule: { required: true } },
  { key: 'EmailAddress', autoComplete: 'email', rule: { required: true, kind: 'email' } },
  { key: 'PhoneNumber', autoComplete: 'tel', rule: { required: true, kind: 'phone' } },
];

const queryKey = (type: ContactType) => ['account', 'alternate-contact', type];

/** Who else hears of billing, operations and security. */
export function AlternateContacts() {
  const t = useMessages(messages).alternate;
  const { account } = useClients();
  const contacts = useQueries({
    queries: TYPES.map((type) => ({
      queryKey: queryKey(type),
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<AlternateContact | null> => {
        try {
          const out = await (await account()).send(new GetAlternateContactCommand({ AlternateContactType: type }), { abortSignal: signal });
          return out.AlternateContact ?? null;
        } catch (error) {
          if (isNotFound(error)) return null;
          throw error;
        }
      },
    })),
  });
  const failed = contacts.find(({ error }) => error);
  const again = () => {
    for (const contact of contacts) void contact.refetch();
  };
  return (
    <div id="alternate-contacts">
      <Container
        header={
          <Header variant="h2" description={t.description}>
            {t.title}
          </Header>
        }
      >
        {/* What refuses one kind of contact most likely refuses all: it is said once. */}
        {failed ? (
          <FailureAlert error={failed.error} onRetry={again} />
        ) : (
          <ColumnLayout columns={3} variant="text-grid" minColumnWidth={200}>
            {TYPES.map((type, i) => (
              <OneContact key={type} type={type} contact={contacts[i]?.data} />
            ))}
          </ColumnLayout>
        )}
      </Container>
    </div>
  );
}

/** `contact` is null where there is none, undefined until that is known. */
function OneContact({ type, contact }: { type: ContactType; contact: AlternateContact | null | undefined }) {
  const all = useMessages(messages);
  const t = all.alternate;
  const name = t.types[type];
  const { account } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const confirm = useConfirmDelete();
  const [editing, setEditing] = useState(false);

  const remove = () =>
    confirm.ask({
      title: t.removeTitle(name),
      text: t.removeText,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        await (await account()).send(new DeleteAlternateContactCommand({ AlternateContactType: type }));
        notify({ type: 'success', content: t.removed(name) });
        await queries.invalidateQueries({ queryKey: queryKey(type) });
      },
    });

  return (
    <SpaceBetween size="xs">
      <Box variant="h3">{name}</Box>
      {contact === undefined && <StatusIndicator type="loading">{name}</StatusIndicator>}
      {contact && (
        <div className="long-words">
          {FIELDS.map(({ key }) => (
            <div key={key}>{contact[key]}</div>
          ))}
        </div>
      )}
      {contact === null && <Box color="text-body-secondary">{t.none}</Box>}
      {contact !== undefined && (
        <SpaceBetween direction="horizontal" size="s">
          <Button variant="inline-link" ariaLabel={contact ? t.editOf(name) : t.addOf(name)} onClick={() => setEditing(true)}>
            {contact ? all.edit : t.add}
          </Button>
          {contact && (
            <Button variant="inline-link" ariaLabel={t.removeOf(name)} onClick={remove}>
              {t.remove}
            </Button>
          )}
        </SpaceBetween>
      )}
      {confirm.dialog}
      {editing && <EditContact type={type} contact={contact ?? null} onClose={() => setEditing(false)} />}
    </SpaceBetween>
  );
}

function EditContact({ type, contact, onClose }: { type: ContactType; contact: AlternateContact | null; onClose: () => void }) {
  const all = useMessages(messages);
  const t = all.alternate;
  const name = t.types[type];
  const { account } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const [values, setValues] = useState<Partial<AlternateContact>>(contact ?? {});
  const [checked, setChecked] = useState(false);
  const faults = { '': '', required: all.contact.required, phone: all.contact.phoneInvalid, email: t.emailInvalid };

  const save = async () => {
    setChecked(true);
    if (FIELDS.some(({ key, rule }) => fieldFault(values[key] ?? '', rule) !== '')) return false;
    const { Name = '', Title = '', EmailAddress = '', PhoneNumber = '' } = values;
    await (await account()).send(
      new PutAlternateContactCommand({
        AlternateContactType: type,
        Name: Name.trim(),
        Title: Title.trim(),
        EmailAddress: EmailAddress.trim(),
        PhoneNumber: normalPhone(PhoneNumber),
      }),
    );
    notify({ type: 'success', content: t.saved(name) });
    await queries.invalidateQueries({ queryKey: queryKey(type) });
    return true;
  };

  return (
    <FormModal title={contact ? t.editOf(name) : t.addOf(name)} onSave={save} onClose={onClose}>
      {FIELDS.map(({ key, autoComplete, rule }) => (
        <FormField key={key} label={t.fields[key]} errorText={checked && faults[fieldFault(values[key] ?? '', rule)]}>
          <Input
            value={values[key] ?? ''}
            autoComplete={autoComplete}
            inputMode={rule.kind === 'phone' ? 'tel' : rule.kind === 'email' ? 'email' : 'text'}
            onChange={({ detail }) => setValues((old) => ({ ...old, [key]: detail.value }))}
          />
        </FormField>
      ))}
    </FormModal>
  );
}
