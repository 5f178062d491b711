import { CreateUserCommand, type IdentitystoreClient } from '@aws-sdk/client-identitystore';
import type { FoundGroup, IdentityCenter } from '../api';
import type { Instance } from '../enable/WithInstance';
import { join } from '../groups/join';
import type { Issued } from './OneTimePassword';
import { newUser, type Profile } from './profile';

/** What the wizard was told. */
export interface Wanted {
  profile: Profile;
  /** How the person gets a password (G-26). */
  password: 'mail' | 'otp';
  groups: FoundGroup[];
}

/** What follows the user's creation, each part by itself. */
export type Part = { kind: 'group'; group: FoundGroup } | { kind: 'invite' } | { kind: 'otp' };

export interface Added {
  userId: string;
  wanted: Wanted;
  issued: Issued | undefined;
  missing: { part: Part; error: unknown }[];
}

/** Adds the user. What fails afterwards is listed, to be tried again: the user is there. */
export async function addUser(client: IdentitystoreClient, call: IdentityCenter, instance: Instance, wanted: Wanted): Promise<Added> {
  const { UserId = '' } = await client.send(new CreateUserCommand(newUser(instance.directory, wanted.profile)));
  // Groups first, so that the person finds everything there when the invitation arrives.
  const parts: Part[] = [...wanted.groups.map((group) => ({ kind: 'group' as const, group })), { kind: wanted.password === 'mail' ? 'invite' : 'otp' }];
  return finish(client, call, instance, { userId: UserId, wanted, issued: undefined, missing: [] }, parts);
}

/** Does the parts, or those that were missing. */
export async function finish(
  client: IdentitystoreClient,
  call: IdentityCenter,
  instance: Instance,
  added: Added,
  parts: Part[] = added.missing.map(({ part }) => part),
): Promise<Added> {
  const { userId } = added;
  const result: Added = { ...added, missing: [] };
  const user = { InstanceArn: instance.arn, UserId: userId };
  for (const part of parts) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- changes of one user would wait for each other
      await give(part);
    } catch (error) {
      result.missing.push({ part, error });
    }
  }
  return result;

  async function give(part: Part): Promise<void> {
    switch (part.kind) {
      case 'group':
        await join(client, instance, part.group.GroupId, userId);
        break;
      case 'invite':
        await call('InviteUser', user);
        break;
      case 'otp':
        result.issued = await call('GenerateOneTimePassword', user);
        break;
    }
  }
}
