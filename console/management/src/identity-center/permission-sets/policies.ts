/** What a permission set allows, and the calls by which it gets there (behaviours.md 6.4). */
import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  CreatePermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  type AttachedManagedPolicy,
  type CustomerManagedPolicyReference,
  type PermissionsBoundary,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { Instance } from '../enable/WithInstance';
import { durationOf } from '../access/permissionSets';
import type { Details } from './details';

/** The jobs for which AWS has a policy, the default first (G-35, G-39, behaviours.md 5.11). */
export const jobs: readonly { name: string; arn: string }[] = [
  'AdministratorAccess',
  'PowerUserAccess',
  'job-function/ViewOnlyAccess',
  'SecurityAudit',
  'job-function/SupportUser',
  'job-function/SystemAdministrator',
  'job-function/NetworkAdministrator',
  'job-function/DatabaseAdministrator',
  'job-function/DataScientist',
  'job-function/Billing',
].map((path) => ({ name: path.slice(path.indexOf('/') + 1), arn: `arn:aws:iam::aws:policy/${path}` }));

export interface SetPolicies {
  managed: readonly AttachedManagedPolicy[];
  customer: readonly CustomerManagedPolicyReference[];
  /** '' for none. */
  inline: string;
  boundary: PermissionsBoundary | null;
}

export const noPolicies: SetPolicies = { managed: [], customer: [], inline: '', boundary: null };

/** Of both kinds together (behaviours.md 1.7). */
export const MOST_MANAGED = 25;

const NAME = /^[\w+=,.@-]{1,128}$/;
const PATH = /^(?:\/[A-Za-z0-9.,+@=_-]+)*\/$/;

export type ReferenceFault = 'wrong' | 'twice';

export const isReference = ({ Name = '', Path = '/' }: Partial<CustomerManagedPolicyReference>): boolean => NAME.test(Name) && PATH.test(Path) && Path.length <= 512;

/** What is wrong with each of the references; undefined where nothing is. */
export function referenceFaults(references: readonly CustomerManagedPolicyReference[]): (ReferenceFault | undefined)[] {
  const seen = new Set<string>();
  return references.map((reference) => {
    if (!isReference(reference)) return 'wrong';
    const key = `${reference.Path ?? '/'}${reference.Name}`;
    if (seen.has(key)) return 'twice';
    seen.add(key);
    return undefined;
  });
}

/** What a boundary is called. */
export const boundaryName = ({ ManagedPolicyArn, CustomerManagedPolicyReference: reference }: PermissionsBoundary): string =>
  ManagedPolicyArn ? ManagedPolicyArn.slice(ManagedPolicyArn.lastIndexOf('/') + 1) : `${reference?.Path ?? '/'}${reference?.Name ?? ''}`;

/** What a set was to get and did not. */
export interface Missing {
  what: string;
  error: unknown;
}

/**
 * Makes the set and gives it its policies. Once it is there, what it cannot get is told
 * and does not hold up the rest; that it cannot be made at all is thrown.
 */
export async function createSet(
  sso: SSOAdminClient,
  { arn: InstanceArn }: Instance,
  { name, description, minutes, relayState }: Details,
  { managed, customer, inline, boundary }: SetPolicies,
  Tags: { Key: string; Value: string }[],
): Promise<{ arn: string; missing: Missing[] }> {
  const { PermissionSet: set } = await sso.send(
    new CreatePermissionSetCommand({
      InstanceArn,
      Name: name,
      SessionDuration: durationOf(minutes),
      ...(description && { Description: description }),
      ...(relayState && { RelayState: relayState }),
      ...(Tags.length > 0 && { Tags }),
    }),
  );
  const PermissionSetArn = set?.PermissionSetArn ?? '';
  const of = { InstanceArn, PermissionSetArn };
  const steps: [string, () => Promise<unknown>][] = [
    ...managed.map(({ Name = '', Arn }): [string, () => Promise<unknown>] => [Name, () => sso.send(new AttachManagedPolicyToPermissionSetCommand({ ...of, ManagedPolicyArn: Arn }))]),
    ...customer.map((reference): [string, () => Promise<unknown>] => [
      `${reference.Path ?? '/'}${reference.Name}`,
      () => sso.send(new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({ ...of, CustomerManagedPolicyReference: reference })),
    ]),
    ...(inline ? [['InlinePolicy', () => sso.send(new PutInlinePolicyToPermissionSetCommand({ ...of, InlinePolicy: inline }))] as [string, () => Promise<unknown>]] : []),
    ...(boundary ? [[boundaryName(boundary), () => sso.send(new PutPermissionsBoundaryToPermissionSetCommand({ ...of, PermissionsBoundary: boundary }))] as [string, () => Promise<unknown>]] : []),
  ];
  const missing: Missing[] = [];
  for (const [what, step] of steps) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- changes of one set, which the server does one at a time
      await step();
    } catch (error) {
      missing.push({ what, error });
    }
  }
  return { arn: PermissionSetArn, missing };
}
