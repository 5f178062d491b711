/** Bringing a permission set, as it is now, to the accounts that have it (behaviours.md 6.4). */
import {
  DescribePermissionSetProvisioningStatusCommand,
  ListPermissionSetProvisioningStatusCommand,
  ProvisionPermissionSetCommand,
  type PermissionSetProvisioningStatus,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { Instance } from '../enable/WithInstance';
import { mapPool } from './pool';
import type { Work } from './works';

export interface ProvisionWork extends Work {
  set: { arn: string; name: string };
  /** '' for all that have the set. */
  account: string;
}

/** The work of provisioning a set in one account, or with '' in all that have it. */
export function provisionWork(sso: () => Promise<SSOAdminClient>, { arn: InstanceArn }: Instance, set: ProvisionWork['set'], account: string): ProvisionWork {
  const target = account ? ({ TargetType: 'AWS_ACCOUNT', TargetId: account } as const) : ({ TargetType: 'ALL_PROVISIONED_ACCOUNTS' } as const);
  return {
    id: `${set.arn}/${account}`,
    set,
    account,
    start: async () => (await (await sso()).send(new ProvisionPermissionSetCommand({ InstanceArn, PermissionSetArn: set.arn, ...target }))).PermissionSetProvisioningStatus,
    poll: async (ProvisionPermissionSetRequestId) =>
      (await (await sso()).send(new DescribePermissionSetProvisioningStatusCommand({ InstanceArn, ProvisionPermissionSetRequestId }))).PermissionSetProvisioningStatus,
  };
}

/** So many of those under way are looked at; AWS lets three run over all accounts (behaviours.md 1.7). */
const LOOK_AT = 20;

/** The provisioning of the set that is under way, whoever began it and wherever; undefined if there is none. */
export async function underWay(client: SSOAdminClient, { arn: InstanceArn }: Instance, set: string, abortSignal: AbortSignal): Promise<PermissionSetProvisioningStatus | undefined> {
  const { PermissionSetsProvisioningStatus = [] } = await client.send(
    new ListPermissionSetProvisioningStatusCommand({ InstanceArn, Filter: { Status: 'IN_PROGRESS' }, MaxResults: LOOK_AT }),
    { abortSignal },
  );
  const described = await mapPool(PermissionSetsProvisioningStatus, async ({ RequestId }) =>
    (await client.send(new DescribePermissionSetProvisioningStatusCommand({ InstanceArn, ProvisionPermissionSetRequestId: RequestId }), { abortSignal })).PermissionSetProvisioningStatus,
  );
  return described.find((status) => status?.PermissionSetArn === set && status.Status === 'IN_PROGRESS');
}
