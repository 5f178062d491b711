import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { PagedTable } from '../../ui/PagedTable';
import { usePaged } from '../../ui/usePaged';
import { useIdentityCenter, type UserSession } from '../api';
import type { Instance } from '../enable/WithInstance';
import { userMessages } from './messages';
import { timeOf } from './useSecurity';

/** Where a person is signed in, to be ended (behaviours.md 6.5). */
export function Sessions({ instance, user }: { instance: Instance; user: string }) {
  const t = useMessages(userMessages).sessions;
  const format = useFormat();
  const call = useIdentityCenter();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [selected, setSelected] = useState<UserSession[]>([]);
  const of = { InstanceArn: instance.arn, UserId: user };
  const list = usePaged<UserSession>(['singlesignon', 'sessions', instance.arn, user], async (token, signal) => {
    const { Sessions: items, NextToken } = await call('ListUserSessions', { ...of, ...(token && { NextToken: token }) }, signal);
    return { items, marker: NextToken };
  });
  const end = () =>
    ask({
      title: t.endTitle(selected.length),
      text: t.endText,
      button: t.end,
      reversible: true,
      onConfirm: async () => {
        await call('EndUserSessions', { ...of, SessionIds: selected.map(({ SessionId }) => SessionId) });
        notify({ type: 'success', content: t.ended(selected.length) });
        setSelected([]);
        list.refetch();
      },
    });
  return (
    <>
      <PagedTable<UserSession>
        variant="container"
        list={list}
        title={t.title}
        description={t.text}
        trackBy={({ SessionId }) => SessionId}
        selection={{ selected, onSelect: setSelected, label: ({ CreatedAt, SourceIp }) => `${format.dateTime(timeOf(CreatedAt))} ${SourceIp}` }}
        empty={t.none}
        actions={
          <Button disabled={selected.length === 0} onClick={end}>
            {t.end}
          </Button>
        }
        columns={[
          { id: 'started', header: t.started, isRowHeader: true, cell: ({ CreatedAt }) => <span title={format.dateTime(timeOf(CreatedAt))}>{format.ago(timeOf(CreatedAt))}</span> },
          { id: 'kind', header: t.kind, cell: ({ Kind }) => Kind },
          { id: 'agent', header: t.agent, minWidth: 180, cell: ({ UserAgent }) => <span className="long-words">{UserAgent || '–'}</span> },
          { id: 'address', header: t.address, cell: ({ SourceIp }) => SourceIp || '–' },
          { id: 'expires', header: t.expires, cell: ({ ExpiresAt }) => format.dateTime(timeOf(ExpiresAt)) },
        ]}
      />
      {dialog}
    </>
  );
}
