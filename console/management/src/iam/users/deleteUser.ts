import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  ListAccessKeysCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  RemoveUserFromGroupCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { isNotFound } from '../../failure';
import { attachedPolicies, deleteInlinePolicy, detachPolicy, inlinePolicies, type Holder } from '../permissions/holders';
import { certificatesOf, groupsOf, sshKeysOf } from './lists';

/**
 * Deletes a user with everything that IAM wants to be gone first (behaviours.md 5.2).
 * Credentials go before permissions: a deletion that stops halfway leaves a user who can
 * do less, and it can be asked for again.
 */
export async function deleteUser(iam: IAMClient, UserName: string): Promise<void> {
  const { signal } = new AbortController();
  const holder: Holder = { kind: 'user', name: UserName };
  const user = { UserName };
  await iam.send(new DeleteLoginProfileCommand(user)).catch(gone);
  const [keys, devices, certificates, sshKeys, specific, inline, attached, groups] = await Promise.all([
    iam.send(new ListAccessKeysCommand(user)),
    iam.send(new ListMFADevicesCommand(user)),
    certificatesOf(iam, UserName, signal),
    sshKeysOf(iam, UserName, signal),
    iam.send(new ListServiceSpecificCredentialsCommand(user)),
    inlinePolicies(iam, holder, signal),
    attachedPolicies(iam, holder, signal),
    groupsOf(iam, UserName, signal),
  ]);
  const steps: (() => Promise<unknown>)[] = [
    ...(keys.AccessKeyMetadata ?? []).map(({ AccessKeyId }) => () => iam.send(new DeleteAccessKeyCommand({ ...user, AccessKeyId }))),
    ...(devices.MFADevices ?? []).flatMap(({ SerialNumber }) => [
      () => iam.send(new DeactivateMFADeviceCommand({ ...user, SerialNumber })),
      // Only virtual devices are things of their own.
      ...(SerialNumber?.includes(':mfa/') ? [() => iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))] : []),
    ]),
    ...certificates.map(({ CertificateId }) => () => iam.send(new DeleteSigningCertificateCommand({ ...user, CertificateId }))),
    ...sshKeys.map(({ SSHPublicKeyId }) => () => iam.send(new DeleteSSHPublicKeyCommand({ ...user, SSHPublicKeyId }))),
    ...(specific.ServiceSpecificCredentials ?? []).map(
      ({ ServiceSpecificCredentialId }) =>
        () =>
          iam.send(new DeleteServiceSpecificCredentialCommand({ ...user, ServiceSpecificCredentialId })),
    ),
    ...inline.map((name) => () => deleteInlinePolicy(iam, holder, name)),
    ...attached.map(({ PolicyArn = '' }) => () => detachPolicy(iam, holder, PolicyArn)),
    ...groups.map(({ GroupName }) => () => iam.send(new RemoveUserFromGroupCommand({ ...user, GroupName }))),
  ];
  for (const step of steps) {
    // oxlint-disable-next-line no-await-in-loop -- the first refusal ends it
    await step().catch(gone);
  }
  await iam.send(new DeleteUserCommand(user));
}

/** Somebody else was faster, or there was none. */
function gone(error: unknown) {
  if (!isNotFound(error)) throw error;
}
