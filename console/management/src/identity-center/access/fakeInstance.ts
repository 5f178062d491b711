/** An organization with an Identity Center instance, for tests: as small a server as the pages notice no difference. */
import { refuse, type Operations } from '../../testing/services';

export const MANAGEMENT = '111122223333';
export const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111222233334444';
export const ADMIN = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaaaaaaaaaaaaaa';
export const READ = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-bbbbbbbbbbbbbbbb';

interface Order {
  RequestId: string;
  Status: string;
  FailureReason?: string;
}

export interface FakeInstance {
  services: Record<string, Operations>;
  /** Accounts in which assignments fail, with the reason. */
  failing: Map<string, string>;
  /** The accounts that have the set Administrators, and whether as it is now. */
  provisioned: Map<string, boolean>;
  assigned: { AccountId: string; PermissionSetArn: string; PrincipalType: string; PrincipalId: string }[];
}

const account = (n: number) => ({ Id: String(200_000_000_000 + n), Name: `member-${n}`, Email: `member-${n}@example.com`, State: 'ACTIVE' });

/** Organizations gives 20 at a time; a token is the index of the first. */
function page<T>(items: readonly T[], token: string | undefined): { items: T[]; NextToken?: string } {
  const from = Number(token ?? 0);
  return { items: items.slice(from, from + 20), ...(from + 20 < items.length && { NextToken: String(from + 20) }) };
}

/** One management account and, in the unit Workloads, `members` others; the sets Administrators and Readers; the user jane and the group Ops. */
export function fakeInstance(members = 3): FakeInstance {
  const accounts = [{ Id: MANAGEMENT, Name: 'Example Corp', Email: 'root@example.com', State: 'ACTIVE' }, ...Array.from({ length: members }, (_, i) => account(i))];
  const sets = [
    { PermissionSetArn: ADMIN, Name: 'Administrators', Description: 'All of it', SessionDuration: 'PT1H', CreatedDate: 1_767_225_600 },
    { PermissionSetArn: READ, Name: 'Readers', SessionDuration: 'PT12H', CreatedDate: 1_767_225_600 },
  ];
  const failing = new Map<string, string>();
  const provisioned = new Map<string, boolean>();
  const assigned: FakeInstance['assigned'] = [];
  const orders = new Map<string, Order>();
  const order = (reason: string | undefined): Order => {
    const RequestId = `request-${orders.size}`;
    orders.set(RequestId, { RequestId, ...(reason === undefined ? { Status: 'SUCCEEDED' } : { Status: 'FAILED', FailureReason: reason }) });
    return { RequestId, Status: 'IN_PROGRESS' };
  };

  const services: Record<string, Operations> = {
    organizations: {
      ListRoots: () => ({ Roots: [{ Id: 'r-ex01', Name: 'Root' }] }),
      ListOrganizationalUnitsForParent: ({ ParentId }) => ({ OrganizationalUnits: ParentId === 'r-ex01' ? [{ Id: 'ou-ex01-work0001', Name: 'Workloads' }] : [] }),
      ListAccountsForParent: ({ ParentId, NextToken }) => {
        const { items, ...rest } = page(ParentId === 'r-ex01' ? accounts.slice(0, 1) : accounts.slice(1), NextToken);
        return { Accounts: items, ...rest };
      },
      ListAccounts: ({ NextToken }) => {
        const { items, ...rest } = page(accounts, NextToken);
        return { Accounts: items, ...rest };
      },
      DescribeAccount: ({ AccountId }) => {
        const found = accounts.find(({ Id }) => Id === AccountId);
        return found ? { Account: found } : refuse('AccountNotFoundException', 'You specified an account that doesn\'t exist.');
      },
    },
    'sso-admin': {
      ListInstances: () => ({ Instances: [{ InstanceArn: INSTANCE, IdentityStoreId: 'd-1234567890', OwnerAccountId: MANAGEMENT, Status: 'ACTIVE' }] }),
      ListPermissionSets: () => ({ PermissionSets: sets.map(({ PermissionSetArn }) => PermissionSetArn) }),
      DescribePermissionSet: ({ PermissionSetArn }) => {
        const set = sets.find((s) => s.PermissionSetArn === PermissionSetArn);
        return set ? { PermissionSet: set } : refuse('ResourceNotFoundException', `Could not find PermissionSet with id ${PermissionSetArn}`);
      },
      ListAccountsForProvisionedPermissionSet: ({ PermissionSetArn, ProvisioningStatus }) => ({
        AccountIds: [...provisioned]
          .filter(([, current]) => PermissionSetArn === ADMIN && (ProvisioningStatus === undefined || current === (ProvisioningStatus === 'LATEST_PERMISSION_SET_PROVISIONED')))
          .map(([id]) => id),
      }),
      ListPermissionSetsProvisionedToAccount: ({ AccountId }) => ({ PermissionSets: [...new Set(assigned.filter((a) => a.AccountId === AccountId).map((a) => a.PermissionSetArn))] }),
      ListAccountAssignments: ({ AccountId, PermissionSetArn }) => ({ AccountAssignments: assigned.filter((a) => a.AccountId === AccountId && a.PermissionSetArn === PermissionSetArn) }),
      ListAccountAssignmentsForPrincipal: ({ PrincipalId, Filter }) => ({ AccountAssignments: assigned.filter((a) => a.PrincipalId === PrincipalId && a.AccountId === Filter.AccountId) }),
      CreateAccountAssignment: ({ TargetId }) => ({ AccountAssignmentCreationStatus: order(failing.get(TargetId)) }),
      DescribeAccountAssignmentCreationStatus: ({ AccountAssignmentCreationRequestId }) => ({ AccountAssignmentCreationStatus: orders.get(AccountAssignmentCreationRequestId) }),
      DeleteAccountAssignment: ({ TargetId }) => ({ AccountAssignmentDeletionStatus: order(failing.get(TargetId)) }),
      DescribeAccountAssignmentDeletionStatus: ({ AccountAssignmentDeletionRequestId }) => ({ AccountAssignmentDeletionStatus: orders.get(AccountAssignmentDeletionRequestId) }),
      ProvisionPermissionSet: () => {
        for (const id of provisioned.keys()) provisioned.set(id, true);
        return { PermissionSetProvisioningStatus: order(undefined) };
      },
      DescribePermissionSetProvisioningStatus: ({ ProvisionPermissionSetRequestId }) => ({ PermissionSetProvisioningStatus: orders.get(ProvisionPermissionSetRequestId) }),
      ListPermissionSetProvisioningStatus: () => ({ PermissionSetsProvisioningStatus: [] }),
      ListManagedPoliciesInPermissionSet: () => ({ AttachedManagedPolicies: [{ Name: 'AdministratorAccess', Arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] }),
      ListCustomerManagedPolicyReferencesInPermissionSet: () => ({ CustomerManagedPolicyReferences: [] }),
      GetInlinePolicyForPermissionSet: () => ({ InlinePolicy: '' }),
      GetPermissionsBoundaryForPermissionSet: () => refuse('ResourceNotFoundException', 'no boundary'),
      ListTagsForResource: () => ({ Tags: [] }),
      UpdatePermissionSet: () => {
        for (const id of provisioned.keys()) provisioned.set(id, false);
        return {};
      },
    },
    identitystore: {
      DescribeUser: ({ UserId }) => ({ UserId, IdentityStoreId: 'd-1234567890', UserName: UserId.replace('user-', ''), DisplayName: 'Jane Doe' }),
      DescribeGroup: ({ GroupId }) => ({ GroupId, IdentityStoreId: 'd-1234567890', DisplayName: GroupId.replace('group-', '') }),
    },
    _organizations: { SearchAccounts: ({ Words }) => ({ Accounts: accounts.filter(({ Name }) => Name.includes(Words)) }) },
    '_identity-center': {
      SearchUsers: ({ Prefix }) => ({ Users: [{ UserId: 'user-jane', UserName: 'jane', DisplayName: 'Jane Doe', Email: 'jane@example.com', Status: 'ENABLED' }].filter(({ UserName }) => UserName.startsWith(Prefix)) }),
      SearchGroups: ({ Prefix }) => ({ Groups: [{ GroupId: 'group-Ops', DisplayName: 'Ops', Description: 'On call' }].filter(({ DisplayName }) => DisplayName.startsWith(Prefix)) }),
      DescribeRoleQuotas: ({ AccountIds }) => ({ Accounts: AccountIds.map((AccountId: string) => ({ AccountId, Roles: 12, Limit: 1000 })) }),
    },
  };
  return { services, failing, provisioned, assigned };
}
