import { keepPreviousData, useInfiniteQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

/** A page of a service's list, whatever its items are called. */
export interface Page<T> {
  items: T[];
  /** Where to go on; undefined on the last page. */
  marker: string | undefined;
}

export interface List<T> {
  items: readonly T[];
  /** Whether the server has more than was fetched. */
  more: boolean;
  pending: boolean;
  fetching: boolean;
  error: Error | null;
  fetchMore: () => void;
  refetch: () => void;
}

export type FetchPage<T> = (marker: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

/** The pages that were fetched, and the way to the next. */
export function usePages<T>(queryKey: QueryKey, fetchPage: FetchPage<T>, { enabled = true, keep = false }: { enabled?: boolean; /** Whether what another key gave stays until this one has. */ keep?: boolean } = {}) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.marker,
    enabled,
    ...(keep && { placeholderData: keepPreviousData }),
  });
}

/**
 * A service's list, fetched a page at a time as far as somebody looks:
 * `useList(['iam', 'users'], async (marker, signal) => ({ items, marker }))`.
 */
export function useList<T>(queryKey: QueryKey, fetchPage: FetchPage<T>, enabled = true): List<T> {
  const query = usePages(queryKey, fetchPage, { enabled });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return {
    items,
    more: query.hasNextPage,
    pending: query.isPending,
    fetching: query.isFetching,
    error: query.error,
    fetchMore: () => void query.fetchNextPage(),
    refetch: () => void query.refetch(),
  };
}

/** Fetches page after page until the list is whole, for choosing among all there is. */
export function useWhole<T>(list: List<T>): List<T> {
  const { more, fetching, error, fetchMore } = list;
  useEffect(() => {
    if (more && !fetching && !error) fetchMore();
  });
  return list;
}

/** What was fetched whole, for tables of lists that are short. */
export function wholeList<T>({ data, isPending, isFetching, error, refetch }: Pick<UseQueryResult<T[]>, 'data' | 'isPending' | 'isFetching' | 'error' | 'refetch'>): List<T> {
  return { items: data ?? [], more: false, pending: isPending, fetching: isFetching, error, fetchMore: () => {}, refetch: () => void refetch() };
}
