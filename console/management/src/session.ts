/**
 * What the server says about who is signed in to the console and where things are. It is
 * written into the page, so that the first paint needs no request; it holds no secret.
 */
export interface ConsoleSession {
  kind: 'root' | 'iam-user' | 'role';
  /** Twelve digits; while a role is switched to, the role's account. */
  accountId: string;
  accountName: string;
  /** '' when the account has none. */
  alias: string;
  /** The IAM user's name, or the name of a role's session; '' for the root user. */
  userName: string;
  /** The root user's e-mail address; '' for everybody else. */
  email: string;
  arn: string;
  /** Of the role that is switched to; '' otherwise. */
  displayName: string;
  /** Of the role that is switched to, as `#rrggbb` or `rrggbb`; '' otherwise. */
  color: string;
  switched: boolean;
  /** Whom "Switch back" returns to, `<user> @ <account>`; '' when not switched. */
  switchedFrom: string;
  /** Whether this session was opened with a second factor. */
  mfa: boolean;
  /** ISO 8601. */
  expiresAt: string;
  /** The server's clock when it wrote the page, ISO 8601. */
  serverTime: string;
  locale: string;
  /** The Region that the console opens in. */
  region: string;
  regions: string[];
  accountStatus: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
  /** The account's own sign-in address, https://<alias or id>.signin.<domain>/console. */
  signInUrl: string;
  links: ConsoleLinks;
}

/** Addresses outside this app; '' where there is nothing to go to. */
export interface ConsoleLinks {
  signup: string;
  /** '' once sign-up is complete. */
  completeSignUp: string;
  /** Registers a passkey or security key; takes `user` and `return` in its query. */
  registerMfa: string;
  password: string;
  email: string;
  close: string;
  paymentMethod: string;
  help: string;
  allowList: string;
  rootTasks: string;
  glossary: string;
  contact: string;
  switchRole: string;
  /** Takes POST. */
  switchBack: string;
  /** Takes POST. */
  signOut: string;
  /** The roles that this browser switched to last, newest first, at most five. */
  roleHistory: RoleHistoryEntry[];
}

export interface RoleHistoryEntry {
  account: string;
  roleName: string;
  displayName: string;
  color: string;
}

/** 111122223333 as the navigation bar shows it, 1111-2222-3333 (E-04). */
export function groupedAccountId(id: string): string {
  return /^\d{12}$/.test(id) ? `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}` : id;
}

/**
 * The address at which a passkey or security key is registered for `user` (the root user
 * or the person themselves when it is ''), which comes back to `returnPath` of this app.
 */
export function registerMfaUrl(session: ConsoleSession, user: string, returnPath: string): string {
  const url = new URL(session.links.registerMfa, location.origin);
  if (user) url.searchParams.set('user', user);
  url.searchParams.set('return', returnPath);
  return url.href;
}
