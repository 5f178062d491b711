/**
 * What the server says about the signed-in person and about itself. It is written
 * into the page, so that the first paint needs no request; it holds no secret.
 */
export interface Session {
  user: { userName: string; displayName: string; email: string };
  /** The directory's id, `d-` and ten hexadecimal digits. */
  directoryId: string;
  instanceArn: string;
  /** The Region of the Identity Center instance. */
  region: string;
  /** This portal's address as the browser sees it. */
  startUrl: string;
  /** A spelling of the start URL that every AWS CLI accepts without fetching it. */
  awsStartUrl: string;
  /** Service key as in an AWS config file's `services` section → this server's URL for it. */
  endpoints: Record<string, string>;
  /** ISO 8601. */
  sessionExpiresAt: string;
  /** The server's clock when it wrote the page, ISO 8601. */
  serverTime: string;
  locale: string;
  organizationName: string;
  signOutPath: string;
  /** The page of the sign-in host where people manage their own MFA devices. */
  mfaDevicesUrl: string;
  /** Where people of this portal type the code that a device shows. */
  deviceUrl: string;
  /** Ids. */
  favourites: { accounts: string[]; applications: string[] };
}

const ELEMENT_ID = 'sekisho-session';

/** Reads the session that the server wrote into the page; null when there is none. */
export function readSession<T = Session>(page: Document): T | null {
  const text = page.getElementById(ELEMENT_ID)?.textContent;
  if (!text) return null;
  return JSON.parse(text) as T;
}

/**
 * Returns a clock that runs with the server's: expiry times are the server's, and the
 * computer that shows them may be minutes off.
 */
export function serverClock(serverTime: string, localNow: () => number = Date.now): () => number {
  const offset = Date.parse(serverTime) - localNow();
  return () => localNow() + (Number.isFinite(offset) ? offset : 0);
}
