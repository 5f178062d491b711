import Alert from '@cloudscape-design/components/alert';
import { errorCode } from '../failure';
import { useMessages } from '../messages';
import { FailureAlert } from '../ui/FailureAlert';
import { messages } from './messages';

/** Says what is likely wrong with two codes that were refused; other failures as everywhere. */
export function CodesFailure({ error }: { error: unknown }) {
  const t = useMessages(messages).assign;
  if (error === null) return null;
  if (!errorCode(error).startsWith('InvalidAuthenticationCode')) return <FailureAlert error={error} />;
  return (
    <div role="alert">
      <Alert type="error">{t.codesWrong}</Alert>
    </div>
  );
}
