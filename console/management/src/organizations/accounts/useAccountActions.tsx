import { CloseAccountCommand, RemoveAccountFromOrganizationCommand } from '@aws-sdk/client-organizations';
import { useState, type ReactNode } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import type { Node } from '../../ui/accountTree/nodes';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { useChanged } from '../organization';
import { MoveModal } from './MoveModal';
import { accountsMessages } from './messages';

type Acted = Pick<Node, 'id' | 'name'>;

export interface AccountActions {
  move: (accounts: readonly Acted[]) => void;
  remove: (account: Acted) => void;
  close: (account: Acted) => void;
  dialog: ReactNode;
}

/** Moves, removes and closes accounts, after asking; `onDone` is told what was done. */
export function useAccountActions(onDone: (did: 'move' | 'remove' | 'close') => void): AccountActions {
  const t = useMessages(accountsMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const [moving, setMoving] = useState<readonly Acted[] | null>(null);

  return {
    move: setMoving,
    remove: ({ id, name }) =>
      ask({
        title: t.removeTitle(name),
        text: t.removeText,
        button: t.remove,
        confirmText: id,
        onConfirm: async () => {
          await (await organizations()).send(new RemoveAccountFromOrganizationCommand({ AccountId: id }));
          notify({ type: 'success', content: t.removed(name) });
          onDone('remove');
          await changed();
        },
      }),
    close: ({ id, name }) =>
      ask({
        title: t.closeTitle(name),
        text: (
          <>
            {t.viewBill}
            <ul className="plain-list">
              {t.closeText.split('\n').map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        ),
        button: t.close,
        confirmText: id,
        // For 90 days, as the text says.
        reversible: true,
        onConfirm: async () => {
          await (await organizations()).send(new CloseAccountCommand({ AccountId: id }));
          notify({ type: 'success', content: t.closing(name) });
          onDone('close');
          await changed();
        },
      }),
    dialog: (
      <>
        {dialog}
        {moving && <MoveModal accounts={moving} onDone={() => onDone('move')} onClose={() => setMoving(null)} />}
      </>
    ),
  };
}
