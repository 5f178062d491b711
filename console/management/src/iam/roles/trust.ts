/** Trust policies: what the wizard writes, and what is read from those that are there. */
import { statements, type Principal } from '../../policy-editor/statements';

/** Whom a new role is for, as the wizard has it: the fields of every kind, so that going back and forth loses nothing. */
export interface Trust {
  kind: 'account' | 'service' | 'oidc' | 'saml' | 'custom';
  /** Another account's id; '' for this account. */
  account: string;
  other: boolean;
  /** What whoever assumes the role must name; taken if `external`. */
  externalId: string;
  external: boolean;
  mfa: boolean;
  /** A service's principal, such as ec2.amazonaws.com. */
  service: string;
  /** The provider's ARN, for OIDC and for SAML. */
  provider: Record<'oidc' | 'saml', string>;
  audience: string;
  /** Whom of the OIDC provider's people, by `sub`; '' for everybody. */
  subject: string;
  document: string;
}

export const blankTrust: Trust = {
  kind: 'account',
  account: '',
  other: false,
  externalId: '',
  external: false,
  mfa: false,
  service: '',
  provider: { oidc: '', saml: '' },
  audience: '',
  subject: '',
  document: '',
};

/** Where AWS takes SAML responses: the audience that AWS's own wizard asks for. */
const SAML_AUDIENCE = 'https://signin.aws.amazon.com/saml';

export type TrustField = 'account' | 'externalId' | 'service' | 'provider' | 'audience';

/** What is missing or mistaken; a custom document is judged by its editor. */
export function trustFaults(trust: Trust): TrustField[] {
  switch (trust.kind) {
    case 'account':
      return [
        ...(trust.other && !/^\d{12}$/.test(trust.account.trim()) ? (['account'] as const) : []),
        // sts:AssumeRole's own bounds of ExternalId.
        ...(trust.external && !/^[\w+=,.@:/-]{2,1224}$/.test(trust.externalId) ? (['externalId'] as const) : []),
      ];
    case 'service':
      return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(trust.service.trim()) ? [] : ['service'];
    case 'oidc':
      return [...(trust.provider.oidc ? [] : (['provider'] as const)), ...(trust.audience.trim() ? [] : (['audience'] as const))];
    case 'saml':
      return trust.provider.saml ? [] : ['provider'];
    case 'custom':
      return [];
  }
}

/** The document that lets them, for a role of this account. */
export function trustPolicy(trust: Trust, thisAccount: string): string {
  if (trust.kind === 'custom') return trust.document;
  const { Condition, ...statement } = statementOf(trust, thisAccount);
  return JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement, ...(Condition && Object.keys(Condition).length > 0 && { Condition }) }] },
    null,
    4,
  );
}

interface TrustStatement {
  Principal: Record<string, string>;
  Action: string;
  Condition?: Record<string, Record<string, string>>;
}

function statementOf(trust: Trust, thisAccount: string): TrustStatement {
  switch (trust.kind) {
    case 'service':
      return { Principal: { Service: trust.service.trim() }, Action: 'sts:AssumeRole' };
    case 'oidc': {
      const issuer = issuerOf(trust.provider.oidc);
      return {
        Principal: { Federated: trust.provider.oidc },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer}:aud`]: trust.audience.trim(), ...(trust.subject.trim() && { [`${issuer}:sub`]: trust.subject.trim() }) } },
      };
    }
    case 'saml':
      return { Principal: { Federated: trust.provider.saml }, Action: 'sts:AssumeRoleWithSAML', Condition: { StringEquals: { 'SAML:aud': SAML_AUDIENCE } } };
    default:
      return {
        Principal: { AWS: `arn:aws:iam::${trust.other ? trust.account.trim() : thisAccount}:root` },
        Action: 'sts:AssumeRole',
        Condition: {
          ...(trust.external && { StringEquals: { 'sts:ExternalId': trust.externalId } }),
          ...(trust.mfa && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
        },
      };
  }
}

/** The issuer that an OIDC provider's ARN names, which begins its condition keys. */
export const issuerOf = (arn: string): string => arn.slice(arn.indexOf(':oidc-provider/') + ':oidc-provider/'.length);

/** Whom a trust policy lets in, each once. */
export function trusted(document: string): Principal[] {
  const found = new Map<string, Principal>();
  for (const { effect, principals, notPrincipals } of statements(document) ?? []) {
    if (effect !== 'Allow' || notPrincipals) continue;
    for (const principal of principals) found.set(`${principal.type} ${principal.id}`, principal);
  }
  return [...found.values()];
}

/** Whether it can be switched to in the console: by principals of AWS, and without an external id (behaviours.md 8.4). */
export function switchable(document: string): boolean {
  return (statements(document) ?? []).some(
    ({ effect, actions, principals, conditions }) =>
      effect === 'Allow' &&
      principals.some(({ type }) => type === 'AWS' || type === '*') &&
      actions.some((action) => ['*', 'sts:*', 'sts:assumerole'].includes(action.toLowerCase())) &&
      !conditions.some(({ key }) => key.toLowerCase() === 'sts:externalid'),
  );
}
