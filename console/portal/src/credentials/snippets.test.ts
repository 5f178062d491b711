import { describe, expect, it } from 'vitest';
import {
  awsFile,
  credentialsProfile,
  credentialsProfileConfig,
  credentialVariables,
  defaultProfile,
  endpointVariables,
  loginCommands,
  masked,
  ssoConfig,
  ssoProfile,
} from './snippets';

const server = {
  directoryId: 'd-1234567890',
  region: 'us-east-1',
  awsStartUrl: 'https://d-1234567890.awsapps.com/start',
  endpoints: { sso: 'http://localhost:8420', sso_oidc: 'http://localhost:8420', sts: 'http://localhost:8420', 'Not a key': 'x' },
};
const assignment = { accountId: '444455556666', accountName: 'Production', roleName: 'AdministratorAccess' };
const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'wJalr/K7MDENG+bPx', sessionToken: 'IQoJb3JpZ2lu==', expiration: 0 };

describe('the recommended way (I-12, I-16)', () => {
  it('is a config file', () => {
    expect(ssoConfig(server, assignment)).toBe(`[sso-session d-1234567890]
sso_start_url = https://d-1234567890.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile AdministratorAccess-444455556666]
sso_session = d-1234567890
sso_account_id = 444455556666
sso_role_name = AdministratorAccess
region = us-east-1
services = d-1234567890

[services d-1234567890]
sso =
  endpoint_url = http://localhost:8420
sso_oidc =
  endpoint_url = http://localhost:8420
sts =
  endpoint_url = http://localhost:8420`);
  });

  it('adds no section twice for a second role', () => {
    const first = ssoConfig(server, assignment);
    const second = ssoProfile(server, { ...assignment, roleName: 'ReadOnly' });
    const sections = `${first}\n${second}\n${defaultProfile(server)}\n${credentialsProfileConfig(server, assignment)}`.match(/^\[.*\]$/gm) ?? [];
    expect(new Set(sections).size).toBe(sections.length);
    expect(sections).toHaveLength(7);
  });

  it('serves aws configure sso through the default profile', () => {
    expect(defaultProfile(server)).toBe('[default]\nservices = d-1234567890');
  });

  it('names the profile as one word of the shell', () => {
    expect(loginCommands('powershell', { ...assignment, roleName: 'a,b' })).toBe(
      "aws sso login --profile 'a,b-444455556666'\naws sts get-caller-identity --profile 'a,b-444455556666'",
    );
  });
});

describe('option 1 (I-15, I-17)', () => {
  it.each([
    ['posix', 'export AWS_ACCESS_KEY_ID="ASIAEXAMPLE"\nexport AWS_SECRET_ACCESS_KEY="wJalr/K7MDENG+bPx"\nexport AWS_SESSION_TOKEN="IQoJb3JpZ2lu=="'],
    ['cmd', 'SET AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nSET AWS_SECRET_ACCESS_KEY=wJalr/K7MDENG+bPx\nSET AWS_SESSION_TOKEN=IQoJb3JpZ2lu=='],
    [
      'powershell',
      '$Env:AWS_ACCESS_KEY_ID="ASIAEXAMPLE"\n$Env:AWS_SECRET_ACCESS_KEY="wJalr/K7MDENG+bPx"\n$Env:AWS_SESSION_TOKEN="IQoJb3JpZ2lu=="',
    ],
  ] as const)('%s', (shell, want) => {
    expect(credentialVariables(shell, credentials)).toBe(want);
  });

  it('leads to this server, service by service', () => {
    expect(endpointVariables('posix', server)).toBe(`export AWS_REGION="us-east-1"
export AWS_DEFAULT_REGION="us-east-1"
export AWS_ENDPOINT_URL_SSO="http://localhost:8420"
export AWS_ENDPOINT_URL_SSO_OIDC="http://localhost:8420"
export AWS_ENDPOINT_URL_STS="http://localhost:8420"`);
  });
});

describe('option 2 (I-18)', () => {
  it('is a profile of the credentials file', () => {
    expect(credentialsProfile(assignment, credentials)).toBe(`[444455556666_AdministratorAccess]
aws_access_key_id=ASIAEXAMPLE
aws_secret_access_key=wJalr/K7MDENG+bPx
aws_session_token=IQoJb3JpZ2lu==`);
  });

  it('has its endpoints in the config file', () => {
    expect(credentialsProfileConfig({ ...server, endpoints: { iam: 'http://localhost:8420' } }, assignment))
      .toBe(`[profile 444455556666_AdministratorAccess]
region = us-east-1
services = 444455556666_AdministratorAccess

[services 444455556666_AdministratorAccess]
iam =
  endpoint_url = http://localhost:8420`);
  });
});

it('hides what is secret, in every text', () => {
  for (const text of [credentialVariables('posix', masked(credentials)), credentialsProfile(assignment, masked(credentials))]) {
    expect(text).toContain('ASIAEXAMPLE');
    expect(text).not.toContain(credentials.secretAccessKey);
    expect(text).not.toContain(credentials.sessionToken);
  }
});

it('names the files as the system does', () => {
  expect(awsFile('posix', 'config')).toBe('~/.aws/config');
  expect(awsFile('cmd', 'credentials')).toBe('%USERPROFILE%\\.aws\\credentials');
  expect(awsFile('powershell', 'config')).toBe('$HOME\\.aws\\config');
});
