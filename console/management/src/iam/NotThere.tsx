import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { isNotFound } from '../failure';
import { FailureAlert } from '../ui/FailureAlert';

/** In place of the page of something that could not be read, or is not there. */
export function NotThere({ error, text, list, href, onRetry }: { error: unknown; text: string; /** Where what there is is listed. */ list: string; href: string; onRetry: () => void }) {
  if (!isNotFound(error)) return <FailureAlert error={error} onRetry={onRetry} />;
  return (
    <div role="alert">
      <Alert type="warning" header={text} action={<Button href={href}>{list}</Button>} />
    </div>
  );
}
