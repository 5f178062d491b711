import type { InstanceMetadata } from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useMemo, type ReactNode } from 'react';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { accessMessages } from '../accessMessages';
import { useInstance } from '../instance';

/** The instance that a page is about. */
export interface Instance {
  arn: string;
  /** The directory's id, `d-…`. */
  directory: string;
  /** The account that it belongs to: of an organization's instance, the management account. */
  owner: string;
}

/** Draws what needs the instance, or in its place, under the page's title, why there is none. */
export function WithInstance({ title, children }: { title: string; children: (instance: Instance) => ReactNode }) {
  const t = useMessages(accessMessages).instance;
  const { data, error, refetch } = useInstance();
  const instance = useMemo(() => data && toInstance(data), [data]);
  if (instance) return children(instance);
  if (data === undefined && !error) return <Spinner size="large" />;
  return (
    <SpaceBetween size="m">
      <Header variant="h1">{title}</Header>
      {error ? (
        <FailureAlert error={error} onRetry={() => void refetch()} />
      ) : (
        <Alert type="info" header={t.none} action={<Button href="/singlesignon/dashboard">{t.enable}</Button>}>
          {t.noneText}
        </Alert>
      )}
    </SpaceBetween>
  );
}

const toInstance = ({ InstanceArn = '', IdentityStoreId = '', OwnerAccountId = '' }: InstanceMetadata): Instance => ({ arn: InstanceArn, directory: IdentityStoreId, owner: OwnerAccountId });
