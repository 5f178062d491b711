import { GetAlternateContactCommand } from '@aws-sdk/client-account';
import { GetAccessKeyLastUsedCommand, GetAccountSummaryCommand, ListAccessKeysCommand, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { useQueries } from '@tanstack/react-query';
import { useClients, useConsole } from '../console';
import { isDenied, isNotFound } from '../failure';
import { guidance, type AccessKeyFacts, type Advice, type GuidanceFacts } from './guidance';

const CONTACT_TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'] as const;

export interface Guidance {
  advice: Advice[];
  checking: boolean;
  /** Actions that the person may not perform, so that what they would tell is not known. */
  denied: string[];
  /** Whether something failed for another reason. */
  failed: boolean;
  checkAgain: () => void;
}

/** Reads what the advice rests on, each part for itself. An account that is not active is not asked. */
export function useGuidance(): Guidance {
  const { session, now } = useConsole();
  const { iam, account } = useClients();
  const enabled = session.accountStatus === 'ACTIVE';
  const own = session.kind !== 'role';

  const [summary, keys, devices, contacts] = useQueries({
    queries: [
      {
        queryKey: ['home', 'summary'],
        enabled,
        queryFn: async ({ signal }) => (await (await iam()).send(new GetAccountSummaryCommand({}), { abortSignal: signal })).SummaryMap ?? {},
      },
      {
        queryKey: ['home', 'access-keys'],
        enabled: enabled && own,
        queryFn: async ({ signal }): Promise<AccessKeyFacts[]> => {
          const client = await iam();
          const { AccessKeyMetadata = [] } = await client.send(new ListAccessKeysCommand({}), { abortSignal: signal });
          return Promise.all(
            AccessKeyMetadata.map(async (key) => ({
              id: key.AccessKeyId ?? '',
              active: key.Status === 'Active',
              createdAt: key.CreateDate ?? new Date(now()),
              lastUsedAt: (await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId }), { abortSignal: signal }))
                .AccessKeyLastUsed?.LastUsedDate,
            })),
          );
        },
      },
      {
        queryKey: ['home', 'mfa-devices'],
        enabled: enabled && session.kind === 'iam-user',
        queryFn: async ({ signal }) => (await (await iam()).send(new ListMFADevicesCommand({}), { abortSignal: signal })).MFADevices?.length ?? 0,
      },
      {
        queryKey: ['home', 'missing-contacts'],
        enabled,
        queryFn: async ({ signal }) => {
          const client = await account();
          const missing = await Promise.all(
            CONTACT_TYPES.map(async (type) => {
              try {
                await client.send(new GetAlternateContactCommand({ AlternateContactType: type }), { abortSignal: signal });
                return [];
              } catch (error) {
                if (isNotFound(error)) return [type];
                throw error;
              }
            }),
          );
          return missing.flat();
        },
      },
    ],
  });

  const map = summary.data;
  const facts: GuidanceFacts = {
    kind: session.kind,
    rootMfa: map && map.AccountMFAEnabled !== undefined ? map.AccountMFAEnabled > 0 : undefined,
    rootKeys: map && (map.AccountAccessKeysPresent ?? 0) > 0,
    users: map?.Users,
    keys: keys.data,
    ownMfaDevices: devices.data,
    missingContacts: contacts.data,
  };
  const asked = [
    { query: summary, action: 'iam:GetAccountSummary' },
    { query: keys, action: 'iam:ListAccessKeys' },
    { query: devices, action: 'iam:ListMFADevices' },
    { query: contacts, action: 'account:GetAlternateContact' },
  ];
  return {
    advice: guidance(facts, now()),
    checking: asked.some(({ query }) => query.isLoading),
    denied: asked.filter(({ query }) => isDenied(query.error)).map(({ action }) => action),
    failed: asked.some(({ query }) => query.isError && !isDenied(query.error)),
    checkAgain: () => {
      for (const { query } of asked) void query.refetch();
    },
  };
}
