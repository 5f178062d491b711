import type { Account } from '@aws-sdk/client-organizations';
import Badge from '@cloudscape-design/components/badge';
import Link from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMessages } from '../../messages';
import { accountMessages } from './messages';

export const accountHref = (id: string): string => `/singlesignon/accounts/${encodeURIComponent(id)}`;

/** The account's name, which leads to its page. */
export function AccountName({ account: { Id = '', Name = '' }, management }: { account: Account; management: boolean }) {
  const t = useMessages(accountMessages);
  return (
    <>
      <Link href={accountHref(Id)}>
        <span className="long-words">{Name || Id}</span>
      </Link>{' '}
      {management && <Badge color="blue">{t.management}</Badge>}
    </>
  );
}

export function AccountState({ account: { State, Status } }: { account: Account }) {
  const t = useMessages(accountMessages).states;
  const state = State ?? Status ?? 'ACTIVE';
  return <StatusIndicator type={state === 'ACTIVE' ? 'success' : state.startsWith('PENDING') ? 'pending' : 'stopped'}>{t[state] ?? state}</StatusIndicator>;
}
