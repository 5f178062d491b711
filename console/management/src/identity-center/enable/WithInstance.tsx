import { InstanceStatus, type InstanceMetadata } from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect, type ReactNode } from 'react';
import { useSession } from '../../console';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { useMembership } from '../../ui/useMembership';
import { useInstance } from '../instance';
import { peopleMessages } from '../peopleMessages';
import { OrganizationInstance } from './OrganizationInstance';

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
  /** This account runs it; a member that does not has only its own applications in it. */
  administered: boolean;
}

const ASK_AGAIN_MS = 2_000;

function instanceOf({ InstanceArn = '', IdentityStoreId = '', OwnerAccountId = '', Name = '', PrimaryRegion = '' }: InstanceMetadata, administered: boolean): Instance {
  const id = InstanceArn.slice(InstanceArn.lastIndexOf('/') + 1);
  return { arn: InstanceArn, id, directory: IdentityStoreId, owner: OwnerAccountId, name: Name, region: PrimaryRegion, administered };
}

interface Props {
  title: string;
  /** Drawn in place of saying that there is no instance. */
  none?: ReactNode;
  /** The page is also for members that do not run the organization's instance. */
  forMembers?: boolean;
  children: (instance: Instance) => ReactNode;
}

/** Draws a page of the instance once it is known; says so, and where it is enabled, when there is none, and whose it is when it is not run from here. */
export function WithInstance({ title, none, forMembers = false, children }: Props) {
  const t = useMessages(peopleMessages);
  const { accountId } = useSession();
  const query = useInstance();
  const shared = !!query.data && query.data.OwnerAccountId !== accountId;
  const membership = useMembership(shared);
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
      break;
  }
  if (shared && membership.error) return instead(<FailureAlert error={membership.error} onRetry={() => void membership.refetch()} />);
  if (shared && !membership.data) return instead(<Spinner />);
  const instance = instanceOf(query.data, !shared || !!membership.data?.AdministersIdentityCenter);
  return instance.administered || forMembers ? children(instance) : <OrganizationInstance title={title} instance={instance} />;
}
