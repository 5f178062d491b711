import type { Statement } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useMessages } from '../../messages';
import { simulatorMessages } from './messages';
import { excerpt, type Row } from './simulation';

/** What was decided about each action and resource, and by which statements. */
export function Results({ rows, document }: { rows: readonly Row[]; /** The written policy that took part; '' for none. */ document: string }) {
  const t = useMessages(simulatorMessages);
  const allowed = rows.filter(({ decision }) => decision === 'allowed').length;
  return (
    <Table<Row>
      variant="container"
      wrapLines
      cellVerticalAlign="top"
      items={rows}
      trackBy={({ action, resource }) => `${action} ${resource}`}
      header={
        <Header variant="h2" description={<span role="status">{t.done(allowed, rows.length - allowed)}</span>}>
          {t.results}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'call',
          header: t.call,
          isRowHeader: true,
          minWidth: 140,
          cell: ({ action, resource }) => (
            <div className="long-words">
              {action}
              {resource !== '*' && <Box color="text-body-secondary">{resource}</Box>}
            </div>
          ),
        },
        {
          id: 'decision',
          header: t.decision,
          minWidth: 170,
          cell: ({ decision }) => <StatusIndicator type={decision === 'allowed' ? 'success' : decision === 'explicitDeny' ? 'error' : 'stopped'}>{t.decisions[decision]}</StatusIndicator>,
        },
        { id: 'why', header: t.why, minWidth: 260, cell: (row) => <Why row={row} document={document} /> },
      ]}
    />
  );
}

function Why({ row, document }: { row: Row; document: string }) {
  const t = useMessages(simulatorMessages);
  return (
    <>
      {row.matched.length === 0 && row.outside.length === 0 && <div>{t.nothing}</div>}
      {row.matched.map((statement) => (
        <Matched key={`${statement.SourcePolicyId} ${statement.StartPosition?.Line} ${statement.StartPosition?.Column}`} statement={statement} document={document} />
      ))}
      {row.outside.map((what) => (
        <div key={what}>{t[what]}</div>
      ))}
      {row.missing.length > 0 && <div className="long-words">{t.missing(row.missing.join(', '))}</div>}
    </>
  );
}

function Matched({ statement, document }: { statement: Statement; document: string }) {
  const t = useMessages(simulatorMessages);
  const { SourcePolicyId = '', SourcePolicyType = 'none', StartPosition, EndPosition } = statement;
  // Written policies have no name of their own.
  const written = /^PolicyInputList\.\d+$/.test(SourcePolicyId);
  const kinds: Readonly<Record<string, string>> = t.sources;
  const policy = written ? t.theWritten : kinds[SourcePolicyType] ? `${SourcePolicyId} (${kinds[SourcePolicyType]})` : SourcePolicyId;
  const quoted = written ? excerpt(document, statement) : '';
  return (
    <div>
      <span className="long-words">{t.statement(policy, StartPosition?.Line ?? 0, EndPosition?.Line ?? 0)}</span>
      {quoted && <pre className="policy-text">{quoted}</pre>}
    </div>
  );
}
