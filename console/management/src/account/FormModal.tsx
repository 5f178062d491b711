import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useMessages } from '../messages';
import { FailureAlert } from '../ui/FailureAlert';
import { messages } from './messages';

interface FormModalProps {
  title: string;
  /** Saves; false when the fields say what is wrong. The dialog closes when it is done, and shows why when it fails. */
  onSave: () => Promise<boolean>;
  onClose: () => void;
  children: ReactNode;
}

export function FormModal({ title, onSave, onClose, children }: FormModalProps) {
  const t = useMessages(messages);
  const formId = useId();
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const save = async () => {
    setRunning(true);
    setFailure(null);
    try {
      if (await onSave()) {
        onClose();
        return;
      }
    } catch (error) {
      setFailure(error);
    }
    setRunning(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };

  return (
    <Modal
      visible
      header={title}
      onDismiss={() => {
        if (!running) onClose();
      }}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" disabled={running} onClick={onClose}>
              {t.cancel}
            </Button>
            <Button variant="primary" loading={running} form={formId}>
              {t.save}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={formId} onSubmit={submit} noValidate>
        <SpaceBetween size="m">
          {failure !== null && <FailureAlert error={failure} />}
          {children}
        </SpaceBetween>
      </form>
    </Modal>
  );
}
