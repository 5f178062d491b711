import type { Account } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Icon from '@cloudscape-design/components/icon';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useEffect, useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { accessMessages } from '../accessMessages';
import { AccountName, AccountState } from './AccountCells';
import { accountMessages } from './messages';
import { TOP, useTree, type Node } from './tree';

/** The organization with a check box by each account; units open when asked, and show more when asked (G-40). */
export function AccountTree({ owner, selected, onToggle }: { owner: string; selected: ReadonlyMap<string, Account>; onToggle: (account: Account) => void }) {
  const t = useMessages(accountMessages);
  const words = useMessages(accessMessages);
  const { organizations } = useClients();
  const { branch, more } = useTree(organizations);
  const top = branch(TOP);
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  // Roots are open unless somebody closes them.
  const isOpen = (node: Node) => opened.get(node.id) ?? node.kind === 'root';

  useEffect(() => more(TOP), [more]);
  const [root] = top.nodes;
  useEffect(() => {
    if (root) more(root.id);
  }, [root, more]);

  if (top.status === 'error') return <FailureAlert error={top.error} onRetry={() => more(TOP)} />;

  const open: Node[] = [];
  const collect = (nodes: readonly Node[]) => {
    for (const node of nodes) {
      if (node.kind === 'account' || !isOpen(node)) continue;
      open.push(node);
      collect(branch(node.id).nodes);
    }
  };
  collect(top.nodes);

  return (
    <Table<Node>
      wrapLines
      trackBy="id"
      items={top.nodes}
      loading={top.status !== 'finished'}
      loadingText={t.loading}
      ariaLabels={{ tableLabel: t.organization, expandButtonLabel: ({ name }) => t.expand(name), collapseButtonLabel: ({ name }) => t.collapse(name) }}
      expandableRows={{
        getItemChildren: ({ id }) => [...branch(id).nodes],
        isItemExpandable: ({ kind }) => kind !== 'account',
        expandedItems: open,
        onExpandableItemToggle: ({ detail: { item, expanded } }) => {
          setOpened((before) => new Map(before).set(item.id, expanded));
          if (expanded && branch(item.id).nodes.length === 0) more(item.id);
        },
      }}
      getLoadingStatus={(node) => (node ? branch(node.id).status : 'finished')}
      renderLoaderPending={({ item }) =>
        item && (
          <Button variant="inline-link" iconName="add-plus" onClick={() => more(item.id)}>
            {words.loadMore}
          </Button>
        )
      }
      renderLoaderLoading={() => <StatusIndicator type="loading">{t.loading}</StatusIndicator>}
      renderLoaderError={({ item }) => (
        <SpaceBetween direction="horizontal" size="xs">
          <StatusIndicator type="error">{t.failed}</StatusIndicator>
          <Button variant="inline-link" onClick={() => item && more(item.id)}>
            {t.retry}
          </Button>
        </SpaceBetween>
      )}
      renderLoaderEmpty={() => t.empty}
      columnDefinitions={[
        {
          id: 'name',
          header: t.organization,
          isRowHeader: true,
          minWidth: 280,
          cell: (node) =>
            node.kind === 'account' ? (
              <div style={{ display: 'flex', gap: 8 }}>
                <Checkbox ariaLabel={t.select(node.name || node.id)} checked={selected.has(node.id)} onChange={() => onToggle(node.account)} />
                <span>
                  <AccountName account={node.account} management={node.id === owner} />
                </span>
              </div>
            ) : (
              <>
                <Icon name="folder" ariaLabel={node.kind === 'root' ? t.root : t.unit} /> <span className="long-words">{node.name}</span>
              </>
            ),
        },
        { id: 'id', header: t.id, minWidth: 140, cell: ({ id }) => id },
        { id: 'email', header: t.email, minWidth: 180, cell: (node) => (node.kind === 'account' ? <span className="long-words">{node.account.Email}</span> : '') },
        { id: 'status', header: t.status, minWidth: 130, cell: (node) => (node.kind === 'account' ? <AccountState account={node.account} /> : '') },
      ]}
    />
  );
}
