import { DescribeAccountCommand, ListAccountsCommand, type Account } from '@aws-sdk/client-organizations';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useClients } from '../../console';
import { accountsKey, everything } from '../organization';
import { useList } from '../../ui/useList';

export interface AccountSearch {
  /** Those found so far. */
  accounts: readonly Account[];
  /** How many were looked at. */
  looked: number;
  /** Whether there may be more to find. */
  more: boolean;
  pending: boolean;
  /** Whether it is still looking. */
  searching: boolean;
  error: Error | null;
  stop: () => void;
  refetch: () => void;
}

/**
 * The organization's accounts, or those with the words in their name, address or number.
 * The API has no search, so pages are fetched until `wanted` were found; an account's
 * whole number is asked for directly.
 */
export function useAccounts(words: string, wanted: number): AccountSearch {
  const { organizations } = useClients();
  const [stoppedAt, setStoppedAt] = useState<string>();
  const query = words.trim().toLowerCase();
  const byNumber = /^\d{12}$/.test(query);
  const list = useList(
    accountsKey,
    async (NextToken, signal) => {
      const page = await (await organizations()).send(new ListAccountsCommand({ NextToken }), { abortSignal: signal });
      return { items: page.Accounts ?? [], marker: page.NextToken };
    },
    !byNumber,
  );
  const one = useQuery({
    queryKey: [...everything, 'account', query],
    queryFn: async ({ signal }) => (await (await organizations()).send(new DescribeAccountCommand({ AccountId: query }), { abortSignal: signal })).Account!,
    enabled: byNumber,
    retry: false,
  });

  const found = useMemo(() => (query ? list.items.filter((account) => matches(account, query)) : list.items), [list.items, query]);
  const { more, fetching, error, fetchMore } = list;
  const searching = more && !error && found.length < wanted && stoppedAt !== query && !byNumber;
  useEffect(() => {
    if (searching && !fetching) fetchMore();
  }, [searching, fetching, fetchMore]);

  if (byNumber) {
    return {
      accounts: one.data ? [one.data] : [], looked: one.data ? 1 : 0, more: false, pending: one.isPending, searching: one.isFetching,
      // That there is none is an empty answer.
      error: null, stop: () => undefined, refetch: () => void one.refetch(),
    };
  }
  return { accounts: found, looked: list.items.length, more, pending: list.pending, searching, error, stop: () => setStoppedAt(query), refetch: list.refetch };
}

export function matches({ Name = '', Email = '', Id = '' }: Account, query: string): boolean {
  return [Name, Email, Id].some((text) => text.toLowerCase().includes(query));
}
