import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { usePortal } from '../context';
import { useAllPages } from '../useAllPages';

/** All accounts of the person. */
export function useAccounts() {
  const { portal } = usePortal();
  return useAllPages(
    'accounts',
    useCallback(
      async (nextToken: string | undefined, signal: AbortSignal) => {
        const page = await portal.listAccounts(nextToken, signal);
        return { items: page.accounts, nextToken: page.nextToken };
      },
      [portal],
    ),
  );
}

/** The permission sets assigned to the person in one account; asked for when they are first looked at. */
export function useRoles(accountId: string, enabled: boolean) {
  const { portal } = usePortal();
  return useQuery({ queryKey: ['roles', accountId], queryFn: ({ signal }) => portal.listRoles(accountId, signal), enabled });
}
