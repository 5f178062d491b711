import { ResyncMFADeviceCommand } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useId, useState, type FormEvent } from 'react';
import { useClients } from '../console';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { useCodePair } from './Codes';
import type { Device } from './device';
import { CodesFailure } from './CodesFailure';
import { messages } from './messages';

/** Learns from two codes how far the device's clock is off. */
export function ResyncMfa({ owner, device, onClose }: { owner: string; device: Device; onClose: () => void }) {
  const all = useMessages(messages);
  const t = all.assign;
  const { iam } = useClients();
  const notify = useNotify();
  const formId = useId();
  const pair = useCodePair();
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const resync = async () => {
    if (!pair.check()) return;
    setRunning(true);
    setFailure(null);
    const [AuthenticationCode1, AuthenticationCode2] = pair.codes;
    try {
      await (await iam()).send(
        new ResyncMFADeviceCommand({ UserName: owner, SerialNumber: device.serial, AuthenticationCode1, AuthenticationCode2 }),
      );
      notify({ type: 'success', content: all.mfa.resynced(device.name) });
      onClose();
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void resync();
  };

  return (
    <Modal
      visible
      header={t.resyncTitle(device.name)}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {all.cancel}
            </Button>
            <Button variant="primary" loading={running} form={formId}>
              {t.resync}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={formId} onSubmit={submit}>
        <SpaceBetween size="m">
          <div>{t.resyncText}</div>
          <div>{t.codes}</div>
          {pair.fields}
          <CodesFailure error={failure} />
        </SpaceBetween>
      </form>
    </Modal>
  );
}
