import { DeleteUserCommand } from '@aws-sdk/client-identitystore';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { PagedTable } from '../../ui/PagedTable';
import { mapPool } from '../access/pool';
import { useIdentityCenter, type FoundUser } from '../api';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { userMessages } from './messages';
import { Status } from './Status';
import { userHref, usersKey, useUsers } from './useUsers';

export function Component() {
  const title = useMessages(peopleMessages).users;
  usePageTitle(title, { contentType: 'table' });
  return <WithInstance title={title}>{(instance) => <Users instance={instance} />}</WithInstance>;
}

function Users({ instance }: { instance: Instance }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(userMessages);
  const { identityStore } = useClients();
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [prefix, setPrefix] = useState('');
  const [selected, setSelected] = useState<FoundUser[]>([]);
  const list = useUsers(instance, prefix);

  /** Also when it failed half-way: the list then shows how far it came. */
  const forEach = async (change: (user: FoundUser) => Promise<unknown>, done: string) => {
    try {
      await mapPool(selected, change);
      notify({ type: 'success', content: done });
      setSelected([]);
    } finally {
      await queries.invalidateQueries({ queryKey: usersKey(instance) });
    }
  };
  const setStatus = (status: 'ENABLED' | 'DISABLED', done: string) =>
    forEach(({ UserId }) => call('SetUserStatus', { InstanceArn: instance.arn, UserId, Status: status }), done);

  const act = (action: string) => {
    const n = selected.length;
    if (action === 'enable') {
      setStatus('ENABLED', t.enabledDone(n)).catch((error: unknown) => notify({ type: 'error', content: <FailureAlert error={error} /> }));
    } else if (action === 'disable') {
      ask({ title: t.disableSome(n), text: t.disableText, button: t.disable, reversible: true, onConfirm: () => setStatus('DISABLED', t.disabledDone(n)) });
    } else {
      ask({
        title: t.deleteSome(n),
        text: (
          <>
            <p>{selected.map(({ UserName }) => UserName).join(', ')}</p>
            <p>{t.deleteText}</p>
          </>
        ),
        confirmText: selected[0]!.UserName,
        onConfirm: () =>
          forEach(async ({ UserId }) => (await identityStore()).send(new DeleteUserCommand({ IdentityStoreId: instance.directory, UserId })), t.deleted(n)),
      });
    }
  };

  return (
    <>
      <PagedTable<FoundUser>
        list={list}
        title={all.users}
        description={t.text}
        trackBy={({ UserId }) => UserId}
        search={{ prefix, onSearch: setPrefix, label: t.find }}
        selection={{ selected, onSelect: setSelected, label: ({ UserName }) => t.select(UserName) }}
        empty={t.empty}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown
              disabled={selected.length === 0}
              items={[
                { id: 'enable', text: t.enable, disabled: selected.every(({ Status: status }) => status === 'ENABLED') },
                { id: 'disable', text: t.disable, disabled: selected.every(({ Status: status }) => status === 'DISABLED') },
                { id: 'delete', text: t.delete },
              ]}
              onItemClick={({ detail }) => act(detail.id)}
            >
              {all.actions}
            </ButtonDropdown>
            <Button variant="primary" href="/singlesignon/users/add">
              {t.add}
            </Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'name',
            header: t.userName,
            isRowHeader: true,
            cell: ({ UserId, UserName }) => (
              <Link href={userHref(UserId)}>
                <span className="long-words">{UserName}</span>
              </Link>
            ),
          },
          { id: 'display', header: t.displayName, cell: ({ DisplayName }) => <span className="long-words">{DisplayName}</span> },
          { id: 'email', header: t.email, minWidth: 180, cell: ({ Email }) => <span className="long-words">{Email || '–'}</span> },
          { id: 'status', header: t.status, cell: ({ Status: status }) => <Status status={status} /> },
        ]}
      />
      {dialog}
    </>
  );
}
