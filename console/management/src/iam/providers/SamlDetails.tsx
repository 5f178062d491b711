import {
  GetSAMLProviderCommand,
  TagSAMLProviderCommand,
  UntagSAMLProviderCommand,
  UpdateSAMLProviderCommand,
  type GetSAMLProviderCommandOutput,
  type UpdateSAMLProviderCommandInput,
} from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import Textarea from '@cloudscape-design/components/textarea';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { download } from '../../credentials/download';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { NotThere } from '../../ui/NotThere';
import { TagsPanel } from '../../ui/TagsPanel';
import { MetadataField } from './MetadataField';
import { providerMessages } from './messages';
import { providerName } from './provider';

type Change = Omit<UpdateSAMLProviderCommandInput, 'SAMLProviderArn'>;

/** A SAML provider: its metadata, and the keys for what it encrypts. */
export function SamlDetails({ arn, readOnly, header }: { arn: string; readOnly: boolean; header: ReactNode }) {
  const t = useMessages(providerMessages);
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const [replacing, setReplacing] = useState(false);
  const queryKey = ['iam', 'provider', arn];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await iam()).send(new GetSAMLProviderCommand({ SAMLProviderArn: arn }), { abortSignal: signal }),
  });
  if (error) return <NotThere name={providerName(arn)} error={error} text={t.missing} list={t.all} href="/iam/identity-providers" onRetry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  const change = async (what: Change, said: string) => {
    await (await iam()).send(new UpdateSAMLProviderCommand({ SAMLProviderArn: arn, ...what }));
    notify({ type: 'success', content: said });
    await queries.invalidateQueries({ queryKey });
  };

  return (
    <SpaceBetween size="l">
      {header}
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {data.SAMLMetadataDocument && (
                  <Button iconName="download" onClick={() => download(`${providerName(arn)}.xml`, 'application/xml', data.SAMLMetadataDocument!)}>
                    {t.download}
                  </Button>
                )}
                {!readOnly && <Button onClick={() => setReplacing(true)}>{t.replace}</Button>}
              </SpaceBetween>
            }
          >
            {t.summary}
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          minColumnWidth={220}
          items={[
            { label: t.created, value: format.dateTime(data.CreateDate) },
            { label: t.validUntil, value: format.dateTime(data.ValidUntil) },
            { label: t.arn, value: <CopyValue label={t.arn} text={arn} /> },
          ]}
        />
      </Container>
      {!readOnly && <Encryption provider={data} onChange={(what) => change(what, t.saved)} />}
      <TagsPanel
        tags={data.Tags ?? []}
        readOnly={readOnly}
        onSave={async ({ put, remove }) => {
          const client = await iam();
          if (remove.length > 0) await client.send(new UntagSAMLProviderCommand({ SAMLProviderArn: arn, TagKeys: remove }));
          if (put.length > 0) await client.send(new TagSAMLProviderCommand({ SAMLProviderArn: arn, Tags: put }));
          await queries.invalidateQueries({ queryKey });
        }}
      />
      {replacing && <ReplaceMetadata onSave={(document) => change({ SAMLMetadataDocument: document }, t.replaced)} onClose={() => setReplacing(false)} />}
    </SpaceBetween>
  );
}

function ReplaceMetadata({ onSave, onClose }: { onSave: (document: string) => Promise<unknown>; onClose: () => void }) {
  const t = useMessages(providerMessages);
  const [file, setFile] = useState<File | null>(null);
  const [tried, setTried] = useState(false);
  const save = async () => {
    setTried(true);
    if (!file) return false;
    await onSave(await file.text());
    onClose();
    return undefined;
  };
  return (
    <FormModal title={t.replace} onSubmit={save} onClose={onClose}>
      <MetadataField file={file} wrong={tried && !file} onChange={setFile} />
    </FormModal>
  );
}

function Encryption({ provider, onChange }: { provider: GetSAMLProviderCommandOutput; onChange: (change: Change) => Promise<unknown> }) {
  const t = useMessages(providerMessages);
  const format = useFormat();
  const { ask, dialog } = useConfirmDelete();
  const [editing, setEditing] = useState<'mode' | 'key' | null>(null);
  const mode = provider.AssertionEncryptionMode;
  const remove = (id: string) =>
    ask({ title: t.removeKeyTitle(id), text: t.removeKeyText, button: t.removeKey, onConfirm: () => onChange({ RemovePrivateKey: id }) });
  return (
    <>
      <Table
        variant="container"
        wrapLines
        items={provider.PrivateKeyList ?? []}
        trackBy={({ KeyId = '' }) => KeyId}
        empty={t.noKeys}
        header={
          <Header
            variant="h2"
            description={`${t.encryptionText} ${t.mode}: ${t.modes[mode ?? 'none']}`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => setEditing('mode')}>{t.editEncryption}</Button>
                <Button onClick={() => setEditing('key')}>{t.addKey}</Button>
              </SpaceBetween>
            }
          >
            {t.encryption}
          </Header>
        }
        columnDefinitions={[
          { id: 'id', header: t.keyId, isRowHeader: true, cell: ({ KeyId }) => <span className="long-words">{KeyId}</span> },
          { id: 'created', header: t.created, cell: ({ Timestamp }) => format.dateTime(Timestamp) },
          {
            id: 'remove',
            header: t.actions,
            cell: ({ KeyId = '' }) => (
              <Button variant="inline-link" ariaLabel={`${t.removeKey}: ${KeyId}`} onClick={() => remove(KeyId)}>
                {t.removeKey}
              </Button>
            ),
          },
        ]}
      />
      {dialog}
      {editing === 'mode' && <ModeModal mode={mode} onChange={onChange} onClose={() => setEditing(null)} />}
      {editing === 'key' && <KeyModal onChange={onChange} onClose={() => setEditing(null)} />}
    </>
  );
}

interface ModalProps {
  onChange: (change: Change) => Promise<unknown>;
  onClose: () => void;
}

function ModeModal({ mode, onChange, onClose }: ModalProps & { mode: GetSAMLProviderCommandOutput['AssertionEncryptionMode'] }) {
  const t = useMessages(providerMessages);
  const options = (['Allowed', 'Required'] as const).map((value) => ({ value, label: t.modes[value] }));
  const [chosen, setChosen] = useState(mode ?? 'Allowed');
  const save = async () => {
    await onChange({ AssertionEncryptionMode: chosen });
    onClose();
  };
  return (
    <FormModal title={t.editEncryption} onSubmit={save} onClose={onClose}>
      <FormField label={t.mode}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          onChange={({ detail }) => setChosen(detail.selectedOption.value === 'Required' ? 'Required' : 'Allowed')}
        />
      </FormField>
    </FormModal>
  );
}

function KeyModal({ onChange, onClose }: ModalProps) {
  const t = useMessages(providerMessages);
  const [pem, setPem] = useState('');
  const [tried, setTried] = useState(false);
  const valid = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem);
  const save = async () => {
    setTried(true);
    if (!valid) return false;
    await onChange({ AddPrivateKey: pem });
    onClose();
    return undefined;
  };
  return (
    <FormModal title={t.addKey} onSubmit={save} onClose={onClose}>
      <FormField label={t.addKey} constraintText={t.addKeyHint} errorText={tried && !valid && t.addKeyWrong}>
        <Textarea value={pem} rows={8} spellcheck={false} autoComplete={false} onChange={({ detail }) => setPem(detail.value)} />
      </FormField>
    </FormModal>
  );
}
