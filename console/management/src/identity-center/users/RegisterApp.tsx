import Alert from '@cloudscape-design/components/alert';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { FormModal } from '../../ui/FormModal';
import { useIdentityCenter, type Operations } from '../api';
import type { Instance } from '../enable/WithInstance';
import { userMessages } from './messages';
import { deviceNameFault } from './MfaDevices';

/** Registers an authenticator app for a person, whose phone shows the code. */
export function RegisterApp({ instance, user, onDone, onClose }: { instance: Instance; user: string; onDone: () => void; onClose: () => void }) {
  const t = useMessages(userMessages).mfa;
  const call = useIdentityCenter();
  const [started, setStarted] = useState<Operations['StartTotpDevice'][1] | null>(null);
  const [name, setName] = useState('');
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const [wrongCode, setWrongCode] = useState('');
  const codeFault = !/^\d{6}$/.test(code);
  const nameFault = deviceNameFault(name);
  const of = { InstanceArn: instance.arn, UserId: user };

  const start = async () => setStarted(await call('StartTotpDevice', of));
  const complete = async ({ Registration }: Operations['StartTotpDevice'][1]) => {
    setTried(true);
    if (codeFault || nameFault) return false;
    try {
      await call('CompleteTotpDevice', { ...of, Registration, Code: code, Name: name.trim() });
      onDone();
      return undefined;
    } catch (error) {
      // A wrong code is mended here; anything else, such as a device too many, is told.
      if (!/code/i.test(errorCode(error)) && !/code/i.test(error instanceof Error ? error.message : '')) throw error;
      setWrongCode(code);
      return false;
    }
  };

  if (!started) {
    return (
      <FormModal title={t.register} submit={t.start} onSubmit={start} onClose={onClose}>
        <div>{t.registerText}</div>
      </FormModal>
    );
  }
  return (
    <FormModal title={t.register} submit={t.submit} onSubmit={() => complete(started)} onClose={onClose}>
      <FormField label={t.name} constraintText={t.nameHint} errorText={tried && nameFault && t.nameNeeded}>
        <Input value={name} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <div>1. {t.scan}</div>
      <img className="qr-code" src={`data:image/png;base64,${started.QrCodePng}`} alt={t.qr} width="200" height="200" />
      <ExpandableSection headerText={t.secretShow}>
        <CopyValue label={t.secret} text={started.Secret} shown={started.Secret.replace(/(.{4})(?=.)/g, '$1 ')} />
      </ExpandableSection>
      <div>2. {t.code}</div>
      {wrongCode !== '' && wrongCode === code && (
        <div role="alert">
          <Alert type="error">{t.codeRefused}</Alert>
        </div>
      )}
      <FormField label={t.codeField} errorText={tried && codeFault && t.codeWrong}>
        <Input value={code} inputMode="numeric" autoComplete="one-time-code" onChange={({ detail }) => setCode(detail.value.replace(/\s/g, '').slice(0, 6))} />
      </FormField>
    </FormModal>
  );
}
