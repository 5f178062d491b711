// A file of its own, so that fetching the client does not fetch every command with it.
export { SSOAdminClient } from '@aws-sdk/client-sso-admin';
