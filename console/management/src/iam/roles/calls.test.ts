import type { IAMClient, Role } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { createRole, deleteRole, type NewRole } from './role';

/** A client that answers by the command's name, and remembers what was asked besides lists. */
function answering(answers: Record<string, object | Error>) {
  const asked: string[] = [];
  const send = (command: { constructor: { name: string } }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    if (!name.startsWith('List')) asked.push(name);
    const answer = answers[name] ?? {};
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, client: { send } as unknown as IAMClient };
}

const failure = (name: string) => Object.assign(new Error(name), { name });

describe('createRole', () => {
  const role: NewRole = { name: 'Ops', description: '', trust: '{}', policies: [{ Arn: 'arn:aws:iam::aws:policy/A' }, { Arn: 'arn:aws:iam::aws:policy/job-function/B' }], boundary: null, tags: [], instanceProfile: true };

  it('gives the role what it shall have', async () => {
    const { asked, client } = answering({});
    expect(await createRole(client, role)).toEqual([]);
    expect(asked).toEqual(['CreateRole', 'AttachRolePolicy', 'AttachRolePolicy', 'CreateInstanceProfile', 'AddRoleToInstanceProfile']);
  });

  it('tells what it did not get', async () => {
    const { client } = answering({ AttachRolePolicy: failure('LimitExceeded'), CreateInstanceProfile: failure('EntityAlreadyExists') });
    expect((await createRole(client, role)).map(({ what }) => what)).toEqual(['A', 'B', 'instance-profile/Ops']);
  });

  it('fails where there is no role to give anything to', async () => {
    const { asked, client } = answering({ CreateRole: failure('MalformedPolicyDocument') });
    await expect(createRole(client, role)).rejects.toThrow('MalformedPolicyDocument');
    expect(asked).toEqual(['CreateRole']);
  });
});

// behaviours.md 5.2
describe('deleteRole', () => {
  const role = { RoleName: 'Ops', Path: '/' } as Role;
  const linked = { RoleName: 'AWSServiceRoleForSupport', Path: '/aws-service-role/support.amazonaws.com/' } as Role;
  const full = {
    ListAttachedRolePolicies: { AttachedPolicies: [{ PolicyArn: 'arn' }] },
    ListRolePolicies: { PolicyNames: ['inline'] },
    ListInstanceProfilesForRole: { InstanceProfiles: [{ InstanceProfileName: 'Ops' }] },
  };

  it('takes away everything that IAM wants to be gone first', async () => {
    const { asked, client } = answering(full);
    await deleteRole(client, role, 'refused');
    expect(asked).toEqual(['DetachRolePolicy', 'DeleteRolePolicy', 'RemoveRoleFromInstanceProfile', 'DeleteRole']);
  });

  it('goes on past what is gone already, and stops at the first refusal', async () => {
    const gone = answering({ ...full, DeleteRolePolicy: failure('NoSuchEntityException') });
    await deleteRole(gone.client, role, 'refused');
    expect(gone.asked.at(-1)).toBe('DeleteRole');
    const denied = answering({ ...full, DeleteRolePolicy: failure('AccessDenied') });
    await expect(deleteRole(denied.client, role, 'refused')).rejects.toThrow('AccessDenied');
    expect(denied.asked).not.toContain('DeleteRole');
  });

  it.each([
    [{ Status: 'FAILED', Reason: { Reason: 'still in use' } }, 'still in use'],
    [{ Status: 'FAILED' }, 'refused'],
  ])('tells why a service keeps its role: %j', async (status, want) => {
    const { client } = answering({ DeleteServiceLinkedRole: { DeletionTaskId: 't' }, GetServiceLinkedRoleDeletionStatus: status });
    await expect(deleteRole(client, linked, 'refused')).rejects.toThrow(want);
  });

  it('asks the service about its role, and nobody else', async () => {
    const { asked, client } = answering({ GetServiceLinkedRoleDeletionStatus: { Status: 'SUCCEEDED' } });
    await deleteRole(client, linked, 'refused');
    expect(asked).toEqual(['DeleteServiceLinkedRole', 'GetServiceLinkedRoleDeletionStatus']);
  });
});
