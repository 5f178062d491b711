import { describe, expect, it } from 'vitest';
import { blankTrust, switchable, trusted, trustFaults, trustPolicy, type Trust } from './trust';

const HERE = '111122223333';
const OIDC = `arn:aws:iam::${HERE}:oidc-provider/token.example.com/tenant`;
const SAML = `arn:aws:iam::${HERE}:saml-provider/Corp`;

const statement = (change: Partial<Trust>) => JSON.parse(trustPolicy({ ...blankTrust, ...change }, HERE)).Statement;

describe('trustPolicy', () => {
  it.each<[string, Partial<Trust>, object]>([
    ['this account', {}, { Principal: { AWS: `arn:aws:iam::${HERE}:root` }, Action: 'sts:AssumeRole' }],
    [
      'another account, with an external id and MFA',
      { other: true, account: ' 444455556666 ', external: true, externalId: 'secret/1', mfa: true },
      {
        Principal: { AWS: 'arn:aws:iam::444455556666:root' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'secret/1' }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      },
    ],
    ['what was typed for another account does not count for this one', { account: '444455556666', externalId: 'x' }, { Principal: { AWS: `arn:aws:iam::${HERE}:root` }, Action: 'sts:AssumeRole' }],
    ['a service', { kind: 'service', service: 'ec2.amazonaws.com' }, { Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    [
      'an OIDC provider, for one of its people',
      { kind: 'oidc', provider: { oidc: OIDC, saml: SAML }, audience: 'app', subject: 'repo:x' },
      {
        Principal: { Federated: OIDC },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'token.example.com/tenant:aud': 'app', 'token.example.com/tenant:sub': 'repo:x' } },
      },
    ],
    [
      'a SAML provider',
      { kind: 'saml', provider: { oidc: OIDC, saml: SAML } },
      { Principal: { Federated: SAML }, Action: 'sts:AssumeRoleWithSAML', Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } } },
    ],
  ])('%s', (_name, change, want) => {
    expect(statement(change)).toEqual([{ Effect: 'Allow', ...want }]);
  });

  it('is the custom document as it was written', () => {
    expect(trustPolicy({ ...blankTrust, kind: 'custom', document: '{ "x" }' }, HERE)).toBe('{ "x" }');
  });
});

it.each<[Partial<Trust>, string[]]>([
  [{}, []],
  [{ other: true, account: '1234' }, ['account']],
  [{ other: true, account: '444455556666', external: true, externalId: 'x' }, ['externalId']],
  [{ external: true, externalId: 'a b' }, ['externalId']],
  [{ external: true, externalId: 'a:b/c' }, []],
  [{ kind: 'service', service: 'ec2' }, ['service']],
  [{ kind: 'service', service: 'ec2.amazonaws.com' }, []],
  [{ kind: 'oidc' }, ['provider', 'audience']],
  [{ kind: 'saml' }, ['provider']],
  [{ kind: 'custom' }, []],
])('trustFaults of %j are %j', (change, want) => {
  expect(trustFaults({ ...blankTrust, ...change })).toEqual(want);
});

const allow = (principal: unknown) => ({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' });

it('trusted are those whom some statement allows, each once', () => {
  const document = { Statement: [allow({ AWS: ['1', '2'] }), allow({ AWS: '1', Service: 's' }), { ...allow({ AWS: '3' }), Effect: 'Deny' }, { Effect: 'Allow', NotPrincipal: { AWS: '4' } }, allow('*')] };
  expect(trusted(JSON.stringify(document)).map(({ type, id }) => `${type} ${id}`)).toEqual(['AWS 1', 'AWS 2', 'Service s', '* *']);
  expect(trusted('{')).toEqual([]);
});

// behaviours.md 8.4
it.each<[Partial<Trust>, boolean]>([
  [{}, true],
  [{ mfa: true }, true],
  [{ external: true, externalId: 'xyz' }, false],
  [{ kind: 'service', service: 'ec2.amazonaws.com' }, false],
  [{ kind: 'saml', provider: { oidc: '', saml: SAML } }, false],
])('a role that trusts %j can be switched to: %s', (change, want) => {
  expect(switchable(trustPolicy({ ...blankTrust, ...change }, HERE))).toBe(want);
});
