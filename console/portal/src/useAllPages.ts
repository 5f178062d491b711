import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

export interface AllPages<T> {
  /** Those that have come so far; undefined before the first. A page that was there stays the same object. */
  pages: readonly T[][] | undefined;
  /** Whether all have come. */
  complete: boolean;
  error: unknown;
  refreshing: boolean;
  /** Goes on after an error where it stopped. */
  retry: () => void;
  /** Asks for everything anew. */
  refresh: () => void;
}

/** A whole list, page after page, each there to be shown as soon as it has come. */
export function useAllPages<T>(
  name: string,
  list: (nextToken: string | undefined, signal: AbortSignal) => Promise<{ items: T[]; nextToken: string | undefined }>,
): AllPages<T> {
  const query = useInfiniteQuery({
    queryKey: [name],
    queryFn: ({ pageParam, signal }) => list(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextToken,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage, refetch } = query;

  const pageCount = data?.pages.length ?? 0;
  useEffect(() => {
    // By the count of pages too: when one comes so fast that fetching was never drawn, nothing else changes.
    if (pageCount > 0 && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [pageCount, hasNextPage, isFetching, isError, fetchNextPage]);

  const pages = useMemo(() => data?.pages.map((page) => page.items), [data]);
  return {
    pages,
    complete: !!data && !hasNextPage,
    error: isFetching ? null : query.error,
    refreshing: isFetching,
    retry: () => void (data && hasNextPage ? fetchNextPage() : refetch()),
    refresh: () => void refetch(),
  };
}
