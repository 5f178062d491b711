import { DeactivateMFADeviceCommand, DeleteVirtualMFADeviceCommand, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients, useSession } from '../console';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { useConfirmDelete } from '../ui/confirmDelete';
import { FailureAlert } from '../ui/FailureAlert';
import { AssignMfa } from './AssignMfa';
import { deviceOf, MOST_DEVICES, type Device } from './device';
import { messages } from './messages';
import { ResyncMfa } from './ResyncMfa';

/** By which the API knows whose device it is; for the root user there is no user name. */
function useDeviceOwner(user: string | undefined): string {
  const { kind, userName, accountId } = useSession();
  return user ?? (kind === 'root' ? accountId : userName);
}

/**
 * The MFA devices of a user; of the person themselves without one (B-20, C-16, C-17).
 * `returnPath` is this page's address, to which the registration of a passkey comes back.
 */
export function MfaDevices({ user, returnPath }: { user?: string; returnPath: string }) {
  const all = useMessages(messages);
  const t = all.mfa;
  const format = useFormat();
  const { iam } = useClients();
  const notify = useNotify();
  const confirm = useConfirmDelete();
  const owner = useDeviceOwner(user);
  const [assigning, setAssigning] = useState(false);
  const [resyncing, setResyncing] = useState<Device | null>(null);

  const devices = useQuery({
    queryKey: ['credentials', 'mfa-devices', user ?? ''],
    queryFn: async ({ signal }) => {
      const { MFADevices = [] } = await (await iam()).send(new ListMFADevicesCommand(user ? { UserName: user } : {}), { abortSignal: signal });
      return MFADevices.map(({ SerialNumber = '', EnableDate }) => deviceOf(SerialNumber, EnableDate));
    },
  });
  const count = devices.data?.length ?? 0;

  const remove = (device: Device) =>
    confirm.ask({
      title: t.removeTitle(device.name),
      text: count === 1 ? t.removeLast : t.removeText,
      button: t.removeButton,
      onConfirm: async () => {
        const client = await iam();
        await client.send(new DeactivateMFADeviceCommand({ UserName: owner, SerialNumber: device.serial }));
        if (device.kind === 'app') {
          // Left over, it would keep its name from the next device. That it stays harms nobody.
          await client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: device.serial })).catch(() => undefined);
        }
        notify({ type: 'success', content: t.removed(device.name) });
        await devices.refetch();
      },
    });

  return (
    <div id="mfa">
      <Table
        variant="container"
        items={devices.data ?? []}
        trackBy="serial"
        wrapLines
        loading={devices.isLoading}
        loadingText={t.loading}
        enableKeyboardNavigation
        header={
          <Header
            variant="h2"
            counter={devices.data ? `(${count})` : undefined}
            description={t.description}
            actions={
              <Button
                disabled={count >= MOST_DEVICES || !devices.data}
                {...(count >= MOST_DEVICES && { disabledReason: t.full })}
                onClick={() => setAssigning(true)}
              >
                {t.assign}
              </Button>
            }
          >
            {t.title}
          </Header>
        }
        empty={
          devices.error ? (
            <FailureAlert error={devices.error} onRetry={() => void devices.refetch()} />
          ) : (
            <Box textAlign="center">
              <strong>{t.empty}</strong>
              <Box color="text-body-secondary">{t.emptyText}</Box>
            </Box>
          )
        }
        columnDefinitions={[
          { id: 'type', header: t.type, minWidth: 140, cell: ({ kind }) => t[kind] },
          { id: 'identifier', header: t.identifier, minWidth: 240, cell: ({ serial }) => <span className="long-words">{serial}</span>, isRowHeader: true },
          { id: 'since', header: t.since, minWidth: 120, cell: ({ since }) => <span title={format.dateTime(since)}>{format.ago(since)}</span> },
          {
            id: 'actions',
            header: all.actions,
            minWidth: 120,
            cell: (device) => (
              <SpaceBetween direction="horizontal" size="xs">
                {device.kind !== 'fido' && (
                  <Button variant="inline-link" ariaLabel={t.resyncDevice(device.name)} onClick={() => setResyncing(device)}>
                    {t.resync}
                  </Button>
                )}
                <Button variant="inline-link" ariaLabel={t.removeDevice(device.name)} onClick={() => remove(device)}>
                  {t.remove}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {confirm.dialog}
      {assigning && (
        <AssignMfa
          owner={owner}
          {...(user !== undefined && { user })}
          first={count === 0}
          returnPath={returnPath}
          onAssigned={() => void devices.refetch()}
          onClose={() => setAssigning(false)}
        />
      )}
      {resyncing && <ResyncMfa owner={owner} device={resyncing} onClose={() => setResyncing(null)} />}
    </div>
  );
}
