import {
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
  type AccessKeyLastUsed,
} from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../console';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { useConfirmDelete } from '../ui/confirmDelete';
import { FailureAlert } from '../ui/FailureAlert';
import { CreateAccessKey } from './CreateAccessKey';
import { MOST_KEYS } from './device';
import { messages } from './messages';

interface Key {
  id: string;
  active: boolean;
  created: Date | undefined;
  /** Undefined where it may not be read. */
  lastUsed: AccessKeyLastUsed | undefined;
}

/** The access keys of a user; of the person themselves without one (B-35, C-18, C-19). */
export function AccessKeys({ user }: { user?: string }) {
  const all = useMessages(messages);
  const t = all.keys;
  const format = useFormat();
  const { iam } = useClients();
  const notify = useNotify();
  const confirm = useConfirmDelete();
  const [creating, setCreating] = useState(false);
  const whose = user ? { UserName: user } : {};

  const keys = useQuery({
    queryKey: ['credentials', 'access-keys', user ?? ''],
    queryFn: async ({ signal }): Promise<Key[]> => {
      const client = await iam();
      const { AccessKeyMetadata = [] } = await client.send(new ListAccessKeysCommand(whose), { abortSignal: signal });
      return Promise.all(
        AccessKeyMetadata.map(async ({ AccessKeyId = '', Status, CreateDate }) => ({
          id: AccessKeyId,
          active: Status === 'Active',
          created: CreateDate,
          // The list is worth showing to those who may not see when a key was used.
          lastUsed: await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }), { abortSignal: signal }).then(
            (out) => out.AccessKeyLastUsed,
            () => undefined,
          ),
        })),
      );
    },
  });
  const full = (keys.data?.length ?? 0) >= MOST_KEYS;

  const setStatus = async ({ id }: Key, active: boolean) => {
    await (await iam()).send(new UpdateAccessKeyCommand({ ...whose, AccessKeyId: id, Status: active ? 'Active' : 'Inactive' }));
    notify({ type: 'success', content: active ? t.activated(id) : t.deactivated(id) });
    await keys.refetch();
  };

  const act = async (key: Key, action: string) => {
    if (action === 'activate') {
      try {
        await setStatus(key, true);
      } catch (error) {
        notify({ type: 'error', content: <FailureAlert error={error} /> });
      }
    } else if (action === 'deactivate') {
      confirm.ask({
        title: t.deactivateTitle(key.id),
        text: t.deactivateText,
        button: t.deactivate,
        reversible: true,
        onConfirm: () => setStatus(key, false),
      });
    } else {
      confirm.ask({
        title: t.deleteTitle(key.id),
        text: (
          <SpaceBetween size="xs">
            {key.active && <StatusIndicator type="warning">{t.deleteActive}</StatusIndicator>}
            <div>{t.deleteText}</div>
          </SpaceBetween>
        ),
        confirmText: key.id,
        onConfirm: async () => {
          await (await iam()).send(new DeleteAccessKeyCommand({ ...whose, AccessKeyId: key.id }));
          notify({ type: 'success', content: t.deleted(key.id) });
          await keys.refetch();
        },
      });
    }
  };

  return (
    <div id="access-keys">
      <Table
        variant="container"
        items={keys.data ?? []}
        trackBy="id"
        loading={keys.isLoading}
        loadingText={t.loading}
        enableKeyboardNavigation
        header={
          <Header
            variant="h2"
            counter={keys.data ? `(${keys.data.length})` : undefined}
            description={t.description}
            actions={
              <Button disabled={full || !keys.data} {...(full && { disabledReason: t.full })} onClick={() => setCreating(true)}>
                {t.create}
              </Button>
            }
          >
            {t.title}
          </Header>
        }
        empty={
          keys.error ? (
            <FailureAlert error={keys.error} onRetry={() => void keys.refetch()} />
          ) : (
            <Box textAlign="center">
              <strong>{t.empty}</strong>
              <Box color="text-body-secondary">{t.emptyText}</Box>
            </Box>
          )
        }
        footer={keys.data?.length ? <Box color="text-body-secondary">{t.rotate}</Box> : undefined}
        columnDefinitions={[
          { id: 'id', header: t.id, cell: ({ id }) => <code>{id}</code>, isRowHeader: true },
          {
            id: 'status',
            header: t.status,
            cell: ({ active }) => <StatusIndicator type={active ? 'success' : 'stopped'}>{active ? t.active : t.inactive}</StatusIndicator>,
          },
          { id: 'created', header: t.created, cell: ({ created }) => <span title={format.dateTime(created)}>{format.ago(created)}</span> },
          { id: 'used', header: t.lastUsed, cell: ({ lastUsed }) => used(lastUsed) },
          {
            id: 'actions',
            header: all.actions,
            cell: (key) => (
              <ButtonDropdown
                variant="inline-icon"
                ariaLabel={t.actionsOn(key.id)}
                expandToViewport
                items={[
                  key.active ? { id: 'deactivate', text: t.deactivate } : { id: 'activate', text: t.activate },
                  { id: 'delete', text: t.delete },
                ]}
                onItemClick={({ detail }) => void act(key, detail.id)}
              />
            ),
          },
        ]}
      />
      {confirm.dialog}
      {creating && (
        <CreateAccessKey
          {...(user !== undefined && { user })}
          onCreated={() => void keys.refetch()}
          onClose={() => setCreating(false)}
        />
      )}
    </div>
  );

  function used(lastUsed: AccessKeyLastUsed | undefined) {
    if (!lastUsed) return t.unknown;
    const { LastUsedDate, ServiceName = 'N/A', Region = 'N/A' } = lastUsed;
    if (!LastUsedDate) return t.never;
    return <span title={format.dateTime(LastUsedDate)}>{t.usedBy(format.ago(LastUsedDate), ServiceName, Region)}</span>;
  }
}
