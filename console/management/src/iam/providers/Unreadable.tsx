import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { isNotFound } from '../../failure';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { providerMessages } from './messages';

/** What a provider's page says where the provider could not be read. */
export function Unreadable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useMessages(providerMessages);
  if (!isNotFound(error)) return <FailureAlert error={error} onRetry={onRetry} />;
  return (
    <Alert type="warning" header={t.missing} action={<Button href="/iam/identity-providers">{t.all}</Button>}>
      {t.missingText}
    </Alert>
  );
}
