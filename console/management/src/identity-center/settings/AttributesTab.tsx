import {
  CreateInstanceAccessControlAttributeConfigurationCommand,
  DeleteInstanceAccessControlAttributeConfigurationCommand,
  DescribeInstanceAccessControlAttributeConfigurationCommand,
} from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import type { Instance } from '../enable/WithInstance';
import { mappingsOf, type Mapping } from './attributes';
import { EditAttributes } from './EditAttributes';
import { managementMessages } from './managementMessages';

/** Which attributes of users become tags of their sessions (behaviours.md 6.4). */
export function AttributesTab({ instance }: { instance: Instance }) {
  const t = useMessages(managementMessages).attributes;
  const { ssoAdmin } = useClients();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [editing, setEditing] = useState(false);
  const [enabling, setEnabling] = useState(false);
  const query = useQuery({
    queryKey: ['singlesignon', 'attributes', instance.arn],
    // null: not enabled.
    queryFn: async ({ signal }) => {
      try {
        return await (await ssoAdmin()).send(new DescribeInstanceAccessControlAttributeConfigurationCommand({ InstanceArn: instance.arn }), { abortSignal: signal });
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
  });

  const enable = async () => {
    setEnabling(true);
    try {
      const configuration = { InstanceArn: instance.arn, InstanceAccessControlAttributeConfiguration: { AccessControlAttributes: [] } };
      await (await ssoAdmin()).send(new CreateInstanceAccessControlAttributeConfigurationCommand(configuration));
      notify({ type: 'success', content: t.enabled });
      await query.refetch();
    } catch (error) {
      notify({ type: 'error', content: <FailureAlert error={error} /> });
    }
    setEnabling(false);
  };
  const disable = () =>
    ask({
      title: t.disableTitle,
      text: t.disableText,
      confirmText: 'DELETE',
      button: t.disable,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeleteInstanceAccessControlAttributeConfigurationCommand({ InstanceArn: instance.arn }));
        notify({ type: 'success', content: t.disabled });
        await query.refetch();
      },
    });

  if (query.error) return <FailureAlert error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Spinner />;
  if (query.data === null) {
    return (
      <Alert
        type="info"
        header={t.off}
        action={
          <Button loading={enabling} onClick={() => void enable()}>
            {t.enable}
          </Button>
        }
      >
        {t.offText}
      </Alert>
    );
  }
  const { Status: status = 'ENABLED', StatusReason, InstanceAccessControlAttributeConfiguration: configuration } = query.data;
  const mappings = mappingsOf(configuration?.AccessControlAttributes ?? []);
  return (
    <SpaceBetween size="l">
      {status !== 'ENABLED' && (
        <Alert type={status === 'CREATION_FAILED' ? 'error' : 'info'} header={t.statuses[status]}>
          {StatusReason}
        </Alert>
      )}
      <Table<Mapping>
        variant="container"
        wrapLines
        items={mappings}
        trackBy={({ key }) => key}
        header={
          <Header
            variant="h2"
            counter={`(${mappings.length})`}
            description={t.text}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={disable}>{t.disable}</Button>
                <Button onClick={() => setEditing(true)}>{t.manage}</Button>
              </SpaceBetween>
            }
          >
            {t.title}
          </Header>
        }
        empty={<Box textAlign="center">{t.none}</Box>}
        columnDefinitions={[
          { id: 'key', header: t.key, isRowHeader: true, cell: ({ key }) => <span className="long-words">{key}</span> },
          { id: 'value', header: t.value, cell: ({ source }) => <code className="long-words">{source}</code> },
        ]}
      />
      {dialog}
      {editing && (
        <EditAttributes
          instance={instance}
          saved={mappings}
          onClose={() => setEditing(false)}
          onSaved={() => {
            setEditing(false);
            notify({ type: 'success', content: t.saved });
            void query.refetch();
          }}
        />
      )}
    </SpaceBetween>
  );
}
