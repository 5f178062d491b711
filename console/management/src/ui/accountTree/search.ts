/** Finding accounts of the organization, of which Organizations gives 20 at a time and has no search. */
import { DescribeAccountCommand, ListAccountsCommand, type Account, type OrganizationsClient } from '@aws-sdk/client-organizations';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';
import { useList } from '../useList';

/** The list of all accounts, of which somebody may have fetched hundreds of pages. */
export const accountsKey = ['organizations', 'accounts'] as const;

export interface FoundAccounts {
  /** Those that match, of what was looked at. */
  items: readonly Account[];
  lookedAt: number;
  /** Whether there are accounts that were not looked at. */
  more: boolean;
  pending: boolean;
  fetching: boolean;
  /** Whether it looks further by itself, until it found what is wanted. */
  searching: boolean;
  error: Error | null;
  /** Looks no further for these words. */
  stop: () => void;
  fetchMore: () => void;
  refetch: () => void;
}

const isAccountId = (typed: string): boolean => /^\d{12}$/.test(typed);

/** Whether the words are in the account's name, ID or e-mail address. */
export function matches({ Id = '', Name = '', Email = '' }: Account, typed: string): boolean {
  const words = typed.toLowerCase();
  return [Id, Name, Email].some((text) => text.toLowerCase().includes(words));
}

/** The digits of an ID that was written in groups of four; other words as they are. */
export function searchWords(typed: string): string {
  const words = typed.trim();
  return /^\d{4}-\d{4}-\d{4}$/.test(words) ? words.replaceAll('-', '') : words;
}

/**
 * The accounts that match; all of them where nothing is typed. A whole ID is asked for
 * directly; otherwise page after page is looked at until `wanted` were found.
 */
export function useAccounts(typed: string, wanted: number): FoundAccounts {
  const { organizations } = useClients();
  const [stoppedAt, setStoppedAt] = useState<string>();
  const words = searchWords(typed);
  const byId = isAccountId(words);
  const list = useList<Account>(
    accountsKey,
    async (NextToken, abortSignal) => {
      const page = await (await organizations()).send(new ListAccountsCommand({ NextToken }), { abortSignal });
      return { items: page.Accounts ?? [], marker: page.NextToken || undefined };
    },
    !byId,
  );
  const one = useQuery({
    queryKey: ['organizations', 'account', words],
    queryFn: async ({ signal }) => describeAccount(await organizations(), words, signal),
    enabled: byId,
  });
  const found = useMemo(() => (words ? list.items.filter((account) => matches(account, words)) : list.items), [list.items, words]);
  const { more, fetching, error, fetchMore } = list;
  const searching = !byId && more && !error && found.length < wanted && stoppedAt !== words;
  useEffect(() => {
    if (searching && !fetching) fetchMore();
  });
  const stop = () => setStoppedAt(words);
  if (byId) {
    const items = one.data ? [one.data] : [];
    return {
      items, lookedAt: items.length, more: false, pending: one.isPending, fetching: one.isFetching, searching: one.isFetching,
      error: one.error, stop, fetchMore: () => {}, refetch: () => void one.refetch(),
    };
  }
  return { ...list, items: found, lookedAt: list.items.length, fetching: fetching || searching, searching, stop };
}

/** The account, or null when the organization has none with that ID. */
export async function describeAccount(client: OrganizationsClient, AccountId: string, abortSignal: AbortSignal): Promise<Account | null> {
  try {
    return (await client.send(new DescribeAccountCommand({ AccountId }), { abortSignal })).Account ?? null;
  } catch (error) {
    if (isNotFound(error) || (error instanceof Error && error.name === 'AccountNotFoundException')) return null;
    throw error;
  }
}
