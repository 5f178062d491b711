import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  ListGroupsCommand,
  RemoveUserFromGroupCommand,
  type Group,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';
import { all, attachedPolicies, deleteInlinePolicy, detachPolicy, inlinePolicies, type Holder } from '../permissions/holders';
import { useList, type List } from '../../ui/useList';

export function useGroups(): List<Group> {
  const { iam } = useClients();
  return useList(['iam', 'groups'], async (Marker, abortSignal) => {
    const page = await (await iam()).send(new ListGroupsCommand({ Marker, MaxItems: 1000 }), { abortSignal });
    return { items: page.Groups ?? [], marker: page.IsTruncated ? page.Marker : undefined };
  });
}

/** A group's page; one that is called as the wizard's address is has the longer address, as AWS's console has it. */
export const groupHref = (name: string): string => `/iam/groups/${name === 'create' ? 'details/' : ''}${encodeURIComponent(name)}`;

/** Whether it can name a group (behaviours.md 1.3). */
export const isGroupName = (name: string): boolean => /^[A-Za-z0-9_+=,.@-]{1,128}$/.test(name);

/** Makes the group and gives it what it is to have; answers what failed of the latter. */
export async function createGroup(iam: IAMClient, GroupName: string, users: readonly string[], policies: readonly string[]): Promise<unknown[]> {
  await iam.send(new CreateGroupCommand({ GroupName }));
  const failures: unknown[] = [];
  const steps = [
    ...policies.map((PolicyArn) => () => iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }))),
    ...users.map((UserName) => () => iam.send(new AddUserToGroupCommand({ GroupName, UserName }))),
  ];
  for (const step of steps) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- changes of one group would wait for each other
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  return failures;
}

/** Deletes a group with what IAM wants to be gone first (behaviours.md 5.2). */
export async function deleteGroup(iam: IAMClient, GroupName: string): Promise<void> {
  const { signal } = new AbortController();
  const holder: Holder = { kind: 'group', name: GroupName };
  const [members, attached, inline] = await Promise.all([
    all(
      (Marker) => iam.send(new GetGroupCommand({ GroupName, Marker })),
      ({ Users }) => Users,
    ),
    attachedPolicies(iam, holder, signal),
    inlinePolicies(iam, holder, signal),
  ]);
  const steps: (() => Promise<unknown>)[] = [
    ...members.map(({ UserName }) => () => iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName }))),
    ...attached.map(({ PolicyArn = '' }) => () => detachPolicy(iam, holder, PolicyArn)),
    ...inline.map((name) => () => deleteInlinePolicy(iam, holder, name)),
  ];
  for (const step of steps) {
    // oxlint-disable-next-line no-await-in-loop -- the first refusal ends it
    await step().catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
  await iam.send(new DeleteGroupCommand({ GroupName }));
}
