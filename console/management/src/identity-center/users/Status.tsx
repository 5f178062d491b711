import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMessages } from '../../messages';
import { peopleMessages } from '../peopleMessages';

/** Whether a person may sign in. */
export function Status({ status }: { status: string | undefined }) {
  const t = useMessages(peopleMessages);
  return status === 'DISABLED' ? <StatusIndicator type="stopped">{t.disabled}</StatusIndicator> : <StatusIndicator type="success">{t.enabled}</StatusIndicator>;
}
