import { CreateOrganizationalUnitCommand, DeleteOrganizationalUnitCommand, UpdateOrganizationalUnitCommand } from '@aws-sdk/client-organizations';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactNode } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import type { Node } from '../../ui/accountTree/nodes';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { useNewTags, type NewTags } from '../../ui/NewTags';
import { Optional } from '../../ui/Optional';
import { TagsEditor } from '../../ui/TagsEditor';
import { useChanged } from '../organization';
import { unitsMessages } from './messages';

/** In characters (models/organizations.json). */
const LONGEST_NAME = 128;

type Acted = Pick<Node, 'id' | 'name'>;

export interface UnitActions {
  create: (parent: Acted) => void;
  rename: (unit: Acted) => void;
  remove: (unit: Acted) => void;
  dialog: ReactNode;
}

/** Creates, renames and deletes organizational units; `onDone` is told what was done. */
export function useUnitActions(onDone: (did: 'create' | 'rename' | 'remove') => void): UnitActions {
  const t = useMessages(unitsMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const [form, setForm] = useState<{ kind: 'create' | 'rename'; of: Acted } | null>(null);

  const save = async (name: string, tags: NewTags['request']) => {
    if (!form) return;
    const client = await organizations();
    if (form.kind === 'create') {
      await client.send(new CreateOrganizationalUnitCommand({ ParentId: form.of.id, Name: name, ...tags }));
      notify({ type: 'success', content: t.created(name) });
    } else {
      await client.send(new UpdateOrganizationalUnitCommand({ OrganizationalUnitId: form.of.id, Name: name }));
      notify({ type: 'success', content: t.renamed(name) });
    }
    setForm(null);
    onDone(form.kind);
    await changed();
  };

  return {
    create: (of) => setForm({ kind: 'create', of }),
    rename: (of) => setForm({ kind: 'rename', of }),
    remove: ({ id, name }) =>
      ask({
        title: t.deleteTitle(name),
        text: t.deleteText,
        confirmText: name,
        onConfirm: async () => {
          await (await organizations()).send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: id }));
          notify({ type: 'success', content: t.deleted(name) });
          onDone('remove');
          await changed();
        },
      }),
    dialog: (
      <>
        {dialog}
        {form && (
          <UnitForm
            title={form.kind === 'create' ? t.createTitle(form.of.name) : t.renameTitle(form.of.name)}
            submit={form.kind === 'create' ? t.createButton : undefined}
            initial={form.kind === 'create' ? '' : form.of.name}
            tagged={form.kind === 'create'}
            onSave={save}
            onClose={() => setForm(null)}
          />
        )}
      </>
    ),
  };
}

function UnitForm({
  title,
  submit,
  initial,
  tagged,
  onSave,
  onClose,
}: {
  title: string;
  submit: string | undefined;
  initial: string;
  tagged: boolean;
  onSave: (name: string, tags: NewTags['request']) => Promise<void>;
  onClose: () => void;
}) {
  const t = useMessages(unitsMessages);
  const [typed, setTyped] = useState(initial);
  const { tags, onChange, valid, onValid, request } = useNewTags();
  const [tried, setTried] = useState(false);
  const name = typed.trim();
  const wrong = name === '' || name.length > LONGEST_NAME;

  const run = async () => {
    setTried(true);
    if (wrong || !valid) return false;
    await onSave(name, request);
    return undefined;
  };

  return (
    <FormModal title={title} {...(submit && { submit })} size={tagged ? 'large' : 'medium'} onSubmit={run} onClose={onClose}>
      <FormField label={t.name} constraintText={t.nameHint} errorText={tried && wrong && t.nameMissing}>
        <Input value={typed} autoComplete={false} onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
      {tagged && (
        <FormField label={<Optional>{t.tags}</Optional>} stretch>
          <TagsEditor tags={tags} onChange={onChange} onValid={onValid} />
        </FormField>
      )}
    </FormModal>
  );
}
