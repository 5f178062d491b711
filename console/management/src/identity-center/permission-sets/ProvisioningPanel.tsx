import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMessages } from '../../messages';
import { setMessages } from './messages';
import type { Provisioning } from './useProvisioning';

/** How far a change of the set has come to the accounts, and why it did not. */
export function ProvisioningPanel({ provisioning: { progress, left, percent, begin, dismiss } }: { provisioning: Provisioning }) {
  const t = useMessages(setMessages).provisioning;
  if (!progress) return null;
  if (progress.state === 'failed') {
    const reason = progress.reason || (progress.error instanceof Error && progress.error.message) || '';
    return (
      <div role="alert">
        <Alert type="error" header={t.failed} action={<Button onClick={() => void begin()}>{t.retry}</Button>} dismissible dismissAriaLabel={t.dismiss} onDismiss={dismiss}>
          <SpaceBetween size="xs">
            <span className="long-words" {...(reason && { lang: 'en' })}>
              {reason || t.noReason}
            </span>
            {left !== undefined && left > 0 && <span>{t.left(left)}</span>}
          </SpaceBetween>
        </Alert>
      </div>
    );
  }
  if (progress.state === 'done') {
    return (
      <div role="status">
        <Alert type="success" dismissible dismissAriaLabel={t.dismiss} onDismiss={dismiss}>
          {t.done}
        </Alert>
      </div>
    );
  }
  return (
    <Container>
      <ProgressBar value={percent} label={t.title} description={t.text} additionalInfo={left === undefined ? undefined : t.left(left)} />
    </Container>
  );
}
