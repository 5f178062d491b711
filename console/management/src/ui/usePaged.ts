import type { QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import { usePages, type FetchPage } from './useList';

export interface Paged<T> {
  /** Of the page that is shown. */
  items: readonly T[];
  /** The page that is shown, from 1. */
  page: number;
  /** How many pages are known. */
  pages: number;
  /** Whether the server has pages beyond those. */
  more: boolean;
  goTo: (page: number) => void;
  pending: boolean;
  fetching: boolean;
  error: Error | null;
  refetch: () => void;
}

/**
 * A list that is looked at a page of the server's at a time, so that a hundred thousand
 * entries cost what is looked at. Another key, as by a search, begins at the first page.
 */
export function usePaged<T>(queryKey: QueryKey, fetchPage: FetchPage<T>): Paged<T> {
  const key = JSON.stringify(queryKey);
  const [at, setAt] = useState({ key, page: 1 });
  // While one types a search, what was found last stays.
  const query = usePages(queryKey, fetchPage, { keep: true });
  const fetched = query.data?.pages ?? [];
  const page = Math.max(1, Math.min(at.key === key ? at.page : 1, fetched.length));
  return {
    items: fetched[page - 1]?.items ?? [],
    page,
    pages: Math.max(1, fetched.length),
    more: query.hasNextPage,
    goTo: (wanted) => {
      if (wanted <= fetched.length) setAt({ key, page: wanted });
      else void query.fetchNextPage().then(() => setAt({ key, page: wanted }));
    },
    pending: query.isPending,
    fetching: query.isFetching,
    error: query.error,
    refetch: () => void query.refetch(),
  };
}
