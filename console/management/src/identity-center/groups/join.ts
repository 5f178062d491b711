import { CreateGroupMembershipCommand, type IdentitystoreClient } from '@aws-sdk/client-identitystore';
import type { Instance } from '../enable/WithInstance';

/** Puts a person into a group; who is there already is where they are wanted. */
export async function join(client: IdentitystoreClient, { directory: IdentityStoreId }: Instance, GroupId: string, UserId: string): Promise<void> {
  try {
    await client.send(new CreateGroupMembershipCommand({ IdentityStoreId, GroupId, MemberId: { UserId } }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConflictException') throw error;
  }
}
