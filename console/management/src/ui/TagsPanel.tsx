import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { FormModal } from './FormModal';
import { messages } from './messages';
import { changes, edited, TagsEditor, type Tag } from './TagsEditor';

/** The tags of something that is there, and the dialog in which they are edited. */
export function TagsPanel({
  tags,
  onSave,
  readOnly = false,
}: {
  tags: readonly Tag[];
  /** Saves what changed; called with no empty change. */
  onSave: (changed: { put: { Key: string; Value: string }[]; remove: string[] }) => Promise<unknown>;
  readOnly?: boolean;
}) {
  const t = useMessages(messages).tags;
  const [editing, setEditing] = useState(false);
  return (
    <>
      <Table<Tag>
        variant="container"
        wrapLines
        items={[...tags]}
        trackBy={({ Key = '' }) => Key}
        header={
          <Header variant="h2" counter={`(${tags.length})`} description={t.text} actions={!readOnly && <Button onClick={() => setEditing(true)}>{t.manage}</Button>}>
            {t.title}
          </Header>
        }
        empty={<Box textAlign="center">{t.none}</Box>}
        columnDefinitions={[
          { id: 'key', header: t.key, isRowHeader: true, cell: ({ Key }) => <span className="long-words">{Key}</span> },
          { id: 'value', header: t.value, cell: ({ Value }) => <span className="long-words">{Value || '–'}</span> },
        ]}
      />
      {editing && <EditTags tags={tags} onSave={onSave} onClose={() => setEditing(false)} />}
    </>
  );
}

function EditTags({ tags, onSave, onClose }: { tags: readonly Tag[]; onSave: Parameters<typeof TagsPanel>[0]['onSave']; onClose: () => void }) {
  const t = useMessages(messages).tags;
  const notify = useNotify();
  const [after, setAfter] = useState(() => edited(tags));
  const [valid, setValid] = useState(true);
  const [tried, setTried] = useState(false);
  const save = async () => {
    setTried(true);
    if (!valid) return false;
    const changed = changes(tags, after);
    if (changed.put.length > 0 || changed.remove.length > 0) {
      await onSave(changed);
      notify({ type: 'success', content: t.saved });
    }
    onClose();
    return undefined;
  };
  return (
    <FormModal title={t.manage} size="large" onSubmit={save} onClose={onClose}>
      <TagsEditor tags={after} onChange={setAfter} onValid={setValid} />
      {tried && !valid && <StatusIndicator type="error">{t.wrong}</StatusIndicator>}
    </FormModal>
  );
}
