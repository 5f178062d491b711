import {
  DisableOrganizationsRootCredentialsManagementCommand,
  DisableOrganizationsRootSessionsCommand,
  EnableOrganizationsRootCredentialsManagementCommand,
  EnableOrganizationsRootSessionsCommand,
  ListOrganizationsFeaturesCommand,
  type FeatureType,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { EnableAWSServiceAccessCommand } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { rootAccessMessages } from './messages';

const queryKey = ['iam', 'organizations-features'];
const features: readonly FeatureType[] = ['RootCredentialsManagement', 'RootSessions'];

/** Whether the root users of member accounts are managed from here (behaviours.md 3, AssumeRoot). */
export function Component() {
  const t = useMessages(rootAccessMessages);
  usePageTitle(t.title);
  const { iam } = useClients();
  const { data, error, refetch } = useQuery({ queryKey, queryFn: async ({ signal }) => enabledFeatures(await iam(), signal), retry: false });
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.description}>
        {t.title}
      </Header>
      {error ? <Unavailable error={error} onRetry={() => void refetch()} /> : data ? <Features enabled={data} /> : <Spinner />}
    </SpaceBetween>
  );
}

async function enabledFeatures(client: IAMClient, abortSignal: AbortSignal): Promise<readonly FeatureType[]> {
  try {
    return (await client.send(new ListOrganizationsFeaturesCommand({}), { abortSignal })).EnabledFeatures ?? [];
  } catch (error) {
    // Nothing was ever enabled; enabling a feature also gives IAM its access.
    if (errorCode(error).startsWith('ServiceAccessNotEnabled')) return [];
    throw error;
  }
}

function Unavailable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useMessages(rootAccessMessages);
  const code = errorCode(error);
  const organizations = <Button href="/organizations/v2/home/accounts">{t.organizations}</Button>;
  if (code.startsWith('OrganizationNotFound')) {
    return (
      <Alert type="info" header={t.noOrganization} action={organizations}>
        {t.noOrganizationText}
      </Alert>
    );
  }
  if (code.startsWith('OrganizationNotInAllFeaturesMode')) {
    return (
      <Alert type="info" header={t.needsAll} action={organizations}>
        {t.needsAllText}
      </Alert>
    );
  }
  if (code.startsWith('AccountNotManagementOrDelegatedAdministrator') || code.startsWith('CallerIsNotManagementAccount')) {
    return (
      <Alert type="info" header={t.notManagement}>
        {t.notManagementText}
      </Alert>
    );
  }
  return <FailureAlert error={error} onRetry={onRetry} />;
}

function Features({ enabled }: { enabled: readonly FeatureType[] }) {
  const t = useMessages(rootAccessMessages);
  const { iam, organizations } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [running, setRunning] = useState<FeatureType>();
  const [failure, setFailure] = useState<unknown>(null);

  const enable = async (feature: FeatureType) => {
    setRunning(feature);
    setFailure(null);
    try {
      await (await organizations()).send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'iam.amazonaws.com' }));
      const client = await iam();
      await (feature === 'RootSessions' ? client.send(new EnableOrganizationsRootSessionsCommand({})) : client.send(new EnableOrganizationsRootCredentialsManagementCommand({})));
      notify({ type: 'success', content: t.didEnable(t.features[feature]) });
      await queries.invalidateQueries({ queryKey });
    } catch (error) {
      setFailure(error);
    } finally {
      setRunning(undefined);
    }
  };
  const disable = (feature: FeatureType) =>
    ask({
      title: t.disableTitle(t.features[feature]),
      text: t.disableText,
      button: t.disable,
      reversible: true,
      onConfirm: async () => {
        const client = await iam();
        await (feature === 'RootSessions' ? client.send(new DisableOrganizationsRootSessionsCommand({})) : client.send(new DisableOrganizationsRootCredentialsManagementCommand({})));
        notify({ type: 'success', content: t.didDisable(t.features[feature]) });
        await queries.invalidateQueries({ queryKey });
      },
    });

  return (
    <SpaceBetween size="m">
      {failure !== null && <FailureAlert error={failure} />}
      <Table<FeatureType>
        variant="container"
        wrapLines
        items={features}
        trackBy={(feature) => feature}
        header={
          <Header variant="h2" description={t.trusted}>
            {t.feature}
          </Header>
        }
        columnDefinitions={[
          {
            id: 'feature',
            header: t.feature,
            isRowHeader: true,
            minWidth: 240,
            cell: (feature) => (
              <>
                <strong>{t.features[feature]}</strong>
                <div>{t.texts[feature]}</div>
              </>
            ),
          },
          {
            id: 'status',
            header: t.status,
            minWidth: 110,
            cell: (feature) => <StatusIndicator type={enabled.includes(feature) ? 'success' : 'stopped'}>{enabled.includes(feature) ? t.enabled : t.disabled}</StatusIndicator>,
          },
          {
            id: 'actions',
            header: t.actions,
            minWidth: 130,
            cell: (feature) =>
              enabled.includes(feature) ? (
                <Button ariaLabel={t.disableOf(t.features[feature])} onClick={() => disable(feature)}>
                  {t.disable}
                </Button>
              ) : (
                <Button ariaLabel={t.enableOf(t.features[feature])} loading={running === feature} disabled={running !== undefined} onClick={() => void enable(feature)}>
                  {t.enable}
                </Button>
              ),
          },
        ]}
      />
      {dialog}
    </SpaceBetween>
  );
}
