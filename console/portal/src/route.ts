/**
 * The portal's addresses. They live behind the `#`, as AWS's do, so that bookmarks and
 * links made for one work for the other.
 */
export interface Route {
  /** Two tabs, and the page of the person's sign-ins. */
  tab: 'accounts' | 'applications' | 'sessions';
  /** What is typed in the search box. */
  filter: string;
  /** From 1. */
  page: number;
}

const MAX_FILTER_LENGTH = 200;

export const SESSIONS_HASH = '#/sessions';

/** Reads `#/?tab=accounts&filter=prod&page=2` and `#/sessions`; whatever it does not know means the first page of all accounts. */
export function parseRoute(hash: string): Route {
  if (hash === SESSIONS_HASH) return { tab: 'sessions', filter: '', page: 1 };
  const query = hash.startsWith('#/?') ? new URLSearchParams(hash.slice('#/?'.length)) : new URLSearchParams();
  const page = query.get('page') ?? '';
  return {
    tab: query.get('tab') === 'applications' ? 'applications' : 'accounts',
    filter: (query.get('filter') ?? '').slice(0, MAX_FILTER_LENGTH),
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

export function routeHash({ tab, filter, page }: Route): string {
  if (tab === 'sessions') return SESSIONS_HASH;
  const query = new URLSearchParams({ tab });
  if (filter) query.set('filter', filter);
  if (page > 1) query.set('page', String(page));
  return `#/?${query}`;
}

/** A role whose console is to be opened, as AWS's shortcuts name it (behaviours.md 6.12). */
export interface ConsoleRequest {
  accountId: string;
  roleName: string;
  /** An address of the console; '' for what the permission set says, or the console's home. */
  destination: string;
}

const CONSOLE_PREFIX = '#/console?';

/** Reads `#/console?account_id=…&role_name=…&destination=…`; undefined for every other address. */
export function parseConsoleRequest(hash: string): ConsoleRequest | undefined {
  if (!hash.startsWith(CONSOLE_PREFIX)) return undefined;
  const query = new URLSearchParams(hash.slice(CONSOLE_PREFIX.length));
  return { accountId: query.get('account_id') ?? '', roleName: query.get('role_name') ?? '', destination: query.get('destination') ?? '' };
}

export function consoleHash({ accountId, roleName, destination }: ConsoleRequest): string {
  return `${CONSOLE_PREFIX}${new URLSearchParams({ account_id: accountId, role_name: roleName, ...(destination && { destination }) })}`;
}

const DEVICE_HASH = '#/device';
/** XXXX-XXXX, with room for spaces that somebody typed. */
const MAX_USER_CODE_LENGTH = 20;

/**
 * The page for the code of `#/device?user_code=…` or `#/device`, as newer replies of AWS's name it
 * (behaviours.md 7.2), on the host that has it; undefined for every other address.
 */
export function deviceAddress(hash: string, deviceUrl: string): string | undefined {
  if (hash !== DEVICE_HASH && !hash.startsWith(`${DEVICE_HASH}?`)) return undefined;
  const code = new URLSearchParams(hash.slice(DEVICE_HASH.length + 1)).get('user_code') ?? '';
  const address = new URL(deviceUrl);
  if (code && code.length <= MAX_USER_CODE_LENGTH) address.searchParams.set('user_code', code);
  return address.href;
}
