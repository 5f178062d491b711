import {
  DeletePermissionsBoundaryFromPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  type PermissionsBoundary,
} from '@aws-sdk/client-sso-admin';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';
import { useMessages } from '../../messages';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { BoundaryChoice, isBoundary } from './BoundaryChoice';
import { setMessages } from './messages';
import { usePart, type PartProps } from './part';
import { PartContainer } from './PartContainer';
import { boundaryName } from './policies';

/** The permissions boundary of the roles that come of the set. */
export function Boundary(props: PartProps) {
  const t = useMessages(setMessages).policies;
  const { ssoAdmin } = useClients();
  const { ask, dialog } = useConfirmDelete();
  const { of, queryKey, changed } = usePart('boundary', props);
  const [edited, setEdited] = useState<PermissionsBoundary | null>(null);
  const [tried, setTried] = useState(false);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      try {
        return (await (await ssoAdmin()).send(new GetPermissionsBoundaryForPermissionSetCommand(of), { abortSignal: signal })).PermissionsBoundary ?? null;
      } catch (failure) {
        // A set without a boundary is told so.
        if (isNotFound(failure)) return null;
        throw failure;
      }
    },
  });
  const title = query.data ? t.boundaryChange : t.boundarySet;
  const save = async () => {
    setTried(true);
    if (!edited || !isBoundary(edited)) return false;
    await (await ssoAdmin()).send(new PutPermissionsBoundaryToPermissionSetCommand({ ...of, PermissionsBoundary: edited }));
    setEdited(null);
    await changed();
    return undefined;
  };
  const remove = () =>
    ask({
      title: t.boundaryRemove,
      text: t.boundaryRemoveText,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeletePermissionsBoundaryFromPermissionSetCommand(of));
        await changed();
      },
    });
  return (
    <>
      <PartContainer
        query={query}
        title={t.boundary}
        description={t.boundaryText}
        none={t.boundaryNone}
        show={(boundary) => <span className="long-words">{boundaryName(boundary)}</span>}
        remove={{ text: t.boundaryRemove, onClick: remove }}
        edit={{
          text: title,
          onClick: () => {
            setTried(false);
            setEdited(query.data ?? { ManagedPolicyArn: '' });
          },
        }}
      />
      {dialog}
      {edited && (
        <FormModal title={title} size="large" onSubmit={save} onClose={() => setEdited(null)}>
          <BoundaryChoice boundary={edited} onChange={setEdited} tried={tried} optional={false} />
        </FormModal>
      )}
    </>
  );
}
