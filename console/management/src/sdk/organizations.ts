// A file of its own, so that fetching the client does not fetch every command with it.
export { OrganizationsClient } from '@aws-sdk/client-organizations';
