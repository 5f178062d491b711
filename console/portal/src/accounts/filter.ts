import type { Account } from '../sso';
import { fold } from '../text';

/** What is searched of an account, folded once: people type letter by letter through thousands. */
const searched = new WeakMap<Account, string>();

function textOf(account: Account): string {
  let text = searched.get(account);
  if (text === undefined) {
    text = `${account.id}\n${fold(account.name)}\n${fold(account.email)}`;
    searched.set(account, text);
  }
  return text;
}

/**
 * The accounts whose name, id or e-mail address contains what was typed. Case and the
 * width of letters do not count; an id may be typed as `#111122223333` or `1111-2222-3333`.
 */
export function filterAccounts(accounts: Account[], typed: string): Account[] {
  const wanted = fold(typed.trim());
  if (!wanted) return accounts;
  const wantedId = /^#?[\d-]+$/.test(wanted) ? wanted.replaceAll(/[#-]/g, '') : '';
  return accounts.filter((account) => (wantedId && account.id.includes(wantedId)) || textOf(account).includes(wanted));
}
