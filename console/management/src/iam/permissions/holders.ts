/** What policies hang on, and IAM's calls for each kind of it. */
import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DeleteGroupPolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  type AttachedPolicy,
  type IAMClient,
} from '@aws-sdk/client-iam';

export interface Holder {
  kind: 'user' | 'group' | 'role';
  name: string;
}

/** What can have a permissions boundary. */
export type Bounded = Holder & { kind: 'user' | 'role' };

interface Pages {
  IsTruncated?: boolean | undefined;
  Marker?: string | undefined;
}

/** All pages of a list that quotas keep short (behaviours.md 1.5). */
export async function all<P extends Pages, T>(fetch: (marker: string | undefined) => Promise<P>, items: (page: P) => T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  let marker: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page names the next
    const page = await fetch(marker);
    found.push(...(items(page) ?? []));
    marker = page.IsTruncated ? page.Marker : undefined;
  } while (marker);
  return found;
}

export function attachedPolicies(iam: IAMClient, { kind, name }: Holder, signal: AbortSignal): Promise<AttachedPolicy[]> {
  const options = { abortSignal: signal };
  return all(
    (Marker) =>
      ({
        user: () => iam.send(new ListAttachedUserPoliciesCommand({ UserName: name, Marker }), options),
        group: () => iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: name, Marker }), options),
        role: () => iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name, Marker }), options),
      })[kind](),
    (page) => page.AttachedPolicies,
  );
}

export function inlinePolicies(iam: IAMClient, { kind, name }: Holder, signal: AbortSignal): Promise<string[]> {
  const options = { abortSignal: signal };
  return all(
    (Marker) =>
      ({
        user: () => iam.send(new ListUserPoliciesCommand({ UserName: name, Marker }), options),
        group: () => iam.send(new ListGroupPoliciesCommand({ GroupName: name, Marker }), options),
        role: () => iam.send(new ListRolePoliciesCommand({ RoleName: name, Marker }), options),
      })[kind](),
    (page) => page.PolicyNames,
  );
}

/** The document of an inline policy, as it was written. */
export async function inlinePolicy(iam: IAMClient, { kind, name }: Holder, PolicyName: string, signal: AbortSignal): Promise<string> {
  const options = { abortSignal: signal };
  const { PolicyDocument } = await {
    user: () => iam.send(new GetUserPolicyCommand({ UserName: name, PolicyName }), options),
    group: () => iam.send(new GetGroupPolicyCommand({ GroupName: name, PolicyName }), options),
    role: () => iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName }), options),
  }[kind]();
  return decodeURIComponent(PolicyDocument ?? '');
}

export function putInlinePolicy(iam: IAMClient, { kind, name }: Holder, PolicyName: string, PolicyDocument: string): Promise<unknown> {
  return {
    user: () => iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName, PolicyDocument })),
    group: () => iam.send(new PutGroupPolicyCommand({ GroupName: name, PolicyName, PolicyDocument })),
    role: () => iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName, PolicyDocument })),
  }[kind]();
}

export function deleteInlinePolicy(iam: IAMClient, { kind, name }: Holder, PolicyName: string): Promise<unknown> {
  return {
    user: () => iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName })),
    group: () => iam.send(new DeleteGroupPolicyCommand({ GroupName: name, PolicyName })),
    role: () => iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName })),
  }[kind]();
}

export function attachPolicy(iam: IAMClient, { kind, name }: Holder, PolicyArn: string): Promise<unknown> {
  return {
    user: () => iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn })),
    group: () => iam.send(new AttachGroupPolicyCommand({ GroupName: name, PolicyArn })),
    role: () => iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn })),
  }[kind]();
}

export function detachPolicy(iam: IAMClient, { kind, name }: Holder, PolicyArn: string): Promise<unknown> {
  return {
    user: () => iam.send(new DetachUserPolicyCommand({ UserName: name, PolicyArn })),
    group: () => iam.send(new DetachGroupPolicyCommand({ GroupName: name, PolicyArn })),
    role: () => iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn })),
  }[kind]();
}

export function putBoundary(iam: IAMClient, { kind, name }: Bounded, PermissionsBoundary: string): Promise<unknown> {
  return {
    user: () => iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary })),
    role: () => iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary })),
  }[kind]();
}

export function deleteBoundary(iam: IAMClient, { kind, name }: Bounded): Promise<unknown> {
  return {
    user: () => iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: name })),
    role: () => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name })),
  }[kind]();
}

/** Where a managed policy's page is. */
export const policyHref = (arn: string): string => `/iam/policies/details/${arn}`;

/** A managed policy's name, which ends its ARN. */
export const policyName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
