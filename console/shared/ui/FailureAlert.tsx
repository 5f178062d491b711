import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { toFailure, type Failure } from '../failure';
import { useLocale } from '../locale';
import type { Messages } from '../messages/en';

/** Says what failed and what the person can do about it, with the one action that may help. */
export function FailureAlert({ error, onRetry, onSignIn }: { error: unknown; onRetry: () => void; onSignIn: () => void }) {
  const { t } = useLocale();
  const failure = toFailure(error);
  const { title, text } = words(failure, t);
  const ended = failure.kind === 'sessionEnded';
  return (
    <div role="alert">
      <Alert
        type={ended ? 'warning' : 'error'}
        header={title}
        action={<Button onClick={ended ? onSignIn : onRetry}>{ended ? t.session.signInAgain : t.failure.retry}</Button>}
      >
        {text}
        {failure.detail && !ended && <Box color="inherit">{t.failure.detail(failure.detail)}</Box>}
        {failure.requestId && !ended && (
          <Box color="inherit" fontSize="body-s">
            {t.failure.requestId(failure.requestId)}
          </Box>
        )}
      </Alert>
    </div>
  );
}

function words({ kind }: Failure, t: Messages): { title: string; text: string } {
  switch (kind) {
    case 'sessionEnded':
      return { title: t.session.endedTitle, text: t.session.endedText };
    case 'forbidden':
      return { title: t.failure.forbiddenTitle, text: t.failure.forbiddenText };
    case 'throttled':
      return { title: t.failure.throttledTitle, text: t.failure.throttledText };
    case 'unreachable':
      return { title: t.failure.unreachableTitle, text: t.failure.unreachableText };
    case 'unexpected':
      return { title: t.failure.unexpectedTitle, text: t.failure.unexpectedText };
  }
}
