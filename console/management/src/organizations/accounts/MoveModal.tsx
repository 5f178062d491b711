import { ListParentsCommand, MoveAccountCommand } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import { useClients } from '../../console';
import { toConsoleFailure } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { rootNode, type Node } from '../../ui/accountTree/nodes';
import { useTree } from '../../ui/accountTree/useTree';
import { useRoot } from '../../ui/accountTree/useRoot';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { Choice } from '../Choice';
import { useChanged } from '../organization';
import { TreeTable } from '../TreeTable';
import { accountsMessages } from './messages';

type Movable = Pick<Node, 'id' | 'name'>;

/** Moves accounts to another unit, one after the other; those that stay are named with the reason. */
export function MoveModal({ accounts, onDone, onClose }: { accounts: readonly Movable[]; onDone: () => void; onClose: () => void }) {
  const t = useMessages(accountsMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const [left, setLeft] = useState(accounts);
  const [to, setTo] = useState<Node>();
  const [tried, setTried] = useState(false);
  const [failures, setFailures] = useState<{ name: string; error: unknown }[]>([]);
  const title = t.moveTitle(accounts.length, accounts[0]?.name ?? '');

  const move = async () => {
    setTried(true);
    if (!to) return false;
    const client = await organizations();
    const failed: { account: Movable; error: unknown }[] = [];
    for (const account of left) {
      try {
        // One after the other: the organization refuses two changes at once.
        // oxlint-disable-next-line no-await-in-loop
        const { Parents } = await client.send(new ListParentsCommand({ ChildId: account.id }));
        const from = Parents?.[0]?.Id;
        // oxlint-disable-next-line no-await-in-loop
        if (from !== to.id) await client.send(new MoveAccountCommand({ AccountId: account.id, SourceParentId: from, DestinationParentId: to.id }));
      } catch (error) {
        failed.push({ account, error });
      }
    }
    const moved = left.length - failed.length;
    if (moved > 0) {
      notify({ type: 'success', content: t.moved(moved, accounts[0]?.name ?? '') });
      await changed();
      onDone();
    }
    setFailures(failed.map(({ account, error }) => ({ name: account.name, error })));
    setLeft(failed.map(({ account }) => account));
    if (failed.length === 0) onClose();
    return undefined;
  };

  return (
    <FormModal title={title} submit={t.move} size="large" onSubmit={move} onClose={onClose}>
      {failures.length === 1 && <FailureAlert error={failures[0]?.error} />}
      {failures.length > 1 && (
        <Alert type="error" header={t.notMoved(failures.length)}>
          <ul className="plain-list">
            {failures.map(({ name, error }) => (
              <li key={name}>
                {name}: {toConsoleFailure(error).detail ?? toConsoleFailure(error).code}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <div>{t.moveText}</div>
      <Choice label={t.moveTo} errorText={tried && !to && t.moveChoose}>
        <ParentPicker selected={to} onSelect={setTo} />
      </Choice>
    </FormModal>
  );
}

/** Chooses the root or a unit. */
function ParentPicker({ selected, onSelect }: { selected: Node | undefined; onSelect: (node: Node) => void }) {
  const t = useMessages(accountsMessages);
  const { data: root, error, refetch } = useRoot();
  const node = root && rootNode(root);
  const tree = useTree(node, { accounts: false });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (!node) return <Spinner />;
  return (
    <TreeTable
      root={node}
      tree={tree}
      managementId={undefined}
      links={false}
      label={t.moveTo}
      selection={{ type: 'single', selected: selected ? [selected] : [], onSelect: ([chosen]) => chosen && onSelect(chosen) }}
    />
  );
}
