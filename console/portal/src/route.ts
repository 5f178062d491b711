/**
 * The portal's addresses. They live behind the `#`, as AWS's do, so that bookmarks and
 * links made for one work for the other.
 */
export interface AccountsRoute {
  tab: 'accounts';
  /** What is typed in the search box. */
  filter: string;
  /** From 1. */
  page: number;
}

const MAX_FILTER_LENGTH = 200;

/** Reads `#/?tab=accounts&filter=prod&page=2`; whatever it does not know means the first page of all accounts. */
export function parseRoute(hash: string): AccountsRoute {
  const query = hash.startsWith('#/?') ? new URLSearchParams(hash.slice('#/?'.length)) : new URLSearchParams();
  const page = query.get('page') ?? '';
  return {
    tab: 'accounts',
    filter: (query.get('filter') ?? '').slice(0, MAX_FILTER_LENGTH),
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

export function routeHash({ tab, filter, page }: AccountsRoute): string {
  const query = new URLSearchParams({ tab });
  if (filter) query.set('filter', filter);
  if (page > 1) query.set('page', String(page));
  return `#/?${query}`;
}
