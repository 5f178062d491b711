import {
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
  UploadSigningCertificateCommand,
  UploadSSHPublicKeyCommand,
  type IAMClient,
  type StatusType,
} from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Textarea from '@cloudscape-design/components/textarea';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { EntityTable } from '../../ui/EntityTable';
import { FormModal } from '../../ui/FormModal';
import { wholeList } from '../../ui/useList';
import { certificatesOf, sshKeysOf } from './lists';
import { userMessages } from './messages';

interface PublicKey {
  id: string;
  active: boolean;
  uploaded: Date | undefined;
}

/** What differs between the public keys that IAM keeps of users. */
interface Kind {
  name: 'ssh' | 'certificates';
  /** How many a user may have. */
  most: number;
  list: (iam: IAMClient, user: string, signal: AbortSignal) => Promise<PublicKey[]>;
  upload: (iam: IAMClient, user: string, body: string) => Promise<unknown>;
  setStatus: (iam: IAMClient, user: string, id: string, status: StatusType) => Promise<unknown>;
  remove: (iam: IAMClient, user: string, id: string) => Promise<unknown>;
}

const ssh: Kind = {
  name: 'ssh',
  most: 5,
  list: async (iam, user, signal) =>
    (await sshKeysOf(iam, user, signal)).map(({ SSHPublicKeyId = '', Status, UploadDate }) => ({ id: SSHPublicKeyId, active: Status === 'Active', uploaded: UploadDate })),
  upload: (iam, UserName, SSHPublicKeyBody) => iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody })),
  setStatus: (iam, UserName, SSHPublicKeyId, Status) => iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status })),
  remove: (iam, UserName, SSHPublicKeyId) => iam.send(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId })),
};

const certificates: Kind = {
  name: 'certificates',
  most: 2,
  list: async (iam, user, signal) =>
    (await certificatesOf(iam, user, signal)).map(({ CertificateId = '', Status, UploadDate }) => ({ id: CertificateId, active: Status === 'Active', uploaded: UploadDate })),
  upload: (iam, UserName, CertificateBody) => iam.send(new UploadSigningCertificateCommand({ UserName, CertificateBody })),
  setStatus: (iam, UserName, CertificateId, Status) => iam.send(new UpdateSigningCertificateCommand({ UserName, CertificateId, Status })),
  remove: (iam, UserName, CertificateId) => iam.send(new DeleteSigningCertificateCommand({ UserName, CertificateId })),
};

export const SshKeys = ({ user }: { user: string }) => <PublicKeys user={user} kind={ssh} />;
export const SigningCertificates = ({ user }: { user: string }) => <PublicKeys user={user} kind={certificates} />;

function PublicKeys({ user, kind }: { user: string; kind: Kind }) {
  const all = useMessages(userMessages);
  const t = all[kind.name];
  const format = useFormat();
  const { iam } = useClients();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [uploading, setUploading] = useState(false);
  const keys = useQuery({
    queryKey: ['iam', 'public-keys', kind.name, user],
    queryFn: async ({ signal }) => kind.list(await iam(), user, signal),
  });

  const act = async ({ id, active }: PublicKey, action: string) => {
    if (action === 'delete') {
      ask({
        title: t.deleteTitle(id),
        text: t.deleteText,
        confirmText: id,
        onConfirm: async () => {
          await kind.remove(await iam(), user, id);
          notify({ type: 'success', content: all.removed(id) });
          await keys.refetch();
        },
      });
      return;
    }
    try {
      await kind.setStatus(await iam(), user, id, active ? 'Inactive' : 'Active');
      notify({ type: 'success', content: all.changed(id, active ? all.inactive : all.active) });
      await keys.refetch();
    } catch (error) {
      notify({ type: 'error', content: <FailureAlert error={error} /> });
    }
  };

  return (
    <>
      <EntityTable<PublicKey>
        variant="container"
        list={wholeList(keys)}
        title={t.title}
        description={t.text}
        trackBy={({ id }) => id}
        text={({ id }) => id}
        actions={
          <Button disabled={!keys.data || keys.data.length >= kind.most} onClick={() => setUploading(true)}>
            {t.upload}
          </Button>
        }
        empty={t.none}
        columns={[
          { id: 'id', header: t.id, isRowHeader: true, cell: ({ id }) => <code className="long-words">{id}</code> },
          { id: 'status', header: all.status, cell: ({ active }) => <StatusIndicator type={active ? 'success' : 'stopped'}>{active ? all.active : all.inactive}</StatusIndicator> },
          { id: 'uploaded', header: all.uploaded, cell: ({ uploaded }) => <span title={format.dateTime(uploaded)}>{format.ago(uploaded)}</span> },
          {
            id: 'actions',
            header: all.actions,
            cell: (key) => (
              <ButtonDropdown
                variant="inline-icon"
                ariaLabel={all.actionsOn(key.id)}
                expandToViewport
                items={[
                  { id: 'status', text: key.active ? all.deactivate : all.activate },
                  { id: 'delete', text: all.delete },
                ]}
                onItemClick={({ detail }) => void act(key, detail.id)}
              />
            ),
          },
        ]}
      />
      {dialog}
      {uploading && (
        <Upload
          user={user}
          kind={kind}
          onClose={() => setUploading(false)}
          onDone={() => {
            setUploading(false);
            notify({ type: 'success', content: t.uploaded });
            void keys.refetch();
          }}
        />
      )}
    </>
  );
}

function Upload({ user, kind, onClose, onDone }: { user: string; kind: Kind; onClose: () => void; onDone: () => void }) {
  const t = useMessages(userMessages)[kind.name];
  const { iam } = useClients();
  const [body, setBody] = useState('');
  const [tried, setTried] = useState(false);
  const upload = async () => {
    setTried(true);
    if (body.trim() === '') return false;
    await kind.upload(await iam(), user, body.trim());
    onDone();
    return undefined;
  };
  return (
    <FormModal title={t.upload} submit={t.upload} onSubmit={upload} onClose={onClose}>
      <FormField label={t.field} constraintText={t.hint} errorText={tried && body.trim() === '' && t.needed} stretch>
        <Textarea value={body} rows={8} spellcheck={false} autoComplete={false} onChange={({ detail }) => setBody(detail.value)} />
      </FormField>
    </FormModal>
  );
}
