// A file of its own, so that fetching the client does not fetch every command with it.
export { STSClient } from '@aws-sdk/client-sts';
