import type { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { blankUser, createUser, isUserName, type NewUser } from './newUser';

/** A client that writes down what it is asked, and answers by the command's name. */
function recording(answers: Record<string, object | Error> = {}) {
  const asked: string[] = [];
  const send = (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    const { input } = command;
    asked.push([name, input.GroupName ?? input.PolicyArn ?? input.PolicyName].filter(Boolean).join(' '));
    const answer = answers[asked.at(-1)!] ?? answers[name] ?? {};
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, client: { send } as unknown as IAMClient };
}

const user = (given: Partial<NewUser>): NewUser => ({ ...blankUser, name: 'hanako', ...given });
const refused = (name: string) => Object.assign(new Error(name), { name });

// C-04
it.each([
  ['Zhang', true],
  ['zhang@example.com', true],
  ['a+=,.@_-Z9', true],
  ['', false],
  ['with space', false],
  ['花子', false],
  ['a/b', false],
  ['x'.repeat(64), true],
  ['x'.repeat(65), false],
])('%j may name a user: %s', (name, want) => {
  expect(isUserName(name)).toBe(want);
});

describe('createUser', () => {
  // C-14, C-21
  it('makes the user, the password and then the permissions', async () => {
    const { asked, client } = recording();
    expect(await createUser(client, user({ console: true, groups: ['Administrators'] }), 'secret')).toEqual([]);
    expect(asked).toEqual(['CreateUser', 'CreateLoginProfile', 'AddUserToGroup Administrators', 'AttachUserPolicy arn:aws:iam::aws:policy/IAMUserChangePassword']);
  });

  it('gives no policy for changing a password that need not be changed, or that there is not', async () => {
    for (const given of [{ console: true, password: { ...blankUser.password, mustChange: false } }, { console: false }]) {
      const { asked, client } = recording();
      await createUser(client, user(given), 'secret');
      expect(asked).not.toContainEqual(expect.stringContaining('AttachUserPolicy'));
    }
  });

  it('takes the user back whose password is refused', async () => {
    const { asked, client } = recording({ CreateLoginProfile: refused('PasswordPolicyViolationException') });
    await expect(createUser(client, user({ console: true, groups: ['Administrators'] }), 'short')).rejects.toThrow('PasswordPolicyViolation');
    expect(asked).toEqual(['CreateUser', 'CreateLoginProfile', 'DeleteUser']);
  });

  it('never takes back a user who was there before', async () => {
    const { asked, client } = recording({ CreateUser: refused('EntityAlreadyExistsException') });
    await expect(createUser(client, user({ console: true }), 'secret')).rejects.toThrow('EntityAlreadyExists');
    expect(asked).toEqual(['CreateUser']);
  });

  it('tells which permissions could not be given, and gives the others', async () => {
    const { asked, client } = recording({ 'AddUserToGroup A': refused('AccessDenied') });
    const missing = await createUser(client, user({ groups: ['A', 'B'] }), '');
    expect(missing.map(({ part }) => part.name)).toEqual(['A']);
    expect(asked).toEqual(['CreateUser', 'AddUserToGroup A', 'AddUserToGroup B']);
  });

  it('copies groups, policies and the boundary of another user', async () => {
    const { asked, client } = recording({
      GetUser: { User: { PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess' } } },
      ListGroupsForUser: { Groups: [{ GroupName: 'Auditors' }] },
      ListAttachedUserPolicies: { AttachedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] },
      ListUserPolicies: { PolicyNames: ['own'] },
      GetUserPolicy: { PolicyDocument: '%7B%7D' },
    });
    await createUser(client, user({ how: 'copy', copyFrom: 'kenji' }), '');
    expect(asked.slice(asked.indexOf('CreateUser'))).toEqual([
      'CreateUser',
      'AddUserToGroup Auditors',
      'AttachUserPolicy arn:aws:iam::aws:policy/ReadOnlyAccess',
      'PutUserPolicy own',
    ]);
  });

  it('makes nobody when the permissions to copy may not be read', async () => {
    const { asked, client } = recording({ ListUserPolicies: refused('AccessDenied') });
    await expect(createUser(client, user({ how: 'copy', copyFrom: 'kenji' }), '')).rejects.toThrow('AccessDenied');
    expect(asked).not.toContain('CreateUser');
  });
});
