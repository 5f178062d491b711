import type { Account } from '@aws-sdk/client-organizations';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useMessages } from '../messages';
import { messages } from './messages';

const looks: Record<string, StatusIndicatorProps.Type> = { ACTIVE: 'success', PENDING_ACTIVATION: 'pending', PENDING_CLOSURE: 'in-progress', SUSPENDED: 'stopped', CLOSED: 'stopped' };

/** In what state an account is, by the newer member where the server gives it. */
export function AccountStateLabel({ account }: { account: Pick<Account, 'State' | 'Status'> }) {
  const t = useMessages(messages);
  const state = account.State ?? account.Status;
  return state ? <StatusIndicator type={looks[state] ?? 'info'}>{t.states[state]}</StatusIndicator> : t.none;
}
