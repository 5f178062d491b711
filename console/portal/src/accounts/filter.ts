import type { Account } from '../sso';

/**
 * The accounts whose name, id or e-mail address contains what was typed. Case and the
 * width of letters do not count; an id may be typed as `#111122223333` or `1111-2222-3333`.
 */
export function filterAccounts(accounts: Account[], typed: string): Account[] {
  const wanted = fold(typed.trim());
  if (!wanted) return accounts;
  const wantedId = /^#?[\d-]+$/.test(wanted) ? wanted.replaceAll(/[#-]/g, '') : '';
  return accounts.filter(
    ({ id, name, email }) => (wantedId && id.includes(wantedId)) || id.includes(wanted) || fold(name).includes(wanted) || fold(email).includes(wanted),
  );
}

/** By name, as a person of the language expects; equal names by id. */
export function sortAccounts(accounts: Account[], locale: string): Account[] {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return accounts.toSorted((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
