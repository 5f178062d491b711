import type { Root } from '@aws-sdk/client-organizations';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Icon from '@cloudscape-design/components/icon';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMemo, type ReactNode } from 'react';
import { toConsoleFailure } from '../failure';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { AccountStateLabel } from './AccountStateLabel';
import { accountsMessages } from './accounts/messages';
import { messages } from './messages';
import { targetHref } from './paths';
import type { Node } from './tree';
import type { Tree } from './useTree';

export const rootNode = ({ Id = '', Name = '', Arn = '' }: Root): Node => ({ id: Id, kind: 'root', name: Name, parent: '', arn: Arn });

/** The organization as a tree, opened as far as somebody looks (F-07). */
export function TreeTable({
  root,
  tree,
  managementId,
  header,
  selection,
  links = true,
  only = () => true,
  label,
}: {
  root: Node;
  tree: Tree;
  /** The management account's id, which is marked. */
  managementId: string | undefined;
  header?: ReactNode;
  selection?: { type: 'single' | 'multi'; selected: readonly Node[]; onSelect: (nodes: Node[]) => void };
  /** Whether names lead to their pages; not where that would leave a form. */
  links?: boolean;
  /** Which rows can be selected. */
  only?: (node: Node) => boolean;
  label: string;
}) {
  const all = useMessages(messages);
  const t = useMessages(accountsMessages);
  const format = useFormat();
  // Within a form there is room for the name and the number only.
  const columns = useMemo(
    (): TableProps.ColumnDefinition<Node>[] => [
      {
        id: 'name',
        header: t.name,
        isRowHeader: true,
        minWidth: 220,
        cell: (node) => (
          <>
            <Icon name={node.kind === 'account' ? 'user-profile' : 'folder'} ariaLabel={all.kinds[node.kind]} />{' '}
            {links ? <Link href={targetHref(node.id)}>{node.name}</Link> : <span className="long-words">{node.name}</span>}{' '}
            {node.id === managementId && <Badge color="blue">{all.management}</Badge>}
          </>
        ),
      },
      { id: 'id', header: t.id, minWidth: 170, cell: ({ id }) => id },
      ...(links
        ? [
            { id: 'email', header: t.email, minWidth: 200, cell: ({ account }: Node) => <span className="long-words">{account?.Email ?? all.none}</span> },
            { id: 'state', header: t.state, minWidth: 120, cell: ({ account }: Node) => (account ? <AccountStateLabel account={account} /> : all.none) },
            { id: 'joined', header: t.joined, minWidth: 120, cell: ({ account }: Node) => format.date(account?.JoinedTimestamp) },
          ]
        : []),
    ],
    [t, all, format, links, managementId],
  );
  return (
    <Table<Node>
      variant={links ? 'container' : 'embedded'}
      items={[root]}
      trackBy="id"
      wrapLines
      header={header}
      columnDefinitions={columns}
      ariaLabels={{
        tableLabel: label,
        selectionGroupLabel: label,
        allItemsSelectionLabel: () => label,
        itemSelectionLabel: (_, node) => t.select(node.name),
        expandButtonLabel: (node) => t.expand(node.name),
        collapseButtonLabel: (node) => t.collapse(node.name),
      }}
      {...(selection && {
        selectionType: selection.type,
        selectedItems: [...selection.selected],
        onSelectionChange: ({ detail }: { detail: TableProps.SelectionChangeDetail<Node> }) => selection.onSelect(detail.selectedItems),
        isItemDisabled: (node: Node) => !only(node),
      })}
      expandableRows={{
        getItemChildren: (node) => tree.childrenOf(node),
        isItemExpandable: ({ kind }) => kind !== 'account',
        expandedItems: tree.expanded,
        onExpandableItemToggle: ({ detail }) => tree.toggle(detail.item, detail.expanded),
      }}
      getLoadingStatus={(node) => (node ? tree.statusOf(node) : 'finished')}
      renderLoaderPending={({ item }) =>
        item && (
          <Button variant="inline-link" iconName="add-plus" ariaLabel={t.moreOf(item.name)} onClick={() => tree.more(item)}>
            {t.more}
          </Button>
        )
      }
      renderLoaderLoading={() => <StatusIndicator type="loading">{all.loading}</StatusIndicator>}
      renderLoaderError={({ item }) =>
        item && (
          <SpaceBetween direction="horizontal" size="xs">
            <StatusIndicator type="error">{toConsoleFailure(tree.errorOf(item)).detail ?? toConsoleFailure(tree.errorOf(item)).code}</StatusIndicator>
            <Button variant="inline-link" onClick={() => tree.more(item)}>
              {t.again}
            </Button>
          </SpaceBetween>
        )
      }
      renderLoaderEmpty={() => t.empty}
    />
  );
}
