import { ListDelegatedAdministratorsCommand, type DelegatedAdministrator } from '@aws-sdk/client-organizations';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../../console';

/** By which Organizations knows IAM Identity Center. */
export const SERVICE_PRINCIPAL = 'sso.amazonaws.com';

export const delegatedKey = ['singlesignon', 'delegated-administrator'] as const;

/** The member account that administers IAM Identity Center beside the management account; null where none does (F-09). */
export function useDelegatedAdministrator(enabled = true): UseQueryResult<DelegatedAdministrator | null> {
  const { organizations } = useClients();
  return useQuery({
    queryKey: delegatedKey,
    enabled,
    queryFn: async ({ signal }) => {
      const found = await (await organizations()).send(new ListDelegatedAdministratorsCommand({ ServicePrincipal: SERVICE_PRINCIPAL }), { abortSignal: signal });
      // There is at most one (behaviours.md 6.4).
      return found.DelegatedAdministrators?.[0] ?? null;
    },
  });
}
