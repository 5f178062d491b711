import FormField from '@cloudscape-design/components/form-field';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { FormModal } from '../../ui/FormModal';
import { providerMessages } from './messages';
import { lines } from './provider';

/** Edits a short list, one item on each line. */
export function LinesModal({
  title,
  label,
  items,
  isValid,
  wrong,
  onSave,
  onClose,
}: {
  title: string;
  label: string;
  items: readonly string[];
  isValid: (items: readonly string[]) => boolean;
  /** What to do when they are not valid. */
  wrong: string;
  onSave: (items: string[]) => Promise<unknown>;
  onClose: () => void;
}) {
  const t = useMessages(providerMessages);
  const [text, setText] = useState(items.join('\n'));
  const [tried, setTried] = useState(false);
  const save = async () => {
    setTried(true);
    if (!isValid(lines(text))) return false;
    await onSave(lines(text));
    onClose();
    return undefined;
  };
  return (
    <FormModal title={title} onSubmit={save} onClose={onClose}>
      <FormField label={label} constraintText={t.oneEach} errorText={tried && !isValid(lines(text)) && wrong}>
        <Textarea value={text} rows={6} spellcheck={false} autoComplete={false} onChange={({ detail }) => setText(detail.value)} />
      </FormField>
    </FormModal>
  );
}
