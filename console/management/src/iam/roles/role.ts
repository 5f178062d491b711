/** What the role pages know of roles, and the calls that need more than one request. */
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteServiceLinkedRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
  ListInstanceProfilesForRoleCommand,
  RemoveRoleFromInstanceProfileCommand,
  type IAMClient,
  type Policy,
  type Role,
} from '@aws-sdk/client-iam';
import { isNotFound } from '../../failure';
import { all, attachedPolicies, attachPolicy, deleteInlinePolicy, detachPolicy, inlinePolicies, policyName, type Holder } from '../permissions/holders';

export const roleHref = (name: string): string => `/iam/roles/${encodeURIComponent(name)}`;

/** Whether it can name a role (behaviours.md 1.3). */
export const isRoleName = (name: string): boolean => /^[\w+=,.@-]{1,64}$/.test(name);

/** Whose a role is: the account's own, a service's, or IAM Identity Center's, which alone may change it. */
export function ownerOf({ Path = '/' }: Role): 'account' | 'service' | 'identityCenter' {
  if (Path.startsWith('/aws-service-role/')) return 'service';
  return Path.startsWith('/aws-reserved/') ? 'identityCenter' : 'account';
}

/** A role's trust policy, as it was written if that was for people, else with lines. */
export function trustDocument({ AssumeRolePolicyDocument = '' }: Role): string {
  const document = decodeURIComponent(AssumeRolePolicyDocument);
  if (document.includes('\n')) return document;
  try {
    return JSON.stringify(JSON.parse(document), null, 4);
  } catch {
    return document;
  }
}

/** What the switch-role form needs to know, in an address that can be handed to whoever shall switch. */
export function switchUrl(form: string, origin: string, account: string, { Path = '/', RoleName = '' }: Role): string {
  const url = new URL(form || '/switchrole', origin);
  url.searchParams.set('account', account);
  url.searchParams.set('roleName', `${Path.slice(1)}${RoleName}`);
  return url.href;
}

/** The inline policy by which AWS's console ends sessions. */
export const REVOKE_POLICY = 'AWSRevokeOlderSessions';

/** Denies everything to credentials that are older than this moment. */
export function revokeDocument(at: Date): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { DateLessThan: { 'aws:TokenIssueTime': at.toISOString() } } }],
  });
}

export interface NewRole {
  name: string;
  description: string;
  trust: string;
  policies: readonly Policy[];
  boundary: Policy | null;
  tags: { Key: string; Value: string }[];
  /** Whether machines of EC2 are to have it, which take roles in instance profiles. */
  instanceProfile: boolean;
}

/** Something that a new role should have got, and why it did not. */
export interface Missing {
  what: string;
  error: unknown;
}

/** Makes the role, then gives it what it shall have; answers what of that failed. Throws where there is no role. */
export async function createRole(iam: IAMClient, role: NewRole): Promise<Missing[]> {
  const RoleName = role.name;
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: role.trust,
      ...(role.description && { Description: role.description }),
      ...(role.boundary && { PermissionsBoundary: role.boundary.Arn }),
      ...(role.tags.length > 0 && { Tags: role.tags }),
    }),
  );
  const holder: Holder = { kind: 'role', name: RoleName };
  const parts = [
    ...role.policies.map(({ Arn = '' }) => ({ what: policyName(Arn), give: () => attachPolicy(iam, holder, Arn) })),
    ...(role.instanceProfile
      ? [
          {
            what: `instance-profile/${RoleName}`,
            give: async () => {
              await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: RoleName }));
              await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: RoleName, RoleName }));
            },
          },
        ]
      : []),
  ];
  const missing: Missing[] = [];
  for (const { what, give } of parts) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- changes of one role would wait for each other
      await give();
    } catch (error) {
      missing.push({ what, error });
    }
  }
  return missing;
}

/** How long to wait before asking again whether a service let its role go, in milliseconds. */
const PAUSE = 1_000;

/**
 * Deletes a role with everything that IAM wants to be gone first (behaviours.md 5.2): its
 * policies, and its places in instance profiles. Of a service's role the service decides;
 * `refused` says that it did not let go, if it gives no reason.
 */
export async function deleteRole(iam: IAMClient, role: Role, refused: string): Promise<void> {
  const RoleName = role.RoleName!;
  if (ownerOf(role) === 'service') return deleteServiceRole(iam, RoleName, refused);
  const holder: Holder = { kind: 'role', name: RoleName };
  const { signal } = new AbortController();
  const [attached, inline, profiles] = await Promise.all([
    attachedPolicies(iam, holder, signal),
    inlinePolicies(iam, holder, signal),
    all(
      (Marker) => iam.send(new ListInstanceProfilesForRoleCommand({ RoleName, Marker })),
      ({ InstanceProfiles }) => InstanceProfiles,
    ),
  ]);
  const steps = [
    ...attached.map(({ PolicyArn = '' }) => () => detachPolicy(iam, holder, PolicyArn)),
    ...inline.map((name) => () => deleteInlinePolicy(iam, holder, name)),
    ...profiles.map(({ InstanceProfileName }) => () => iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }))),
  ];
  for (const step of steps) {
    // oxlint-disable-next-line no-await-in-loop -- the first refusal ends it
    await step().catch((error: unknown) => {
      // Somebody else was faster.
      if (!isNotFound(error)) throw error;
    });
  }
  await iam.send(new DeleteRoleCommand({ RoleName }));
}

async function deleteServiceRole(iam: IAMClient, RoleName: string, refused: string): Promise<void> {
  const { DeletionTaskId } = await iam.send(new DeleteServiceLinkedRoleCommand({ RoleName }));
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- it is not decided yet
    const { Status, Reason } = await iam.send(new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }));
    if (Status === 'SUCCEEDED') return;
    if (Status === 'FAILED') throw new Error(Reason?.Reason ?? refused);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE);
    });
  }
}
