import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { wholeList } from '../../ui/useList';
import { setMessages } from './messages';
import { inTurn, type Part } from './part';

/** Policies of one kind that a set has, to be attached and detached. */
export function PolicyList<T>({
  query,
  part: { changed },
  title,
  description,
  empty,
  trackBy,
  name,
  columns,
  onAttach,
  detach,
}: {
  query: UseQueryResult<T[]>;
  part: Part;
  title: string;
  description: string;
  empty: string;
  trackBy: (policy: T) => string;
  /** How a policy is called, by which it is also found. */
  name: (policy: T) => string;
  columns: TableProps.ColumnDefinition<T>[];
  onAttach: () => void;
  detach: (policy: T) => Promise<unknown>;
}) {
  const t = useMessages(setMessages).policies;
  const { ask, dialog } = useConfirmDelete();
  const [selected, setSelected] = useState<T[]>([]);
  const askToDetach = () =>
    ask({
      title: t.detachTitle(selected.length),
      text: t.detachText,
      button: t.detach,
      reversible: true,
      onConfirm: async () => {
        try {
          await inTurn(selected, detach);
        } finally {
          setSelected([]);
          await changed();
        }
      },
    });
  return (
    <>
      <EntityTable<T>
        variant="container"
        list={wholeList(query)}
        title={title}
        description={description}
        trackBy={trackBy}
        text={name}
        empty={empty}
        selection={{ selected, onSelect: setSelected, label: (policy) => t.selectPolicy(name(policy)) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={askToDetach}>
              {t.detach}
            </Button>
            <Button onClick={onAttach}>{t.attach}</Button>
          </SpaceBetween>
        }
        columns={columns}
      />
      {dialog}
    </>
  );
}
