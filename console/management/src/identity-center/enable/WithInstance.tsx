import { InstanceStatus, type InstanceMetadata } from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect, type ReactNode } from 'react';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { useInstance } from '../instance';
import { peopleMessages } from '../peopleMessages';

/** The instance as its pages use it: every member is there. */
export interface Instance {
  arn: string;
  /** ssoins-… */
  id: string;
  /** d-…, of the instance's directory. */
  directory: string;
  owner: string;
  name: string;
  region: string;
}

const ASK_AGAIN_MS = 2_000;

export function instanceOf({ InstanceArn = '', IdentityStoreId = '', OwnerAccountId = '', Name = '', PrimaryRegion = '' }: InstanceMetadata): Instance {
  return { arn: InstanceArn, id: InstanceArn.slice(InstanceArn.lastIndexOf('/') + 1), directory: IdentityStoreId, owner: OwnerAccountId, name: Name, region: PrimaryRegion };
}

/** Draws a page of the instance once it is known; says so, and where it is enabled, when there is none. */
export function WithInstance({ title, none, children }: { title: string; /** Drawn in place of that. */ none?: ReactNode; children: (instance: Instance) => ReactNode }) {
  const t = useMessages(peopleMessages);
  const query = useInstance();
  const { refetch } = query;
  const status = query.data?.Status;
  useEffect(() => {
    if (status !== InstanceStatus.CREATE_IN_PROGRESS && status !== InstanceStatus.DELETE_IN_PROGRESS) return undefined;
    const timer = setInterval(() => void refetch(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [status, refetch]);

  const instead = (content: ReactNode) => (
    <SpaceBetween size="l">
      <Header variant="h1">{title}</Header>
      {content}
    </SpaceBetween>
  );
  if (query.error) return instead(<FailureAlert error={query.error} onRetry={() => void query.refetch()} />);
  if (query.data === undefined) return instead(<Spinner />);
  if (query.data === null) {
    return (
      none ??
      instead(
        <Alert type="info" header={t.notEnabled.title} action={<Button href="/singlesignon/enable">{t.notEnabled.action}</Button>}>
          {t.notEnabled.text}
        </Alert>,
      )
    );
  }
  switch (status) {
    case InstanceStatus.CREATE_IN_PROGRESS:
      return instead(<Alert type="info">{t.creating}</Alert>);
    case InstanceStatus.DELETE_IN_PROGRESS:
      return instead(<Alert type="info">{t.deleting}</Alert>);
    case InstanceStatus.CREATE_FAILED:
      return instead(
        <Alert type="error" header={t.createFailed}>
          {query.data.StatusReason}
        </Alert>,
      );
    default:
      return children(instanceOf(query.data));
  }
}
