import { ListAccessKeysCommand, ListUsersCommand, type User } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients, useConsole } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { Nothing } from '../../ui/Nothing';
import { useList, type List } from '../../ui/useList';
import { deleteUser } from './deleteUser';
import { userMessages } from './messages';
import { useMfaDevices } from './useMfaDevices';

const DAY = 86_400_000;

/** After how many days a key should have been replaced. */
const OLD_KEY_DAYS = 90;

export function useUsers(): List<User> {
  const { iam } = useClients();
  return useList(['iam', 'users'], async (Marker, abortSignal) => {
    const page = await (await iam()).send(new ListUsersCommand({ Marker, MaxItems: 1000 }), { abortSignal });
    return { items: page.Users ?? [], marker: page.IsTruncated ? page.Marker : undefined };
  });
}

/** A user's page; one who is called as the wizard's address is has the longer address, as AWS's console has it. */
export const userHref = (name: string): string => `/iam/users/${name === 'create' ? 'details/' : ''}${encodeURIComponent(name)}`;

/** The account's users, with what shows whether somebody looks after them (C-15). */
export function Component() {
  const t = useMessages(userMessages);
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [selected, setSelected] = useState<User[]>([]);
  const users = useUsers();
  usePageTitle(t.title, { contentType: 'table' });

  const remove = ({ UserName = '' }: User) =>
    ask({
      title: t.deleteTitle(UserName),
      text: t.deleteText,
      confirmText: UserName,
      onConfirm: async () => {
        await deleteUser(await iam(), UserName);
        notify({ type: 'success', content: t.deleted(UserName) });
        setSelected([]);
        await queries.invalidateQueries({ queryKey: ['iam', 'users'] });
      },
    });

  return (
    <>
      <EntityTable<User>
        list={users}
        title={t.title}
        description={t.text}
        trackBy={({ UserName = '' }) => UserName}
        text={({ UserName = '', Path = '' }) => `${UserName} ${Path}`}
        selection={{ selected, onSelect: setSelected, type: 'single', label: ({ UserName = '' }) => t.select(UserName) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => selected[0] && remove(selected[0])}>
              {t.delete}
            </Button>
            <Button variant="primary" href="/iam/users/create">
              {t.create}
            </Button>
          </SpaceBetween>
        }
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            sortingField: 'UserName',
            minWidth: 180,
            cell: ({ UserName = '' }) => (
              <Link href={userHref(UserName)}>
                <span className="long-words">{UserName}</span>
              </Link>
            ),
          },
          { id: 'path', header: t.path, sortingField: 'Path', cell: ({ Path }) => <span className="long-words">{Path}</span> },
          { id: 'mfa', header: t.mfa, cell: ({ UserName = '' }) => <Mfa user={UserName} /> },
          {
            id: 'last',
            header: t.lastSignIn,
            sortingComparator: (a, b) => (a.PasswordLastUsed?.getTime() ?? 0) - (b.PasswordLastUsed?.getTime() ?? 0),
            cell: ({ PasswordLastUsed }) => <span title={format.dateTime(PasswordLastUsed, '')}>{format.ago(PasswordLastUsed, t.never)}</span>,
          },
          { id: 'keys', header: t.keyAge, cell: ({ UserName = '' }) => <KeyAge user={UserName} /> },
          {
            id: 'created',
            header: t.created,
            sortingComparator: (a, b) => (a.CreateDate?.getTime() ?? 0) - (b.CreateDate?.getTime() ?? 0),
            cell: ({ CreateDate }) => <span title={format.dateTime(CreateDate)}>{format.ago(CreateDate)}</span>,
          },
        ]}
      />
      {dialog}
    </>
  );
}

function Mfa({ user }: { user: string }) {
  const t = useMessages(userMessages);
  const { data, error } = useMfaDevices(user);
  if (error) return <Unknown />;
  if (!data) return <Spinner />;
  return data.length === 0 ? t.mfaNone : <StatusIndicator type="success">{t.mfaCount(data.length)}</StatusIndicator>;
}

function KeyAge({ user }: { user: string }) {
  const t = useMessages(userMessages);
  const { now } = useConsole();
  const { iam } = useClients();
  const { data, error } = useQuery({
    queryKey: ['iam', 'keys', user],
    queryFn: async ({ signal }) => (await (await iam()).send(new ListAccessKeysCommand({ UserName: user }), { abortSignal: signal })).AccessKeyMetadata ?? [],
    // Keys are made and deleted elsewhere.
    staleTime: 0,
  });
  if (error) return <Unknown />;
  if (data === undefined) return <Spinner />;
  const ages = data.flatMap(({ Status, CreateDate }) => (Status === 'Active' && CreateDate ? [Math.max(0, Math.floor((now() - CreateDate.getTime()) / DAY))] : []));
  if (ages.length === 0) return t.keyNone;
  const oldest = Math.max(...ages);
  return oldest < OLD_KEY_DAYS ? t.keyDays(oldest) : <StatusIndicator type="warning">{t.keyDays(oldest)}</StatusIndicator>;
}

function Unknown() {
  const t = useMessages(userMessages);
  return (
    <span title={t.unknown} aria-label={t.unknown} role="img">
      –
    </span>
  );
}
