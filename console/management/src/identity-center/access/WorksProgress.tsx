import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { useMessages } from '../../messages';
import { EntityTable } from '../../ui/EntityTable';
import { accessMessages } from '../accessMessages';
import { KeepOpen } from './KeepOpen';
import type { Works } from './useWorks';
import type { Work, WorkProgress } from './works';

/** How far the pieces are, what failed and why; keeps who would leave before the end (G-44, Q-24). */
export function WorksProgress<W extends Work>({
  works,
  title,
  columns,
  text,
  success,
  actions,
}: {
  works: Works<W>;
  title: string;
  /** What tells one piece from another; how it goes is put after them. */
  columns: TableProps.ColumnDefinition<W>[];
  /** By which the filter finds a piece. */
  text: (piece: W) => string;
  /** Said when everything succeeded. */
  success: string;
  /** Where to go from here, once it is over. */
  actions?: ReactNode;
}) {
  const t = useMessages(accessMessages);
  const { total, done, failed, over, pieces, progressOf } = works;
  // Those that failed first: they are what there is to do.
  const rows = over ? pieces.toSorted((a, b) => Number(progressOf(b).state === 'failed') - Number(progressOf(a).state === 'failed')) : pieces;
  return (
    <SpaceBetween size="l">
      {!over && <KeepOpen />}
      {!over && (
        <Alert type="info" header={t.works.keepOpenTitle}>
          {t.works.keepOpen}
        </Alert>
      )}
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {over && failed > 0 && <Button onClick={works.retry}>{t.works.retry}</Button>}
                {over && actions}
              </SpaceBetween>
            }
          >
            {title}
          </Header>
        }
      >
        <ProgressBar
          value={total === 0 ? 100 : ((done + failed) / total) * 100}
          status={!over ? 'in-progress' : failed > 0 ? 'error' : 'success'}
          ariaLabel={title}
          additionalInfo={over ? undefined : t.works.of(done + failed, total)}
          resultText={failed > 0 ? `${t.works.failures(failed)} (${t.works.of(done, total)}: ${t.works.done})` : success}
        />
      </Container>
      <EntityTable<W>
        variant="container"
        list={{ items: rows, more: false, pending: false, fetching: false, error: null, fetchMore: () => {}, refetch: () => {} }}
        title={t.status}
        trackBy={({ id }) => id}
        text={text}
        empty={t.works.nothing}
        columns={[...columns, { id: 'state', header: t.status, minWidth: 260, cell: (piece) => <WorkState progress={progressOf(piece)} /> }]}
      />
    </SpaceBetween>
  );
}

const types: Record<WorkProgress['state'], StatusIndicatorProps.Type> = { waiting: 'pending', running: 'in-progress', done: 'success', failed: 'error' };

function WorkState({ progress }: { progress: WorkProgress }) {
  const t = useMessages(accessMessages).works;
  const reason = progress.reason || (progress.error instanceof Error && progress.error.message) || '';
  return (
    <>
      <StatusIndicator type={types[progress.state]}>{t[progress.state]}</StatusIndicator>
      {progress.state === 'failed' && (
        // The server's own words, which are English.
        <div className="long-words" {...(reason && { lang: 'en' })}>
          {reason || t.noReason}
        </div>
      )}
    </>
  );
}
