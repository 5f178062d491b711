/** Assignments of permission sets to users and groups in accounts, as pieces of work. */
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { Instance } from '../enable/WithInstance';
import { principalKey, type Principal } from '../access/principals';
import type { Work } from '../access/works';

/** AWS's console assigns to at most so many accounts at once (behaviours.md 6.4). */
export const MOST_ACCOUNTS = 10;

/** More assignments than this at once are not for a page that must be kept open. */
export const MOST_ASSIGNMENTS = 2_000;

const PARAMETER = 'account';

/** The wizard for these accounts. */
export const assignHref = (accounts: readonly string[]): string => `/singlesignon/accounts/assign?${new URLSearchParams(accounts.map((id) => [PARAMETER, id]))}`;

/** The accounts that the wizard's address names, without what are none. */
export const assignedAccounts = (search: URLSearchParams): string[] => [...new Set(search.getAll(PARAMETER))].filter((id) => /^\d{12}$/.test(id)).slice(0, MOST_ACCOUNTS);

/** One permission set for one user or group in one account. */
export interface Assignment {
  account: { id: string; name: string };
  principal: Principal;
  set: { arn: string; name: string };
}

export interface AssignmentWork extends Work, Assignment {
  gives: boolean;
}

/** Every set for every principal in every account, account by account. */
export function assignments(accounts: readonly Assignment['account'][], principals: readonly Principal[], sets: readonly Assignment['set'][]): Assignment[] {
  return accounts.flatMap((account) => sets.flatMap((set) => principals.map((principal) => ({ account, principal, set }))));
}

/** The work of giving an assignment, or of taking it. */
export function assignmentWork(sso: () => Promise<SSOAdminClient>, { arn: InstanceArn }: Instance, assignment: Assignment, gives: boolean): AssignmentWork {
  const { account, principal, set } = assignment;
  const input = {
    InstanceArn,
    TargetId: account.id,
    TargetType: 'AWS_ACCOUNT' as const,
    PermissionSetArn: set.arn,
    PrincipalType: principal.type,
    PrincipalId: principal.id,
  };
  const id = `${gives ? '+' : '-'}/${account.id}/${set.arn}/${principalKey(principal)}`;
  if (gives) {
    return {
      ...assignment,
      gives,
      id,
      start: async () => (await (await sso()).send(new CreateAccountAssignmentCommand(input))).AccountAssignmentCreationStatus,
      poll: async (AccountAssignmentCreationRequestId) =>
        (await (await sso()).send(new DescribeAccountAssignmentCreationStatusCommand({ InstanceArn, AccountAssignmentCreationRequestId }))).AccountAssignmentCreationStatus,
    };
  }
  return {
    ...assignment,
    gives,
    id,
    start: async () => (await (await sso()).send(new DeleteAccountAssignmentCommand(input))).AccountAssignmentDeletionStatus,
    poll: async (AccountAssignmentDeletionRequestId) =>
      (await (await sso()).send(new DescribeAccountAssignmentDeletionStatusCommand({ InstanceArn, AccountAssignmentDeletionRequestId }))).AccountAssignmentDeletionStatus,
  };
}
