/** What the provider pages know of providers, and what IAM takes of what is typed (behaviours.md 1.3). */

export type ProviderKind = 'saml' | 'oidc';

export const providerHref = (arn: string): string => `/iam/identity-providers/details/${arn}`;

export const kindOf = (arn: string): ProviderKind => (arn.includes(':oidc-provider/') ? 'oidc' : 'saml');

/** A SAML provider's name, or an OIDC provider's issuer: what follows the type in the ARN. */
export const providerName = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

/** Whether IAM Identity Center made the provider, which alone may change it. */
export const isReserved = (arn: string): boolean => kindOf(arn) === 'saml' && /^AWSSSO_.{16}_DO_NOT_DELETE$/.test(providerName(arn));

export const isProviderName = (name: string): boolean => /^[\w.-]{1,128}$/.test(name);

export const isThumbprint = (text: string): boolean => /^[0-9a-f]{40}$/i.test(text);

/** Whether it can be an issuer: https, a host and sometimes a path, at most 255 characters. */
export function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || text.length > 255) return false;
  const { protocol, port, search, hash, username } = new URL(text);
  return protocol === 'https:' && port === '' && search === '' && hash === '' && username === '';
}

/** What was typed one on each line, without the empty lines and the doubles. */
export const lines = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

export const areAudiences = (list: readonly string[]): boolean => list.length >= 1 && list.length <= 100 && list.every((audience) => audience.length <= 255);

export const areThumbprints = (list: readonly string[]): boolean => list.length >= 1 && list.length <= 5 && list.every(isThumbprint);
