/** Lists of a user's things, whole: quotas keep them short (behaviours.md 1.5). */
import {
  ListGroupsForUserCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  type Group,
  type IAMClient,
  type SigningCertificate,
  type SSHPublicKeyMetadata,
} from '@aws-sdk/client-iam';
import { all } from '../permissions/holders';

export function groupsOf(iam: IAMClient, UserName: string, signal: AbortSignal): Promise<Group[]> {
  return all(
    (Marker) => iam.send(new ListGroupsForUserCommand({ UserName, Marker }), { abortSignal: signal }),
    ({ Groups }) => Groups,
  );
}

export function sshKeysOf(iam: IAMClient, UserName: string, signal: AbortSignal): Promise<SSHPublicKeyMetadata[]> {
  return all(
    (Marker) => iam.send(new ListSSHPublicKeysCommand({ UserName, Marker }), { abortSignal: signal }),
    ({ SSHPublicKeys }) => SSHPublicKeys,
  );
}

export function certificatesOf(iam: IAMClient, UserName: string, signal: AbortSignal): Promise<SigningCertificate[]> {
  return all(
    (Marker) => iam.send(new ListSigningCertificatesCommand({ UserName, Marker }), { abortSignal: signal }),
    ({ Certificates }) => Certificates,
  );
}
