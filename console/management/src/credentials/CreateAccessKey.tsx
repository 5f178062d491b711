import { CreateAccessKeyCommand, type AccessKey } from '@aws-sdk/client-iam';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { CopyValue } from '../../../shared/ui/CodeBlock';
import { useClients, useSession } from '../console';
import { useMessages } from '../messages';
import { FailureAlert } from '../ui/FailureAlert';
import { csv, download } from './download';
import { messages } from './messages';

/** Advises against it, makes it, and shows its secret this once. */
export function CreateAccessKey({ user, onCreated, onClose }: { user?: string; onCreated: () => void; onClose: () => void }) {
  const all = useMessages(messages);
  const t = all.createKey;
  const { iam } = useClients();
  const { kind, userName } = useSession();
  const ofRoot = kind === 'root' && !user;
  const [consent, setConsent] = useState(false);
  const [missing, setMissing] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  // Only here, until the dialog closes: nothing keeps a secret.
  const [key, setKey] = useState<AccessKey | null>(null);
  const [shown, setShown] = useState(false);

  const create = async () => {
    if (!consent) {
      setMissing(true);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      const { AccessKey } = await (await iam()).send(new CreateAccessKeyCommand(user ? { UserName: user } : {}));
      setKey(AccessKey ?? null);
      onCreated();
    } catch (error) {
      setFailure(error);
    }
    setRunning(false);
  };

  if (key) {
    const { AccessKeyId = '', SecretAccessKey = '' } = key;
    const save = () =>
      download(
        ofRoot ? 'rootkey.csv' : `${user ?? userName}_accessKeys.csv`,
        'text/csv',
        csv(
          [
            ['Access key ID', 'Secret access key'],
            [AccessKeyId, SecretAccessKey],
          ],
          { exact: true },
        ),
      );
    return (
      <Modal
        visible
        header={t.shownTitle}
        onDismiss={onClose}
        footer={
          <Box float="right">
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="download" onClick={save}>
                {t.download}
              </Button>
              <Button variant="primary" onClick={onClose}>
                {all.done}
              </Button>
            </SpaceBetween>
          </Box>
        }
      >
        <SpaceBetween size="m">
          <div role="status">
            <Alert type="success" header={t.created}>
              {t.shownOnce}
            </Alert>
          </div>
          <KeyValuePairs
            columns={1}
            items={[
              { label: all.keys.id, value: <CopyValue label={all.keys.id} text={AccessKeyId} /> },
              {
                label: t.secret,
                value: (
                  <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                    <CopyValue label={t.secret} text={SecretAccessKey} shown={shown ? SecretAccessKey : '•'.repeat(20)} />
                    <Button variant="inline-link" onClick={() => setShown(!shown)}>
                      {shown ? t.hide : t.show}
                    </Button>
                  </SpaceBetween>
                ),
              },
            ]}
          />
          <Box color="text-body-secondary">{t.practices}</Box>
        </SpaceBetween>
      </Modal>
    );
  }

  return (
    <Modal
      visible
      header={t.title}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {all.cancel}
            </Button>
            <Button variant="primary" loading={running} onClick={() => void create()}>
              {t.create}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type={ofRoot ? 'warning' : 'info'} header={ofRoot ? t.rootTitle : t.alternatives}>
          {ofRoot ? t.rootText : t.alternativesText}
        </Alert>
        <FormField errorText={missing && !consent && t.consentNeeded}>
          <Checkbox checked={consent} onChange={({ detail }) => setConsent(detail.checked)}>
            {ofRoot ? t.rootConsent : t.consent}
          </Checkbox>
        </FormField>
        {failure !== null && <FailureAlert error={failure} />}
      </SpaceBetween>
    </Modal>
  );
}
