import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMessages } from '../messages';
import { shellMessages } from '../messages.shell';
import { FailureAlert } from './FailureAlert';

export interface DeleteQuestion {
  title: string;
  /** What goes with it, and what happens to those who use it. */
  text: ReactNode;
  /** What the person has to type; without it the buttons suffice. */
  confirmText?: string;
  /** The button's text, "Delete" unless something else is meant. */
  button?: string;
  /** Whether it can be undone, as deactivating can; then nothing warns that it cannot. */
  reversible?: boolean;
  /** Deletes; the dialog closes when it is done, and shows why when it fails. */
  onConfirm: () => Promise<unknown>;
}

/**
 * Asks before something is deleted:
 * `const { ask, dialog } = useConfirmDelete()`; draw `dialog`, call `ask({...})`.
 */
export function useConfirmDelete(): { ask: (question: DeleteQuestion) => void; dialog: ReactNode } {
  const [question, setQuestion] = useState<DeleteQuestion | null>(null);
  return {
    ask: setQuestion,
    dialog: question && <ConfirmDelete question={question} onClose={() => setQuestion(null)} />,
  };
}

function ConfirmDelete({ question, onClose }: { question: DeleteQuestion; onClose: () => void }) {
  const words = useMessages(shellMessages).confirm;
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { confirmText } = question;

  const run = async () => {
    if (confirmText !== undefined && typed.trim() !== confirmText) {
      setWrong(true);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      await question.onConfirm();
      onClose();
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run();
  };

  return (
    <Modal
      visible
      header={question.title}
      onDismiss={() => {
        if (!running) onClose();
      }}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" disabled={running} onClick={onClose}>
              {words.cancel}
            </Button>
            <Button variant="primary" loading={running} onClick={() => void run()}>
              {question.button ?? words.delete}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div className="long-words">{question.text}</div>
        {!question.reversible && <Alert type="warning">{words.cannotBeUndone}</Alert>}
        {confirmText !== undefined && (
          <form onSubmit={submit}>
            <FormField label={words.typeToConfirm(confirmText)} errorText={wrong && words.mismatch(confirmText)} stretch>
              <Input
                value={typed}
                placeholder={confirmText}
                autoComplete={false}
                spellcheck={false}
                onChange={({ detail }) => {
                  setTyped(detail.value);
                  setWrong(false);
                }}
              />
            </FormField>
          </form>
        )}
        {failure !== null && <FailureAlert error={failure} />}
      </SpaceBetween>
    </Modal>
  );
}
