import type { IAMClient } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { deleteUser } from './deleteUser';

const full: Record<string, object> = {
  ListAccessKeys: { AccessKeyMetadata: [{ AccessKeyId: 'AKIA' }] },
  ListMFADevices: { MFADevices: [{ SerialNumber: 'arn:aws:iam::111122223333:mfa/phone' }, { SerialNumber: 'arn:aws:iam::111122223333:u2f/user/hanako/key' }] },
  ListSigningCertificates: { Certificates: [{ CertificateId: 'C' }] },
  ListSSHPublicKeys: { SSHPublicKeys: [{ SSHPublicKeyId: 'S' }] },
  ListServiceSpecificCredentials: { ServiceSpecificCredentials: [{ ServiceSpecificCredentialId: 'G' }] },
  ListUserPolicies: { PolicyNames: ['inline'] },
  ListAttachedUserPolicies: { AttachedPolicies: [{ PolicyArn: 'arn' }] },
  ListGroupsForUser: { Groups: [{ GroupName: 'Administrators' }] },
};

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

// behaviours.md 5.2
it('takes away everything that IAM wants to be gone first', async () => {
  const { asked, client } = answering(full);
  await deleteUser(client, 'hanako');
  expect(asked).toEqual([
    'DeleteLoginProfile',
    'DeleteAccessKey',
    'DeactivateMFADevice',
    'DeleteVirtualMFADevice',
    'DeactivateMFADevice',
    'DeleteSigningCertificate',
    'DeleteSSHPublicKey',
    'DeleteServiceSpecificCredential',
    'DeleteUserPolicy',
    'DetachUserPolicy',
    'RemoveUserFromGroup',
    'DeleteUser',
  ]);
});

it('goes on past what is gone already', async () => {
  const { asked, client } = answering({ ...full, DeleteLoginProfile: Object.assign(new Error('none'), { name: 'NoSuchEntityException' }) });
  await deleteUser(client, 'hanako');
  expect(asked.at(-1)).toBe('DeleteUser');
});

it('stops at the first refusal', async () => {
  const { asked, client } = answering({ ...full, DeactivateMFADevice: Object.assign(new Error('no'), { name: 'AccessDenied' }) });
  await expect(deleteUser(client, 'hanako')).rejects.toThrow('no');
  expect(asked).not.toContain('DeleteUser');
});
