import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FormModal } from '../../ui/FormModal';
import { wholeList } from '../../ui/useList';
import { useIdentityCenter, type MfaDevice } from '../api';
import type { Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { useDirectorySettings } from '../settings/useDirectorySettings';
import { userMessages } from './messages';
import { RegisterApp } from './RegisterApp';
import { securityKey, timeOf } from './useSecurity';

/** Per person (behaviours.md 6.7). */
const MOST = 8;
const NAME_MAX = 128;

/** A person's MFA devices, looked after by an administrator; an external identity provider looks after its own (G-53). */
export function MfaDevices({ instance, user }: { instance: Instance; user: string }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(userMessages).mfa;
  const format = useFormat();
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [renaming, setRenaming] = useState<MfaDevice | null>(null);
  const [registering, setRegistering] = useState(false);
  const settings = useDirectorySettings(instance);
  const devices = useQuery({
    queryKey: ['singlesignon', 'mfa-devices', instance.arn, user],
    queryFn: async ({ signal }) => (await call('ListMfaDevices', { InstanceArn: instance.arn, UserId: user }, signal)).Devices,
  });
  const changed = (text: string) => {
    notify({ type: 'success', content: text });
    return Promise.all([devices.refetch(), queries.invalidateQueries({ queryKey: securityKey(instance, user) })]);
  };
  const remove = ({ DeviceId, Name }: MfaDevice) =>
    ask({
      title: t.deleteTitle(Name),
      text: t.deleteText,
      onConfirm: async () => {
        await call('DeleteMfaDevice', { InstanceArn: instance.arn, UserId: user, DeviceId });
        await changed(t.deleted);
      },
    });

  if (settings.data?.IdentitySource === 'EXTERNAL_IDP') return <Alert type="info">{t.notSupported}</Alert>;
  return (
    <>
      <EntityTable<MfaDevice>
        variant="container"
        list={wholeList(devices)}
        title={t.title}
        description={t.text}
        trackBy={({ DeviceId }) => DeviceId}
        text={({ Name }) => Name}
        empty={t.none}
        actions={
          <Button disabled={!devices.data || devices.data.length >= MOST} onClick={() => setRegistering(true)}>
            {t.register}
          </Button>
        }
        columns={[
          { id: 'name', header: t.name, isRowHeader: true, cell: ({ Name }) => <span className="long-words">{Name}</span> },
          { id: 'type', header: t.type, cell: ({ Type }) => t.types[Type] },
          { id: 'registered', header: t.registered, cell: ({ CreatedAt }) => format.dateTime(timeOf(CreatedAt)) },
          { id: 'used', header: t.lastUsed, cell: ({ LastUsedAt }) => format.ago(timeOf(LastUsedAt)) },
          {
            id: 'actions',
            header: all.actions,
            cell: (device) => (
              <ButtonDropdown
                variant="inline-icon"
                ariaLabel={all.actionsOn(device.Name)}
                expandToViewport
                items={[
                  { id: 'rename', text: t.rename },
                  { id: 'delete', text: t.delete },
                ]}
                onItemClick={({ detail }) => (detail.id === 'rename' ? setRenaming(device) : remove(device))}
              />
            ),
          },
        ]}
      />
      {dialog}
      {renaming && (
        <Rename
          device={renaming}
          onClose={() => setRenaming(null)}
          onRename={async (Name) => {
            await call('RenameMfaDevice', { InstanceArn: instance.arn, UserId: user, DeviceId: renaming.DeviceId, Name });
            setRenaming(null);
            await changed(t.renamed);
          }}
        />
      )}
      {registering && (
        <RegisterApp
          instance={instance}
          user={user}
          onClose={() => setRegistering(false)}
          onDone={() => {
            setRegistering(false);
            void changed(t.done);
          }}
        />
      )}
    </>
  );
}

function Rename({ device, onRename, onClose }: { device: MfaDevice; onRename: (name: string) => Promise<void>; onClose: () => void }) {
  const t = useMessages(userMessages).mfa;
  const [name, setName] = useState(device.Name);
  const [tried, setTried] = useState(false);
  const fault = deviceNameFault(name);
  const rename = async () => {
    setTried(true);
    if (fault) return false;
    return onRename(name.trim());
  };
  return (
    <FormModal title={t.rename} onSubmit={rename} onClose={onClose}>
      <FormField label={t.name} constraintText={t.nameHint} errorText={tried && fault && t.nameNeeded}>
        <Input value={name} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </FormModal>
  );
}

export function deviceNameFault(name: string): boolean {
  const { length } = [...name.trim()];
  return length === 0 || length > NAME_MAX;
}
