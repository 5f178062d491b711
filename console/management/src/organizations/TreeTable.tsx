import Badge from '@cloudscape-design/components/badge';
import Icon from '@cloudscape-design/components/icon';
import Link from '@cloudscape-design/components/link';
import type { TableProps } from '@cloudscape-design/components/table';
import { useMemo, type ReactNode } from 'react';
import { toConsoleFailure } from '../failure';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { AccountTreeTable } from '../ui/accountTree/AccountTreeTable';
import type { Node } from '../ui/accountTree/nodes';
import type { Tree } from '../ui/accountTree/useTree';
import { AccountStateLabel } from './AccountStateLabel';
import { accountsMessages } from './accounts/messages';
import { messages } from './messages';
import { targetHref } from './paths';

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
    <AccountTreeTable
      root={root}
      tree={tree}
      columns={columns}
      label={label}
      header={header}
      variant={links ? 'container' : 'embedded'}
      words={{ loading: all.loading, expand: t.expand, collapse: t.collapse, more: t.more, moreOf: t.moreOf, empty: t.empty, failed: whyFailed, again: t.again }}
      selection={selection && { ...selection, label: ({ name }) => t.select(name), disabled: (node) => !only(node) }}
    />
  );
}

function whyFailed(error: unknown): string {
  const { detail, code } = toConsoleFailure(error);
  return detail ?? code;
}
