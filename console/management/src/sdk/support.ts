// A file of its own, so that fetching the client does not fetch every command with it.
export { SupportClient } from '@aws-sdk/client-support';
