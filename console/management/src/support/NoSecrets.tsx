import Alert from '@cloudscape-design/components/alert';
import { useMessages } from '../messages';
import { messages } from './messages';

/** The warning wherever somebody writes to AWS (O-13). */
export function NoSecrets() {
  const { home } = useMessages(messages);
  return <Alert type="warning">{home.noSecrets}</Alert>;
}
