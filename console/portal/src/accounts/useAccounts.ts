import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { usePortal } from '../context';
import type { Account } from '../sso';

export interface Accounts {
  /** Those that have come so far; undefined before the first page. */
  accounts: Account[] | undefined;
  /** Whether all have come. */
  complete: boolean;
  error: unknown;
  refreshing: boolean;
  /** Goes on after an error where it stopped. */
  retry: () => void;
  /** Asks for everything anew. */
  refresh: () => void;
}

/** All accounts of the person, page after page, each shown as soon as it is there. */
export function useAccounts(): Accounts {
  const { portal } = usePortal();
  const query = useInfiniteQuery({
    queryKey: ['accounts'],
    queryFn: ({ pageParam, signal }) => portal.listAccounts(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextToken,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage, refetch } = query;

  const pageCount = data?.pages.length ?? 0;
  useEffect(() => {
    // By the count of pages too: when one comes so fast that fetching was never drawn, nothing else changes.
    if (pageCount > 0 && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [pageCount, hasNextPage, isFetching, isError, fetchNextPage]);

  const accounts = useMemo(() => data?.pages.flatMap((page) => page.accounts), [data]);
  return {
    accounts,
    complete: !!data && !hasNextPage,
    error: isFetching ? null : query.error,
    refreshing: isFetching,
    retry: () => void (data && hasNextPage ? fetchNextPage() : refetch()),
    refresh: () => void refetch(),
  };
}

/** The permission sets assigned to the person in one account; asked for when they are first looked at. */
export function useRoles(accountId: string, enabled: boolean) {
  const { portal } = usePortal();
  return useQuery({ queryKey: ['roles', accountId], queryFn: ({ signal }) => portal.listRoles(accountId, signal), enabled });
}
