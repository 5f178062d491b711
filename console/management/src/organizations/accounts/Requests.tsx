import { ListCreateAccountStatusCommand, type CreateAccountStatus } from '@aws-sdk/client-organizations';
import Link from '@cloudscape-design/components/link';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { EntityTable } from '../../ui/EntityTable';
import { wholeList } from '../../ui/useList';
import { messages } from '../messages';
import { allPages } from '../../sdk/allPages';
import { everything } from '../organization';
import { paths } from '../paths';
import { accountsMessages } from './messages';

/** How often the state of what is under way is asked for, in milliseconds. */
export const POLL = 2_000;

const looks: Record<string, StatusIndicatorProps.Type> = { IN_PROGRESS: 'in-progress', SUCCEEDED: 'success', FAILED: 'error' };

/** What came of creating accounts, which happens in the background. */
export function Requests() {
  const all = useMessages(messages);
  const t = useMessages(accountsMessages);
  const format = useFormat();
  const { organizations } = useClients();
  const query = useQuery({
    queryKey: [...everything, 'requests'],
    queryFn: async ({ signal }) => {
      const client = await organizations();
      const found = await allPages(
        (NextToken) => client.send(new ListCreateAccountStatusCommand({ NextToken }), { abortSignal: signal }),
        (page) => page.CreateAccountStatuses,
      );
      return found.toSorted((a, b) => Number(b.RequestedTimestamp) - Number(a.RequestedTimestamp));
    },
    refetchInterval: ({ state }) => (state.data?.some(({ State }) => State === 'IN_PROGRESS') ? POLL : false),
  });
  return (
    <EntityTable<CreateAccountStatus>
      variant="container"
      list={wholeList(query)}
      title={t.requests}
      description={t.requestsText}
      trackBy={({ Id = '' }) => Id}
      text={({ AccountName = '', AccountId = '', Id = '' }) => `${AccountName} ${AccountId} ${Id}`}
      empty={t.noRequests}
      columns={[
        { id: 'name', header: t.name, isRowHeader: true, cell: ({ AccountName }) => <span className="long-words">{AccountName}</span> },
        {
          id: 'state',
          header: t.state,
          minWidth: 200,
          cell: ({ State, FailureReason }) =>
            State && (
              <>
                <StatusIndicator type={looks[State] ?? 'info'}>{t.requestStates[State]}</StatusIndicator>
                {FailureReason && <div>{t.reasons[FailureReason] ?? FailureReason}</div>}
              </>
            ),
        },
        { id: 'account', header: t.id, cell: ({ AccountId }) => (AccountId ? <Link href={paths.account(AccountId)}>{AccountId}</Link> : all.none) },
        { id: 'requested', header: t.requestedAt, cell: ({ RequestedTimestamp }) => format.dateTime(RequestedTimestamp) },
        { id: 'completed', header: t.completedAt, cell: ({ CompletedTimestamp }) => format.dateTime(CompletedTimestamp) },
      ]}
    />
  );
}
