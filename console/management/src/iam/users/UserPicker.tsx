import type { User } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { EntityTable } from '../../ui/EntityTable';
import { userMessages } from './messages';
import { useUsers } from './UsersPage';

/** The account's users to choose from. */
export function UserPicker({
  selected,
  onSelect,
  type = 'multi',
  title,
  without = [],
  empty,
}: {
  selected: readonly string[];
  onSelect: (users: string[]) => void;
  type?: 'single' | 'multi';
  title?: string;
  /** Users who are not to choose, by name. */
  without?: readonly string[];
  /** Said when there is nobody to choose. */
  empty?: string;
}) {
  const t = useMessages(userMessages);
  const format = useFormat();
  const users = useUsers();
  const items = users.items.filter(({ UserName = '' }) => !without.includes(UserName));
  return (
    <EntityTable<User>
      variant="embedded"
      list={{ ...users, items }}
      title={title ?? t.title}
      trackBy={({ UserName = '' }) => UserName}
      text={({ UserName = '', Path = '' }) => `${UserName} ${Path}`}
      selection={{
        selected: items.filter(({ UserName = '' }) => selected.includes(UserName)),
        onSelect: (chosen) => onSelect(chosen.map(({ UserName = '' }) => UserName)),
        type,
        label: ({ UserName = '' }) => t.select(UserName),
      }}
      empty={<Box>{empty ?? t.noneText}</Box>}
      columns={[
        { id: 'name', header: t.name, isRowHeader: true, sortingField: 'UserName', minWidth: 160, cell: ({ UserName }) => <span className="long-words">{UserName}</span> },
        { id: 'created', header: t.created, cell: ({ CreateDate }) => format.date(CreateDate) },
      ]}
    />
  );
}
