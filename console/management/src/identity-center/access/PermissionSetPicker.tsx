import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMessages } from '../../messages';
import { EntityTable } from '../../ui/EntityTable';
import { useWhole } from '../../ui/useList';
import { accessMessages } from '../accessMessages';
import type { Instance } from '../enable/WithInstance';
import { minutesOf, usePermissionSets, type DescribedSet } from './permissionSets';
import { SessionDuration } from './SessionDuration';

/** The instance's permission sets, to choose some (G-42). */
export function PermissionSetPicker({
  instance,
  selected,
  onSelect,
  variant = 'embedded',
}: {
  instance: Instance;
  selected: readonly DescribedSet[];
  onSelect: (sets: DescribedSet[]) => void;
  /** 'container' where nothing is drawn around it. */
  variant?: 'embedded' | 'container';
}) {
  const t = useMessages(accessMessages);
  // Whole, for who looks for a set by its name is to find it, wherever the server's pages end.
  const list = useWhole(usePermissionSets(instance));
  return (
    <EntityTable<DescribedSet>
      variant={variant}
      list={list}
      title={t.permissionSets}
      trackBy={({ PermissionSetArn }) => PermissionSetArn}
      text={({ Name, Description = '' }) => `${Name} ${Description}`}
      selection={{ selected, onSelect, label: ({ Name }) => t.set.select(Name) }}
      actions={<Button iconName="refresh" ariaLabel={t.reload} onClick={list.refetch} loading={list.fetching} />}
      empty={
        <SpaceBetween size="xs">
          <b>{t.set.none}</b>
          <Box color="text-body-secondary">{t.set.noneText}</Box>
          <Button href="/singlesignon/permission-sets/create">{t.set.create}</Button>
        </SpaceBetween>
      }
      columns={[
        { id: 'name', header: t.set.name, isRowHeader: true, sortingField: 'Name', minWidth: 180, cell: ({ Name }) => <span className="long-words">{Name}</span> },
        { id: 'description', header: t.description, minWidth: 180, cell: ({ Description }) => <span className="long-words">{Description || '–'}</span> },
        { id: 'session', header: t.set.session, cell: ({ SessionDuration: duration }) => <SessionDuration minutes={minutesOf(duration)} /> },
      ]}
    />
  );
}
