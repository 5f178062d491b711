import { ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { useQuery } from '@tanstack/react-query';
import { useClients, useSession } from '../console';

export const aliasKey = ['iam', 'alias'];

/** The account's alias as it is now, '' for none; the session knows the one of when the page was opened. */
export function useAlias() {
  const { iam } = useClients();
  return useQuery({
    queryKey: aliasKey,
    queryFn: async ({ signal }) => (await (await iam()).send(new ListAccountAliasesCommand({}), { abortSignal: signal })).AccountAliases?.[0] ?? '',
  });
}

/** The account's sign-in address by its alias, or by its id where it has none. */
export function useSignInUrl(): string {
  const session = useSession();
  const alias = useAlias().data ?? session.alias;
  return signInUrl(session.signInUrl, alias || session.accountId);
}

/** The sign-in address of the account that `name`, an id or alias, means, from one that is known. */
export function signInUrl(known: string, name: string): string {
  const url = new URL(known);
  url.hostname = [name, ...url.hostname.split('.').slice(1)].join('.');
  return url.href;
}

/** Whether an account can be called so (behaviours.md 1.3). */
export const isAlias = (name: string): boolean => /^(?!\d{12}$)(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name);
