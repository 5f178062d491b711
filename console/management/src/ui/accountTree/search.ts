/**
 * Finding accounts of the organization. Organizations gives 20 at a time and has no search, so that ten
 * thousand accounts would be five hundred requests: the search is this server's own.
 */
import { DescribeAccountCommand, ListAccountsCommand, type Account, type OrganizationsClient } from '@aws-sdk/client-organizations';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';
import { useOwnApi } from '../../sdk/ownApi';
import { useList } from '../useList';

/** The list of all accounts, of which somebody may have fetched hundreds of pages. */
export const accountsKey = ['organizations', 'accounts'] as const;

export interface FoundAccounts {
  items: readonly Account[];
  /** Whether the server has more of them. */
  more: boolean;
  pending: boolean;
  fetching: boolean;
  /** Whether it fetches by itself, until there are as many as are wanted. */
  searching: boolean;
  error: Error | null;
  fetchMore: () => void;
  refetch: () => void;
}

/** A page of what the server found. */
interface Found {
  Accounts: (Omit<Account, 'JoinedTimestamp'> & { JoinedTimestamp?: string })[];
  NextToken?: string;
}

/** So long words may be at most. */
const LONGEST = 128;

const isAccountId = (typed: string): boolean => /^\d{12}$/.test(typed);

/** The digits of an ID that was written in groups of four; other words as they are. */
export function searchWords(typed: string): string {
  const words = typed.trim();
  return /^\d{4}-\d{4}-\d{4}$/.test(words) ? words.replaceAll('-', '') : words;
}

/**
 * The accounts whose name, ID or e-mail address has the words in it, at least `wanted` if
 * there are so many; all of them where nothing is typed. A whole ID is asked for directly.
 */
export function useAccounts(typed: string, wanted: number): FoundAccounts {
  const { organizations } = useClients();
  const ask = useOwnApi();
  const Words = searchWords(typed).slice(0, LONGEST);
  const byId = isAccountId(Words);
  const list = useList<Account>(
    Words ? [...accountsKey, Words] : accountsKey,
    async (NextToken, abortSignal) => {
      if (!Words) {
        const page = await (await organizations()).send(new ListAccountsCommand({ NextToken }), { abortSignal });
        return { items: page.Accounts ?? [], marker: page.NextToken || undefined };
      }
      const page = (await ask('_organizations/SearchAccounts', { Words, NextToken }, abortSignal)) as Found;
      const items = page.Accounts.map(({ JoinedTimestamp, ...account }) => ({ ...account, ...(JoinedTimestamp && { JoinedTimestamp: new Date(JoinedTimestamp) }) }));
      return { items, marker: page.NextToken };
    },
    !byId,
  );
  const one = useQuery({
    queryKey: ['organizations', 'account', Words],
    queryFn: async ({ signal }) => describeAccount(await organizations(), Words, signal),
    enabled: byId,
  });
  const { items, more, fetching, error, fetchMore } = list;
  const lacking = !byId && more && !error && items.length < wanted;
  useEffect(() => {
    if (lacking && !fetching) fetchMore();
  });
  if (byId) {
    const { data, isPending, isFetching, refetch } = one;
    return {
      items: data ? [data] : [], more: false, pending: isPending, fetching: isFetching, searching: isFetching, error: one.error, fetchMore: () => {},
      refetch: () => void refetch(),
    };
  }
  return { ...list, fetching: fetching || lacking, searching: lacking || (fetching && items.length < wanted) };
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
