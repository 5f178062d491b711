/**
 * Which advice an account needs now (requirements, group Q). What the person may not read
 * is undefined in the facts, and gives no advice: silence is better than a false alarm.
 */
export interface AccessKeyFacts {
  id: string;
  active: boolean;
  createdAt: Date;
  /** Undefined for a key that was never used, or whose use may not be read. */
  lastUsedAt?: Date | undefined;
}

export interface GuidanceFacts {
  kind: 'root' | 'iam-user' | 'role';
  /** From GetAccountSummary. */
  rootMfa?: boolean | undefined;
  rootKeys?: boolean | undefined;
  users?: number | undefined;
  /** The person's own keys. */
  keys?: AccessKeyFacts[] | undefined;
  /** How many MFA devices the person has. */
  ownMfaDevices?: number | undefined;
  /** Types of alternate contact that are not set. */
  missingContacts?: string[] | undefined;
}

export type AdviceId =
  | 'root-mfa'
  | 'root-mfa-by-root'
  | 'root-keys'
  | 'root-keys-by-root'
  | 'make-administrator'
  | 'use-administrator'
  | 'own-mfa'
  | 'key-unused'
  | 'key-old'
  | 'contacts';

export interface Advice {
  id: AdviceId;
  severity: 'error' | 'warning' | 'info';
  /** Where it is dealt with; '' where this person can only pass it on. */
  href: string;
  /** The key or the contact types that it is about; '' otherwise. */
  about: string;
}

/** After how many days a key should be replaced, or was not used for too long. */
const KEY_DAYS = 90;

const DAY = 86_400_000;
const CREDENTIALS = '/security-credentials';

/** What to do, the most pressing first. @param now milliseconds since 1970. */
export function guidance(facts: GuidanceFacts, now: number): Advice[] {
  const root = facts.kind === 'root';
  const advice: Advice[] = [];
  const add = (id: AdviceId, severity: Advice['severity'], href: string, about = '') => advice.push({ id, severity, href, about });

  if (facts.rootMfa === false) {
    if (root) add('root-mfa', 'error', `${CREDENTIALS}#mfa`);
    else add('root-mfa-by-root', 'warning', '');
  }
  if (facts.rootKeys) {
    if (root) add('root-keys', 'error', `${CREDENTIALS}#access-keys`);
    else add('root-keys-by-root', 'warning', '');
  }
  if (facts.kind === 'iam-user' && facts.ownMfaDevices === 0) add('own-mfa', 'warning', `${CREDENTIALS}#mfa`);
  for (const key of facts.keys ?? []) {
    if (!key.active) continue;
    const age = now - key.createdAt.getTime();
    if (age < KEY_DAYS * DAY) continue;
    const idle = now - (key.lastUsedAt ?? key.createdAt).getTime();
    add(idle >= KEY_DAYS * DAY ? 'key-unused' : 'key-old', 'warning', `${CREDENTIALS}#access-keys`, key.id);
  }
  if (root && facts.users !== undefined) {
    if (facts.users === 0) add('make-administrator', 'warning', '/iam/users/create');
    else add('use-administrator', 'info', '');
  }
  if (facts.missingContacts?.length) add('contacts', 'info', '/account#alternate-contacts', facts.missingContacts.join(','));

  const order = { error: 0, warning: 1, info: 2 };
  return advice.toSorted((a, b) => order[a.severity] - order[b.severity]);
}
