import { CreateGroupMembershipCommand, CreateUserCommand, type IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { expect, it } from 'vitest';
import type { IdentityCenter } from '../api';
import { addUser, finish, type Wanted } from './addUser';
import { blankProfile } from './profile';

const instance = { arn: 'arn:aws:sso:::instance/ssoins-1', id: 'ssoins-1', directory: 'd-1234567890', owner: '111122223333', name: '', region: 'us-east-1', administered: true };
const group = (GroupId: string) => ({ GroupId, DisplayName: GroupId, Description: '' });
const issued = { OneTimePassword: 'x7!kP', PortalUrl: 'https://d-1234567890.awsapps.com/start', UserName: 'jane' };

/** A directory that refuses what is named in `refuses`, and remembers what it was asked. */
function directory(refuses: Set<string>) {
  const asked: string[] = [];
  const answer = (what: string, value: object = {}) => {
    asked.push(what);
    if (refuses.has(what)) throw new Error(`refused ${what}`);
    return value;
  };
  const client = {
    send: async (command: unknown) => {
      if (command instanceof CreateUserCommand) return answer('CreateUser', { UserId: 'u-1' });
      if (command instanceof CreateGroupMembershipCommand) return answer(`group ${command.input.GroupId}`);
      throw new Error('nothing else is asked');
    },
  } as unknown as IdentitystoreClient;
  const call = (async (operation: string) => answer(operation, operation === 'GenerateOneTimePassword' ? issued : {})) as IdentityCenter;
  return { asked, client, call };
}

const wanted = (password: Wanted['password']): Wanted => ({ profile: { ...blankProfile, userName: 'jane' }, password, groups: [group('admins'), group('readers')] });

it('invites by mail unless a one-time password is wanted, after the groups (G-26)', async () => {
  const { asked, client, call } = directory(new Set());
  const added = await addUser(client, call, instance, wanted('mail'));
  expect(asked).toEqual(['CreateUser', 'group admins', 'group readers', 'InviteUser']);
  expect(added.missing).toEqual([]);
});

it('gives the one-time password with the portal it is for (G-27)', async () => {
  const { client, call } = directory(new Set());
  expect((await addUser(client, call, instance, wanted('otp'))).issued).toEqual(issued);
});

it('does nothing more when the user could not be added', async () => {
  const { asked, client, call } = directory(new Set(['CreateUser']));
  await expect(addUser(client, call, instance, wanted('mail'))).rejects.toThrow('refused CreateUser');
  expect(asked).toEqual(['CreateUser']);
});

it('lists what failed, and tries only that again', async () => {
  const refuses = new Set(['group admins', 'InviteUser']);
  const { asked, client, call } = directory(refuses);
  const added = await addUser(client, call, instance, wanted('mail'));
  expect(added.missing.map(({ part }) => part.kind)).toEqual(['group', 'invite']);
  refuses.clear();
  asked.length = 0;
  expect((await finish(client, call, instance, added)).missing).toEqual([]);
  expect(asked).toEqual(['group admins', 'InviteUser']);
});
