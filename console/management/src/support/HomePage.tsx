import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useSession } from '../console';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { usePageTitle } from '../page';
import { FailureAlert } from '../ui/FailureAlert';
import { CaseStatus } from './CaseStatus';
import { messages } from './messages';
import { NoSecrets } from './NoSecrets';
import { useCases } from './useCases';

/** The Support Center: what is open, and what support can and cannot do (O-01, O-09…O-13). */
export function Component() {
  const t = useMessages(messages);
  const format = useFormat();
  const { links } = useSession();
  const cases = useCases(false);
  usePageTitle(t.title);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.home.intro}
        actions={
          <Button variant="primary" href="/support/cases/create">
            {t.home.create}
          </Button>
        }
      >
        {t.title}
      </Header>
      {cases.error ? (
        <FailureAlert error={cases.error} onRetry={() => void cases.refetch()} />
      ) : (
        <Table
          header={
            <Header variant="h2" counter={cases.data && t.list.count(cases.data.cases.length)} actions={<Button href="/support/cases">{t.home.all}</Button>}>
              {t.home.recent}
            </Header>
          }
          items={cases.data?.cases.slice(0, 5) ?? []}
          trackBy="caseId"
          loading={cases.isPending}
          loadingText={t.list.loading}
          empty={<Box textAlign="center">{t.list.empty}</Box>}
          wrapLines
          columnDefinitions={[
            {
              id: 'subject',
              header: t.list.subject,
              isRowHeader: true,
              cell: ({ displayId, subject }) => (
                <Link href={`/support/cases/${displayId}`}>
                  <span className="long-words">{subject}</span>
                </Link>
              ),
            },
            { id: 'status', header: t.list.status, cell: ({ status }) => <CaseStatus status={status} /> },
            { id: 'opened', header: t.list.opened, cell: ({ timeCreated }) => format.dateTime(timeCreated ? new Date(timeCreated) : undefined) },
          ]}
        />
      )}
      <Container header={<Header variant="h2">{t.home.limits}</Header>}>
        <SpaceBetween size="m">
          <NoSecrets />
          <ul className="rules">
            {t.home.rules.map((rule) => (
              <li key={rule}>{rule}</li>
            ))}
          </ul>
          {links.contact && (
            <Box>
              {t.home.signedOut}{' '}
              <Link href={links.contact} external>
                {t.home.contactForm}
              </Link>
            </Box>
          )}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
