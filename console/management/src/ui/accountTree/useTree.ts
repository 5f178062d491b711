import type { TableProps } from '@cloudscape-design/components/table';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClients } from '../../console';
import { fetchBatch, first, type Cursor, type Node } from './nodes';

interface Branch {
  nodes: readonly Node[];
  next: Cursor | null;
  status: TableProps.LoadingStatus;
  error?: unknown;
}

export interface Tree {
  childrenOf: (node: Node) => readonly Node[];
  statusOf: (node: Node) => TableProps.LoadingStatus;
  errorOf: (node: Node) => unknown;
  expanded: readonly Node[];
  toggle: (node: Node, expanded: boolean) => void;
  more: (node: Node) => void;
  /** Fetches what is shown anew. */
  reload: () => void;
}

const none: readonly Node[] = [];

/**
 * The organization as far as somebody opened it: what is under a node is fetched when the
 * node is expanded, a batch at a time, so that ten thousand accounts cost what is looked at.
 */
export function useTree(root: Node | undefined, { accounts = true }: { accounts?: boolean } = {}): Tree {
  const { organizations } = useClients();
  const [branches, setBranches] = useState<Readonly<Record<string, Branch>>>({});
  const [expanded, setExpanded] = useState<readonly Node[]>([]);
  // Only the newest asking about a branch may answer for it.
  const asked = useRef<Record<string, AbortController>>({});

  const load = useCallback(
    async (id: string, before: Pick<Branch, 'nodes' | 'next'>) => {
      asked.current[id]?.abort();
      const asking = new AbortController();
      asked.current[id] = asking;
      const put = (branch: Branch) => {
        if (!asking.signal.aborted) setBranches((all) => ({ ...all, [id]: branch }));
      };
      put({ ...before, status: 'loading' });
      try {
        const { nodes, next } = await fetchBatch(await organizations(), id, before.next ?? first, accounts, asking.signal);
        put({ nodes: [...before.nodes, ...nodes], next, status: next ? 'pending' : 'finished' });
      } catch (error) {
        put({ ...before, status: 'error', error });
      }
    },
    [organizations, accounts],
  );

  const rootId = root?.id;
  useEffect(() => {
    if (!root) return undefined;
    setExpanded([root]);
    void load(root.id, { nodes: none, next: first });
    const askings = asked.current;
    return () => Object.values(askings).forEach((asking) => asking.abort());
    // By id: the root is made anew each time it is drawn.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [rootId, load]);

  return useMemo(
    () => ({
      childrenOf: ({ id }) => branches[id]?.nodes ?? none,
      statusOf: ({ id }) => branches[id]?.status ?? 'loading',
      errorOf: ({ id }) => branches[id]?.error,
      expanded,
      toggle: (node, open) => {
        setExpanded((before) => (open ? [...before, node] : before.filter(({ id }) => id !== node.id)));
        if (open && !branches[node.id]) void load(node.id, { nodes: none, next: first });
      },
      more: ({ id }) => {
        const branch = branches[id];
        if (branch) void load(id, branch);
      },
      reload: () => {
        const open = new Set(expanded.map(({ id }) => id));
        setBranches((all) => Object.fromEntries(Object.entries(all).filter(([id]) => open.has(id))));
        for (const id of open) void load(id, { nodes: none, next: first });
      },
    }),
    [branches, expanded, load],
  );
}
