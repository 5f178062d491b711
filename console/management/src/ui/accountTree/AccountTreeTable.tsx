import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { Node } from './nodes';
import type { Tree } from './useTree';

/** What a section calls the parts of the tree. */
export interface TreeWords {
  loading: string;
  expand: (name: string) => string;
  collapse: (name: string) => string;
  more: string;
  /** `more` for who does not see beside which row it stands. */
  moreOf?: (name: string) => string;
  empty: string;
  /** Why what is under a node could not be fetched. */
  failed: (error: unknown) => string;
  again: string;
}

export interface NodeSelection {
  type: 'single' | 'multi';
  selected: readonly Node[];
  onSelect: (nodes: Node[]) => void;
  label: (node: Node) => string;
  /** Which rows cannot be selected. */
  disabled?: (node: Node) => boolean;
}

/** A part of the organization as a tree, opened as far as somebody looks (F-07, G-40). */
export function AccountTreeTable({
  root,
  tree,
  columns,
  words: t,
  label,
  header,
  variant = 'container',
  selection,
}: {
  /** Undefined until it was fetched. */
  root: Node | undefined;
  tree: Tree;
  columns: readonly TableProps.ColumnDefinition<Node>[];
  words: TreeWords;
  label: string;
  header?: ReactNode;
  variant?: 'container' | 'embedded';
  selection?: NodeSelection | undefined;
}) {
  return (
    <Table<Node>
      variant={variant}
      items={root ? [root] : []}
      loading={!root}
      loadingText={t.loading}
      trackBy="id"
      wrapLines
      header={header}
      columnDefinitions={columns}
      ariaLabels={{
        tableLabel: label,
        expandButtonLabel: ({ name }) => t.expand(name),
        collapseButtonLabel: ({ name }) => t.collapse(name),
        ...(selection && {
          selectionGroupLabel: label,
          allItemsSelectionLabel: () => label,
          itemSelectionLabel: (_: unknown, node: Node) => selection.label(node),
        }),
      }}
      {...(selection && {
        selectionType: selection.type,
        selectedItems: [...selection.selected],
        onSelectionChange: ({ detail }: { detail: TableProps.SelectionChangeDetail<Node> }) => selection.onSelect(detail.selectedItems),
        isItemDisabled: (node: Node) => selection.disabled?.(node) ?? false,
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
          <Button variant="inline-link" iconName="add-plus" {...(t.moreOf && { ariaLabel: t.moreOf(item.name) })} onClick={() => tree.more(item)}>
            {t.more}
          </Button>
        )
      }
      renderLoaderLoading={() => <StatusIndicator type="loading">{t.loading}</StatusIndicator>}
      renderLoaderError={({ item }) =>
        item && (
          <SpaceBetween direction="horizontal" size="xs">
            <StatusIndicator type="error">{t.failed(tree.errorOf(item))}</StatusIndicator>
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
