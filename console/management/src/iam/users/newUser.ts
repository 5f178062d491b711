/** A user as the wizard has it, and the calls that make it. */
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetUserCommand,
  type IAMClient,
  type Policy,
} from '@aws-sdk/client-iam';
import { attachedPolicies, inlinePolicies, inlinePolicy, policyName, putInlinePolicy, type Holder } from '../permissions/holders';
import { changes, type EditedTag } from '../../ui/TagsEditor';
import { groupsOf } from './lists';

export interface NewUser {
  name: string;
  /** Whether the user gets a console password. */
  console: boolean;
  password: PasswordWish;
  how: 'groups' | 'copy' | 'policies';
  groups: string[];
  /** The user whose permissions are copied. */
  copyFrom: string;
  policies: Policy[];
  boundary: Policy | null;
  tags: EditedTag[];
}

export interface PasswordWish {
  generated: boolean;
  /** What was typed, where it is not generated. */
  typed: string;
  /** Whether the user must choose another at the first sign-in. */
  mustChange: boolean;
}

export const blankPassword: PasswordWish = { generated: true, typed: '', mustChange: true };

export const blankUser: NewUser = {
  name: '',
  console: false,
  password: blankPassword,
  how: 'groups',
  groups: [],
  copyFrom: '',
  policies: [],
  boundary: null,
  tags: [],
};

/** Whether it can name a user: C-04, and at most 64 characters (behaviours.md 1.3). */
export const isUserName = (name: string): boolean => /^[A-Za-z0-9_+=,.@-]{1,64}$/.test(name);

/** Lets users change their own password, which those need who must. */
export const CHANGE_PASSWORD = 'arn:aws:iam::aws:policy/IAMUserChangePassword';

/** Something that the user should have got. */
export interface Part {
  kind: 'group' | 'policy' | 'inline';
  name: string;
  give: (iam: IAMClient) => Promise<unknown>;
}

export interface Missing {
  part: Part;
  error: unknown;
}

/**
 * Makes the user, the password and then what it may do; answers what of the last could
 * not be given. Throws when there is no user to speak of: one without the password that it
 * should have is taken back, so that the wizard can be mended and sent again.
 */
export async function createUser(iam: IAMClient, user: NewUser, password: string): Promise<Missing[]> {
  const UserName = user.name;
  // Before anything is made: who may not read the permissions cannot copy them.
  const { parts, boundary } = await wanted(iam, user);
  const { put: Tags } = changes([], user.tags);
  await iam.send(new CreateUserCommand({ UserName, ...(boundary && { PermissionsBoundary: boundary }), ...(Tags.length > 0 && { Tags }) }));
  if (user.console) {
    try {
      await iam.send(new CreateLoginProfileCommand({ UserName, Password: password, PasswordResetRequired: user.password.mustChange }));
    } catch (error) {
      await iam.send(new DeleteUserCommand({ UserName })).catch(() => undefined);
      throw error;
    }
  }
  const missing: Missing[] = [];
  for (const part of parts) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- changes of one user would wait for each other
      await part.give(iam);
    } catch (error) {
      missing.push({ part, error });
    }
  }
  return missing;
}

async function wanted(iam: IAMClient, user: NewUser): Promise<{ parts: Part[]; boundary: string | undefined }> {
  const UserName = user.name;
  const group = (name: string): Part => ({ kind: 'group', name, give: (client) => client.send(new AddUserToGroupCommand({ GroupName: name, UserName })) });
  const policy = (arn: string): Part => ({ kind: 'policy', name: policyName(arn), give: (client) => client.send(new AttachUserPolicyCommand({ UserName, PolicyArn: arn })) });
  const parts: Part[] = [];
  let boundary = user.boundary?.Arn;
  if (user.how === 'groups') parts.push(...user.groups.map(group));
  if (user.how === 'policies') parts.push(...user.policies.map(({ Arn = '' }) => policy(Arn)));
  if (user.how === 'copy' && user.copyFrom) {
    const from: Holder = { kind: 'user', name: user.copyFrom };
    const { signal } = new AbortController();
    const [{ User }, groups, attached, inline] = await Promise.all([
      iam.send(new GetUserCommand({ UserName: user.copyFrom })),
      groupsOf(iam, user.copyFrom, signal),
      attachedPolicies(iam, from, signal),
      inlinePolicies(iam, from, signal),
    ]);
    boundary ??= User?.PermissionsBoundary?.PermissionsBoundaryArn;
    parts.push(...groups.map(({ GroupName = '' }) => group(GroupName)), ...attached.map(({ PolicyArn = '' }) => policy(PolicyArn)));
    const documents = await Promise.all(inline.map((name) => inlinePolicy(iam, from, name, signal)));
    parts.push(
      ...inline.map((name, i): Part => ({ kind: 'inline', name, give: (client) => putInlinePolicy(client, { kind: 'user', name: UserName }, name, documents[i]!) })),
    );
  }
  if (user.console && user.password.mustChange && !parts.some(({ kind, name }) => kind === 'policy' && name === policyName(CHANGE_PASSWORD))) parts.push(policy(CHANGE_PASSWORD));
  return { parts, boundary };
}
