import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMessages } from '../messages';
import { statusType } from './cases';
import { messages } from './messages';

export function CaseStatus({ status = '' }: { status?: string | undefined }) {
  const { statuses } = useMessages(messages);
  return <StatusIndicator type={statusType(status)}>{statuses[status] ?? status}</StatusIndicator>;
}
