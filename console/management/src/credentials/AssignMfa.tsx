import { CreateVirtualMFADeviceCommand, DeleteVirtualMFADeviceCommand, EnableMFADeviceCommand } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useId, useState, type FormEvent } from 'react';
import { CopyValue } from '../../../shared/ui/CodeBlock';
import { useClients, useSession } from '../console';
import { errorCode } from '../failure';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { registerMfaUrl } from '../session';
import { FailureAlert } from '../ui/FailureAlert';
import { useCodePair } from './Codes';
import { CodesFailure } from './CodesFailure';
import { isDeviceName } from './device';
import { messages } from './messages';

interface Enrolment {
  serial: string;
  /** Base32, as people type it. */
  secret: string;
  /** A data: address of the PNG. */
  qr: string;
}

interface AssignMfaProps {
  /** The API's name for whose device it will be. */
  owner: string;
  /** The IAM user, unless it is the person themselves. */
  user?: string;
  /** Whether it will be the first device. */
  first: boolean;
  returnPath: string;
  onAssigned: () => void;
  onClose: () => void;
}

/** Registers an authenticator app here; for a passkey leads to the sign-in host, which alone sees those. */
export function AssignMfa({ owner, user, first, returnPath, onAssigned, onClose }: AssignMfaProps) {
  const all = useMessages(messages);
  const t = all.assign;
  const session = useSession();
  const { iam } = useClients();
  const notify = useNotify();
  const formId = useId();
  const pair = useCodePair();
  const [kind, setKind] = useState('fido');
  const [name, setName] = useState(first ? (owner === 'root' ? 'root-account-mfa-device' : owner) : '');
  const [nameFault, setNameFault] = useState('');
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);

  const start = async () => {
    if (kind === 'fido') {
      location.assign(registerMfaUrl(session, user ?? '', returnPath));
      return;
    }
    if (!isDeviceName(name)) {
      setNameFault(t.nameInvalid);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      const { VirtualMFADevice: made } = await (await iam()).send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }));
      setEnrolment({
        serial: made?.SerialNumber ?? '',
        secret: new TextDecoder().decode(made?.Base32StringSeed),
        qr: `data:image/png;base64,${base64(made?.QRCodePNG ?? new Uint8Array())}`,
      });
    } catch (error) {
      if (errorCode(error).startsWith('EntityAlreadyExists')) setNameFault(t.nameTaken);
      else setFailure(error);
    }
    setRunning(false);
  };

  const finish = async (serial: string) => {
    if (!pair.check()) return;
    setRunning(true);
    setFailure(null);
    const [AuthenticationCode1, AuthenticationCode2] = pair.codes;
    try {
      await (await iam()).send(new EnableMFADeviceCommand({ UserName: owner, SerialNumber: serial, AuthenticationCode1, AuthenticationCode2 }));
      notify({ type: 'success', content: all.mfa.assigned(name) });
      onAssigned();
      onClose();
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };

  const cancel = () => {
    if (running) return;
    if (enrolment) {
      // A device that nobody has would keep its name from the next attempt.
      void iam()
        .then((client) => client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: enrolment.serial })))
        .catch(() => undefined);
    }
    onClose();
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void (enrolment ? finish(enrolment.serial) : start());
  };

  return (
    <Modal
      visible
      header={t.title}
      onDismiss={cancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" disabled={running} onClick={cancel}>
              {all.cancel}
            </Button>
            <Button variant="primary" loading={running} form={formId}>
              {enrolment ? t.register : all.next}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={formId} onSubmit={submit}>
        <SpaceBetween size="m">
          {enrolment ? (
            <>
              <div>1. {t.scan}</div>
              <img className="qr-code" src={enrolment.qr} alt={t.qrAlt} width="200" height="200" />
              <ExpandableSection headerText={t.showSecret}>
                <CopyValue label={t.secret} text={enrolment.secret} shown={enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ')} />
              </ExpandableSection>
              <div>2. {t.codes}</div>
              {pair.fields}
              <CodesFailure error={failure} />
            </>
          ) : (
            <>
              <FormField label={t.kind} stretch>
                <Tiles
                  value={kind}
                  columns={1}
                  onChange={({ detail }) => setKind(detail.value)}
                  items={[
                    { value: 'fido', label: all.mfa.fido, description: t.fidoText },
                    { value: 'app', label: all.mfa.app, description: t.appText },
                  ]}
                />
              </FormField>
              {kind === 'app' ? (
                <FormField label={t.name} constraintText={t.nameHint} errorText={nameFault}>
                  <Input
                    value={name}
                    autoComplete={false}
                    spellcheck={false}
                    onChange={({ detail }) => {
                      setName(detail.value);
                      setNameFault('');
                    }}
                  />
                </FormField>
              ) : (
                <Box color="text-body-secondary">{t.leave}</Box>
              )}
              {failure !== null && <FailureAlert error={failure} />}
            </>
          )}
        </SpaceBetween>
      </form>
    </Modal>
  );
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
