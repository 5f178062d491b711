import { DeleteInlinePolicyFromPermissionSetCommand, GetInlinePolicyForPermissionSetCommand, PutInlinePolicyToPermissionSetCommand } from '@aws-sdk/client-sso-admin';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { pretty } from '../../policy-editor/pretty';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { blankInline, InlineEditor } from './InlineEditor';
import { setMessages } from './messages';
import { usePart, type PartProps } from './part';
import { PartContainer } from './PartContainer';

/** The policy that is written in the set itself. */
export function Inline(props: PartProps) {
  const t = useMessages(setMessages).policies;
  const { ssoAdmin } = useClients();
  const { ask, dialog } = useConfirmDelete();
  const { of, queryKey, changed } = usePart('inline', props);
  const [edited, setEdited] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await (await ssoAdmin()).send(new GetInlinePolicyForPermissionSetCommand(of), { abortSignal: signal })).InlinePolicy ?? '',
  });
  const title = query.data ? t.inlineEdit : t.inlineCreate;
  const save = async () => {
    await (await ssoAdmin()).send(new PutInlinePolicyToPermissionSetCommand({ ...of, InlinePolicy: edited ?? '' }));
    setEdited(null);
    await changed();
  };
  const remove = () =>
    ask({
      title: t.inlineDelete,
      text: t.inlineDeleteText,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeleteInlinePolicyFromPermissionSetCommand(of));
        await changed();
      },
    });
  return (
    <>
      <PartContainer
        query={query}
        title={t.inline}
        description={t.inlineText}
        none={t.inlineNone}
        show={(document) => <pre className="policy-text">{pretty(document)}</pre>}
        remove={{ text: t.inlineDelete, onClick: remove }}
        edit={{ text: title, onClick: () => setEdited(query.data || blankInline) }}
      />
      {dialog}
      {edited !== null && (
        <FormModal title={title} size="max" disabled={!valid} onSubmit={save} onClose={() => setEdited(null)}>
          <InlineEditor value={edited} onChange={setEdited} onValid={setValid} />
        </FormModal>
      )}
    </>
  );
}
