import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { isNotFound } from '../failure';
import { FailureAlert } from './FailureAlert';

/** In place of the page of something that could not be read, or is not there. */
export function NotThere({ name, error, text, list, href, onRetry }: { name: string; error: unknown; text: string; /** Where what there is is listed. */ list: string; href: string; onRetry: () => void }) {
  return (
    <SpaceBetween size="m">
      <Header variant="h1">
        <span className="long-words">{name}</span>
      </Header>
      {isNotFound(error) ? (
        <div role="alert">
          <Alert type="warning" header={text} action={<Button href={href}>{list}</Button>} />
        </div>
      ) : (
        <FailureAlert error={error} onRetry={onRetry} />
      )}
    </SpaceBetween>
  );
}
