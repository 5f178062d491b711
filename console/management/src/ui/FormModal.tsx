import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal, { type ModalProps } from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useMessages } from '../messages';
import { FailureAlert } from './FailureAlert';
import { messages } from './messages';

/** A dialog with a form that asks a service for something: it stays, with the reason, while that fails. */
export function FormModal({
  title,
  submit,
  disabled = false,
  size = 'medium',
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  /** The button's text, "Save" unless something else is meant. */
  submit?: string;
  disabled?: boolean;
  size?: ModalProps.Size;
  /** Does it; false when the fields say what is wrong. Whoever drew the dialog takes it away when it is done. */
  onSubmit: () => Promise<false | void>;
  onClose: () => void;
  children: ReactNode;
}) {
  const words = useMessages(messages).common;
  const formId = useId();
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const run = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await onSubmit();
    } catch (error) {
      setFailure(error);
    }
    setRunning(false);
  };

  return (
    <Modal
      visible
      size={size}
      header={title}
      onDismiss={() => {
        if (!running) onClose();
      }}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" disabled={running} onClick={onClose}>
              {words.cancel}
            </Button>
            <Button variant="primary" loading={running} disabled={disabled} form={formId}>
              {submit ?? words.save}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void run();
        }}
      >
        <SpaceBetween size="m">
          {failure !== null && <FailureAlert error={failure} />}
          {children}
        </SpaceBetween>
      </form>
    </Modal>
  );
}
