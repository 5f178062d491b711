import {
  DescribeTrustedAdvisorCheckRefreshStatusesCommand,
  DescribeTrustedAdvisorCheckResultCommand,
  DescribeTrustedAdvisorChecksCommand,
  RefreshTrustedAdvisorCheckCommand,
  type TrustedAdvisorCheckDescription,
  type TrustedAdvisorCheckResult,
  type TrustedAdvisorResourceDetail,
} from '@aws-sdk/client-support';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale } from '../../../shared/locale';
import { useClients } from '../console';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { usePageTitle } from '../page';
import { FailureAlert } from '../ui/FailureAlert';
import { partsOf } from './cases';
import { Loading } from './Loading';
import { messages } from './messages';

interface Check {
  description: TrustedAdvisorCheckDescription;
  result: TrustedAdvisorCheckResult;
  /** In how many milliseconds it can be refreshed again. */
  wait: number;
}

function useChecks() {
  const { support } = useClients();
  const { locale } = useLocale();
  return useQuery({
    queryKey: ['support', 'checks', locale],
    queryFn: async ({ signal }): Promise<Check[]> => {
      const client = await support();
      const { checks = [] } = await client.send(new DescribeTrustedAdvisorChecksCommand({ language: locale }), { abortSignal: signal });
      const checkIds = checks.map(({ id = '' }) => id);
      const { statuses = [] } = await client.send(new DescribeTrustedAdvisorCheckRefreshStatusesCommand({ checkIds }), { abortSignal: signal });
      const results = await Promise.all(
        checkIds.map((checkId) => client.send(new DescribeTrustedAdvisorCheckResultCommand({ checkId, language: locale }), { abortSignal: signal })),
      );
      return checks.flatMap((description, index) => {
        const result = results[index]?.result;
        const wait = statuses.find(({ checkId }) => checkId === description.id)?.millisUntilNextRefreshable ?? 0;
        return result ? [{ description, result, wait }] : [];
      });
    },
  });
}

const OUTCOMES = ['error', 'warning', 'ok'] as const;

export function Component() {
  const t = useMessages(messages).advisor;
  const { support } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const checks = useChecks();
  const [running, setRunning] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  usePageTitle(t.title);

  const refresh = async (id: string, chosen: Check[]) => {
    setRunning(id);
    setFailure(null);
    try {
      const client = await support();
      for (const { description } of chosen) {
        await client.send(new RefreshTrustedAdvisorCheckCommand({ checkId: description.id }));
      }
      await queries.invalidateQueries({ queryKey: ['support', 'checks'] });
      if (chosen.length === 1) notify({ type: 'success', content: t.refreshed(chosen[0]?.description.name ?? '') });
    } catch (error) {
      setFailure(error);
    }
    setRunning('');
  };

  if (checks.error) return <FailureAlert error={checks.error} onRetry={() => void checks.refetch()} />;
  const list = (checks.data ?? []).toSorted((a, b) => rank(a) - rank(b));
  const ready = list.filter(({ wait }) => wait === 0);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.description}
        actions={
          <Button iconName="refresh" loading={running === 'all'} disabled={ready.length === 0} onClick={() => void refresh('all', ready)}>
            {t.refreshAll}
          </Button>
        }
      >
        {t.title}
      </Header>
      {failure !== null && <FailureAlert error={failure} />}
      {checks.isPending ? (
        <Loading text={t.loading} />
      ) : (
        <Container>
          <ColumnLayout columns={3} variant="text-grid">
            {OUTCOMES.map((outcome) => (
              <div key={outcome}>
                <Box>
                  <StatusIndicator type={indicator(outcome)}>{t.summary[outcome]}</StatusIndicator>
                </Box>
                <Box variant="awsui-value-large">{list.filter(({ result }) => result.status === outcome).length}</Box>
              </div>
            ))}
          </ColumnLayout>
        </Container>
      )}
      {list.map((check) => (
        <CheckResult key={check.description.id} check={check} running={running === check.description.id} onRefresh={() => void refresh(check.description.id ?? '', [check])} />
      ))}
    </SpaceBetween>
  );
}

function rank({ result }: Check): number {
  return OUTCOMES.findIndex((outcome) => outcome === result.status);
}

function indicator(status = ''): StatusIndicatorProps.Type {
  return status === 'ok' ? 'success' : status === 'error' || status === 'warning' ? status : 'info';
}

function CheckResult({ check, running, onRefresh }: { check: Check; running: boolean; onRefresh: () => void }) {
  const t = useMessages(messages).advisor;
  const format = useFormat();
  const { description, result, wait } = check;
  const columns = (description.metadata ?? []).map((heading, index) => ({
    id: String(index),
    header: heading ?? '',
    cell: ({ metadata }: TrustedAdvisorResourceDetail) => <span className="long-words">{metadata?.[index] ?? ''}</span>,
  }));
  const { resourcesFlagged = 0, resourcesProcessed = 0 } = result.resourcesSummary ?? {};
  const flagged = result.flaggedResources ?? [];
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.checkedAt(format.dateTime(result.timestamp ? new Date(result.timestamp) : undefined))}
          actions={
            <Button iconName="refresh" loading={running} disabled={wait > 0} {...(wait > 0 && { disabledReason: t.refreshAgain(Math.ceil(wait / 60_000)) })} onClick={onRefresh}>
              {t.refresh}
            </Button>
          }
        >
          {description.name}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <SpaceBetween direction="horizontal" size="m">
          <StatusIndicator type={indicator(result.status)}>{t.status[result.status ?? ''] ?? result.status}</StatusIndicator>
          {resourcesProcessed > 0 && <Box color="text-body-secondary">{t.flagged(resourcesFlagged, resourcesProcessed)}</Box>}
        </SpaceBetween>
        {columns.length > 0 && flagged.length > 0 && (
          <Table variant="embedded" wrapLines items={flagged} columnDefinitions={columns} header={<Header variant="h3">{t.resources}</Header>} />
        )}
        <ExpandableSection headerText={t.what} defaultExpanded={result.status !== 'ok'}>
          <SpaceBetween size="s">
            {partsOf(description.description ?? '').map(({ heading, lines }) => (
              <div key={heading}>
                {heading && <Box variant="strong">{heading}</Box>}
                {lines.map((line) => (
                  <Box key={line}>{line}</Box>
                ))}
              </div>
            ))}
          </SpaceBetween>
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}
