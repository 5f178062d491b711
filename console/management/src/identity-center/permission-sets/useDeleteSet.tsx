import { DeletePermissionSetCommand, ListAccountsForProvisionedPermissionSetCommand } from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import Modal from '@cloudscape-design/components/modal';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import type { Instance } from '../enable/WithInstance';
import { setHref, setsKey, type DescribedSet } from '../access/permissionSets';
import { accountHref } from '../accounts/AccountCells';
import { accessMessages } from '../accessMessages';
import { setMessages } from './messages';

/** So many of the accounts that stand in the way are named. */
const NAMED = 10;

/** Asks, and deletes; of a set that accounts have it says why it stays (behaviours.md 6.4). Draw `dialog`. */
export function useDeleteSet(instance: Instance, onDeleted: () => void): { remove: (set: DescribedSet) => void; dialog: ReactNode } {
  const t = useMessages(setMessages).page;
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [inUse, setInUse] = useState<{ set: DescribedSet; accounts: string[] } | null>(null);

  const confirm = ({ Name, PermissionSetArn }: DescribedSet) =>
    ask({
      title: t.deleteTitle(Name),
      text: t.deleteText,
      confirmText: Name,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeletePermissionSetCommand({ InstanceArn: instance.arn, PermissionSetArn }));
        notify({ type: 'success', content: t.deleted(Name) });
        void queries.invalidateQueries({ queryKey: setsKey });
        onDeleted();
      },
    });

  const remove = async (set: DescribedSet) => {
    let accounts: string[] = [];
    try {
      const page = await (await ssoAdmin()).send(new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn: instance.arn, PermissionSetArn: set.PermissionSetArn, MaxResults: NAMED }));
      accounts = page.AccountIds ?? [];
    } catch {
      // Who may not read it is told by the deletion itself.
    }
    if (accounts.length > 0) setInUse({ set, accounts });
    else confirm(set);
  };

  return {
    remove: (set) => void remove(set),
    dialog: (
      <>
        {dialog}
        {inUse && <InUse {...inUse} onClose={() => setInUse(null)} />}
      </>
    ),
  };
}

function InUse({ set, accounts, onClose }: { set: DescribedSet; accounts: readonly string[]; onClose: () => void }) {
  const words = useMessages(accessMessages);
  const t = useMessages(setMessages).page;
  return (
    <Modal
      visible
      header={t.deleteTitle(set.Name)}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onClose}>
            {words.close}
          </Button>
        </Box>
      }
    >
      <Alert type="error" header={t.inUse}>
        {t.inUseText}
        <ul className="plain-list">
          {accounts.map((id) => (
            <li key={id}>
              <Link href={accountHref(id)}>{id}</Link>
            </li>
          ))}
        </ul>
        {accounts.length === NAMED && <Link href={`${setHref(set.PermissionSetArn)}?section=accounts`}>{t.toAccounts}</Link>}
      </Alert>
    </Modal>
  );
}
