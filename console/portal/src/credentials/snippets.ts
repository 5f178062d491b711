/**
 * The texts of the credentials dialog: pure functions from a session, an assignment and
 * credentials to what a person pastes. Nothing here ends in a line break, as at AWS.
 */
import type { Session } from '../../../shared/session';
import { section, setting, setVariable, word, type Shell } from './quoting';

/** One permission set in one account. */
export interface Assignment {
  accountId: string;
  accountName: string;
  roleName: string;
}

/** Temporary credentials of a role, as GetRoleCredentials gives them. */
export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Milliseconds since 1970. */
  expiration: number;
}

const MASK = '****************';

/** The same credentials with what is secret made unreadable; the access key id is not secret. */
export function masked(credentials: RoleCredentials): RoleCredentials {
  return { ...credentials, secretAccessKey: MASK, sessionToken: MASK };
}

type Server = Pick<Session, 'directoryId' | 'region' | 'awsStartUrl' | 'endpoints'>;

/** Where the tab's system keeps a file of the AWS clients. */
export function awsFile(shell: Shell, name: 'config' | 'credentials'): string {
  switch (shell) {
    case 'posix':
      return `~/.aws/${name}`;
    case 'cmd':
      return `%USERPROFILE%\\.aws\\${name}`;
    case 'powershell':
      return `$HOME\\.aws\\${name}`;
  }
}

/** The name that `aws configure sso` would propose. */
function ssoProfileName({ roleName, accountId }: Assignment): string {
  return `${roleName}-${accountId}`;
}

/** The name that AWS's portal gives the credentials file's profile. */
function credentialsProfileName({ roleName, accountId }: Assignment): string {
  return `${accountId}_${roleName}`;
}

/** The sso-session, and the services section, are named after the directory: one of each per portal. */
export function sessionName(server: Pick<Session, 'directoryId'>): string {
  return server.directoryId;
}

/** A whole config file for the recommended way: session, endpoints, and a profile for the assignment. */
export function ssoConfig(server: Server, assignment: Assignment): string {
  return [
    [
      section('sso-session', sessionName(server)),
      setting('sso_start_url', server.awsStartUrl),
      setting('sso_region', server.region),
      setting('sso_registration_scopes', 'sso:account:access'),
    ].join('\n'),
    ssoProfile(server, assignment),
    servicesSection(server, sessionName(server)),
  ].join('\n\n');
}

/** The profile alone, for a file that has the session and the endpoints already. */
export function ssoProfile(server: Server, assignment: Assignment): string {
  return [
    section('profile', ssoProfileName(assignment)),
    setting('sso_session', sessionName(server)),
    setting('sso_account_id', assignment.accountId),
    setting('sso_role_name', assignment.roleName),
    setting('region', server.region),
    setting('services', sessionName(server)),
  ].join('\n');
}

/** What `aws configure sso` needs beside `ssoConfig`: it reads endpoints only from the default profile. */
export function defaultProfile(server: Server): string {
  return [section('', 'default'), setting('services', sessionName(server))].join('\n');
}

/** Signs in to the profile, then shows as whom. */
export function loginCommands(shell: Shell, assignment: Assignment): string {
  const profile = word(shell, ssoProfileName(assignment));
  return [`aws sso login --profile ${profile}`, `aws sts get-caller-identity --profile ${profile}`].join('\n');
}

/** Option 1. */
export function credentialVariables(shell: Shell, credentials: RoleCredentials): string {
  return [
    setVariable(shell, 'AWS_ACCESS_KEY_ID', credentials.accessKeyId),
    setVariable(shell, 'AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey),
    setVariable(shell, 'AWS_SESSION_TOKEN', credentials.sessionToken),
  ].join('\n');
}

/**
 * What Option 1 needs besides to reach this server rather than AWS. One variable per
 * service: the bare AWS_ENDPOINT_URL would take S3 and all the others along, and Go's
 * credential providers ignore it. The Region has two names because boto3 knows only the second.
 */
export function endpointVariables(shell: Shell, server: Server): string {
  return [
    setVariable(shell, 'AWS_REGION', server.region),
    setVariable(shell, 'AWS_DEFAULT_REGION', server.region),
    ...endpointsOf(server).map(([service, url]) => setVariable(shell, `AWS_ENDPOINT_URL_${service.toUpperCase()}`, url)),
  ].join('\n');
}

/** Option 2. */
export function credentialsProfile(assignment: Assignment, credentials: RoleCredentials): string {
  return [
    section('', credentialsProfileName(assignment)),
    setting('aws_access_key_id', credentials.accessKeyId, '='),
    setting('aws_secret_access_key', credentials.secretAccessKey, '='),
    setting('aws_session_token', credentials.sessionToken, '='),
  ].join('\n');
}

/**
 * What Option 2 needs besides: the clients read endpoints from the config file only. The
 * services section has the profile's name, because a file that names a section twice is refused.
 */
export function credentialsProfileConfig(server: Server, assignment: Assignment): string {
  const name = credentialsProfileName(assignment);
  return [section('profile', name), setting('region', server.region), setting('services', name), '', servicesSection(server, name)].join('\n');
}

function servicesSection(server: Server, name: string): string {
  const services = endpointsOf(server).map(([service, url]) => `${service} =\n  ${setting('endpoint_url', url)}`);
  return [section('services', name), ...services].join('\n');
}

function endpointsOf(server: Server): [service: string, url: string][] {
  return Object.entries(server.endpoints).filter(([service]) => /^[a-z][a-z0-9_]*$/.test(service));
}
