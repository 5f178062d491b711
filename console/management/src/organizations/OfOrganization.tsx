import type { Organization } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';
import { useMessages } from '../messages';
import { FailureAlert } from '../ui/FailureAlert';
import { messages } from './messages';
import { useOrganization } from './organization';
import { paths } from './paths';

/** A page that there is only within an organization; elsewhere it says what comes first. */
export function OfOrganization({ title, children }: { title: string; children: (organization: Organization) => ReactNode }) {
  const t = useMessages(messages);
  const { data, error, refetch } = useOrganization();
  if (data) return children(data);
  if (data === undefined && !error) return <Spinner size="large" />;
  return (
    <SpaceBetween size="m">
      <Header variant="h1">{title}</Header>
      {error ? (
        <FailureAlert error={error} onRetry={() => void refetch()} />
      ) : (
        <Alert type="info" header={t.notInUse.title} action={<Button href={paths.accounts}>{t.notInUse.action}</Button>}>
          {t.notInUse.text}
        </Alert>
      )}
    </SpaceBetween>
  );
}
