import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useClients, useSession } from '../../console';
import { download } from '../../credentials/download';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { credentialReport } from './credentialReport';
import { reportMessages } from './messages';

/** Who has which credentials, as a file for those who audit them. */
export function Component() {
  const t = useMessages(reportMessages);
  const format = useFormat();
  const { accountId } = useSession();
  const { iam } = useClients();
  usePageTitle(t.title);
  const report = useMutation({
    mutationFn: async () => (await credentialReport(await iam())) ?? null,
    onSuccess: (made) => {
      if (made) download(`credentials_${accountId}_${(made.createdAt ?? new Date()).toISOString().slice(0, 10)}.csv`, 'text/csv', made.text);
    },
  });
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.text}
        actions={
          <Button variant="primary" iconName="download" loading={report.isPending} loadingText={t.making} onClick={() => report.mutate()}>
            {t.make}
          </Button>
        }
      >
        {t.title}
      </Header>
      {report.error && <FailureAlert error={report.error} onRetry={() => report.mutate()} />}
      {report.data === null && (
        <div role="status">
          <Alert type="info">{t.failed}</Alert>
        </div>
      )}
      {report.data && (
        <Container header={<Header variant="h2">{t.last}</Header>}>
          <SpaceBetween size="m">
            <div role="status">{t.done}</div>
            <KeyValuePairs
              columns={2}
              items={[
                { label: t.created, value: format.dateTime(report.data.createdAt) },
                { label: t.rows, value: String(report.data.users) },
              ]}
            />
          </SpaceBetween>
        </Container>
      )}
      <Container header={<Header variant="h2">{t.contents}</Header>}>
        <div>{t.contentsText}</div>
        <Box color="text-body-secondary">{t.reuse}</Box>
      </Container>
    </SpaceBetween>
  );
}
