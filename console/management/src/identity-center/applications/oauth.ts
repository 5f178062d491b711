/** How an application gets tokens, as forms hold it, and what of it the API takes (behaviours.md 6.11). */
import type { Grant, GrantItem, GrantType, ScopeDetails } from '@aws-sdk/client-sso-admin';

/** Lists are as they are typed: an item a line. */
export interface Grants {
  code: boolean;
  redirectUris: string;
  refresh: boolean;
  jwt: boolean;
  /** The ARN of each trusted token issuer → its audiences. */
  issuers: Readonly<Record<string, string>>;
  exchange: boolean;
}

export const noGrants: Grants = { code: false, redirectUris: '', refresh: false, jwt: false, issuers: {}, exchange: false };

export interface Scope {
  name: string;
  targets: string;
}

const MOST_LISTED = 10;
const LONGEST_AUDIENCE = 512;
const LONGEST_URI = 2048;
export const MOST_SCOPES = 25;

export const lines = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

/** https, http on the browser's own machine, or a native app's private scheme, which has a dot (RFC 8252, 7). */
export function isRedirectUri(text: string): boolean {
  // URL would mend what the server refuses: blanks, backslashes, wildcards.
  if (text.length > LONGEST_URI || /[^!-~]|[#\\*]/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username || password) return false;
  if (protocol === 'https:') return hostname !== '';
  if (protocol === 'http:') return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
  return protocol.includes('.');
}

export type GrantsFault = 'redirectUris' | 'issuers';

export function grantsFaults({ code, redirectUris, jwt, issuers }: Grants): GrantsFault[] {
  const uris = lines(redirectUris);
  const chosen = Object.values(issuers).map(lines);
  const listed = (list: readonly string[]) => list.length > 0 && list.length <= MOST_LISTED;
  const faults: GrantsFault[] = [];
  if (code && !(listed(uris) && uris.every(isRedirectUri))) faults.push('redirectUris');
  if (jwt && !(chosen.length > 0 && chosen.length <= MOST_LISTED && chosen.every((audiences) => listed(audiences) && audiences.every((a) => a.length <= LONGEST_AUDIENCE)))) faults.push('issuers');
  return faults;
}

/** The grants as the API has them, by their types. */
export function toApi({ code, redirectUris, refresh, jwt, issuers, exchange }: Grants): Map<GrantType, Grant> {
  const grants = new Map<GrantType, Grant>();
  if (code) grants.set('authorization_code', { AuthorizationCode: { RedirectUris: lines(redirectUris) } });
  if (refresh) grants.set('refresh_token', { RefreshToken: {} });
  if (jwt) {
    grants.set('urn:ietf:params:oauth:grant-type:jwt-bearer', {
      JwtBearer: { AuthorizedTokenIssuers: Object.entries(issuers).map(([TrustedTokenIssuerArn, audiences]) => ({ TrustedTokenIssuerArn, AuthorizedAudiences: lines(audiences) })) },
    });
  }
  if (exchange) grants.set('urn:ietf:params:oauth:grant-type:token-exchange', { TokenExchange: {} });
  return grants;
}

export function fromApi(items: readonly GrantItem[]): Grants {
  let grants = noGrants;
  for (const { Grant: grant } of items) {
    if (!grant) continue;
    if (grant.AuthorizationCode) grants = { ...grants, code: true, redirectUris: (grant.AuthorizationCode.RedirectUris ?? []).join('\n') };
    if (grant.RefreshToken) grants = { ...grants, refresh: true };
    if (grant.TokenExchange) grants = { ...grants, exchange: true };
    if (grant.JwtBearer) {
      const issuers = (grant.JwtBearer.AuthorizedTokenIssuers ?? []).map(({ TrustedTokenIssuerArn = '', AuthorizedAudiences = [] }) => [TrustedTokenIssuerArn, AuthorizedAudiences.join('\n')]);
      grants = { ...grants, jwt: true, issuers: Object.fromEntries(issuers) as Record<string, string> };
    }
  }
  return grants;
}

const SCOPE = /^[A-Za-z0-9_]{1,50}(?::[A-Za-z0-9_]{1,50}){0,2}$/;

export type ScopeFault = 'name' | 'targets';

/** What is wrong with each scope; undefined where nothing is. */
export function scopeFaults(scopes: readonly Scope[]): (ScopeFault | undefined)[] {
  const seen = new Set<string>();
  return scopes.map(({ name, targets }) => {
    if (!SCOPE.test(name) || seen.has(name)) return 'name';
    seen.add(name);
    const arns = lines(targets);
    return arns.length > MOST_LISTED || arns.some((arn) => !arn.startsWith('arn:')) ? 'targets' : undefined;
  });
}

export const scopesFromApi = (scopes: readonly ScopeDetails[]): Scope[] => scopes.map(({ Scope: name = '', AuthorizedTargets = [] }) => ({ name, targets: AuthorizedTargets.join('\n') }));

/** An application's URL, to which the portal sends people. */
export function isApplicationUrl(text: string): boolean {
  if (text.length > 512 || !/^https?:\/\/[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]$/.test(text) || !URL.canParse(text)) return false;
  // A name before the host would dress one host up as another.
  const { username, password } = new URL(text);
  return !username && !password;
}

/** An issuer's URL, from which keys are fetched so that nobody on the way can change them. */
export function isIssuerUrl(text: string): boolean {
  return isApplicationUrl(text) && text.startsWith('https://') && !/[?#]/.test(text);
}

const ISSUER_NAME = /^[\w+=,.@-]{1,255}$/;
const CLAIM = /^\p{L}+(?:[._]\p{L}+){0,2}$/u;

export const isIssuerName = (text: string): boolean => ISSUER_NAME.test(text);
export const isClaimPath = (text: string): boolean => text.length <= 255 && CLAIM.test(text);

/** Attributes by which exactly one user is found. */
export const issuerAttributes = ['emails.value', 'userName', 'externalIds.id'] as const;
