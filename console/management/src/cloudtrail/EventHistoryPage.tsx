import type { Event } from '@aws-sdk/client-cloudtrail';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useLocale } from '../../../shared/locale';
import { useClients, useConsole } from '../console';
import { download } from '../credentials/download';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { usePageTitle } from '../page';
import { FailureAlert } from '../ui/FailureAlert';
import { formatLookup, lookupInput, parseLookup, type Lookup } from './lookup';
import { LookupForm } from './LookupForm';
import { messages } from './messages';
import { eventsCsv, eventsJson, outcomeOf, recordOf } from './record';
import { allEvents, useEvents } from './useEvents';

/** The history of the account: who did what, and what was refused. */
export function Component() {
  const t = useMessages(messages);
  const { now } = useConsole();
  const [query, setQuery] = useSearchParams();
  const asked = query.toString();
  const lookup = useMemo(() => parseLookup(new URLSearchParams(asked)), [asked]);
  // "The last hour" ends when it was asked for, on all pages of the answer.
  const [answer, setAnswer] = useState(() => ({ asked, at: now(), page: 1 }));
  if (answer.asked !== asked) setAnswer({ asked, at: now(), page: 1 });
  const { at, page } = answer;
  const input = useMemo(() => lookupInput(lookup, at), [lookup, at]);
  const events = useEvents(input);
  usePageTitle(t.title, { contentType: 'table' });

  const pages = events.data?.pages ?? [];
  const ask = (next: Lookup) => setQuery(formatLookup(next));
  const refresh = () => {
    setAnswer({ asked, at: now(), page: 1 });
    if (lookup.range?.type !== 'relative') void events.refetch();
  };
  const turn = (to: number) => {
    setAnswer({ ...answer, page: to });
    if (to > pages.length && events.hasNextPage) void events.fetchNextPage();
  };

  return (
    <Table
      variant="full-page"
      stickyHeader
      enableKeyboardNavigation
      items={pages[page - 1]?.Events ?? []}
      trackBy="EventId"
      loading={events.isFetching && !pages[page - 1]}
      loadingText={t.loading}
      columnDefinitions={useColumns()}
      header={
        <Header
          variant="awsui-h1-sticky"
          description={t.description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel={t.refresh} disabled={events.isFetching} onClick={refresh} />
              <Download lookup={lookup} />
            </SpaceBetween>
          }
        >
          {t.title}
        </Header>
      }
      filter={<LookupForm lookup={lookup} onLookup={ask} />}
      pagination={
        (pages.length > 1 || events.hasNextPage) && (
          <Pagination
            currentPageIndex={page}
            pagesCount={pages.length}
            openEnd={events.hasNextPage}
            ariaLabels={{ nextPageLabel: t.pages.next, previousPageLabel: t.pages.previous, pageLabel: t.pages.page }}
            onChange={({ detail }) => turn(detail.currentPageIndex)}
            onNextPageClick={({ detail }) => turn(detail.requestedPageIndex)}
          />
        )
      }
      empty={
        events.error ? (
          <FailureAlert error={events.error} onRetry={() => void (pages.length > 0 ? events.fetchNextPage() : events.refetch())} />
        ) : (
          <Box textAlign="center" padding={{ vertical: 'm' }}>
            <SpaceBetween size="s">
              <div>
                <strong>{t.emptyTitle}</strong>
                <Box color="text-body-secondary">{t.emptyText}</Box>
              </div>
              {(lookup.attribute !== 'All' || lookup.range) && (
                <Button onClick={() => ask({ attribute: 'All', value: '', range: null })}>{t.showAll}</Button>
              )}
            </SpaceBetween>
          </Box>
        )
      }
    />
  );
}

function useColumns(): TableProps.ColumnDefinition<Event>[] {
  const t = useMessages(messages);
  const { locale } = useLocale();
  return useMemo(() => {
    const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
    const none = '–';
    return [
      {
        id: 'name',
        header: t.columns.name,
        cell: (event) => <Link href={`/cloudtrail/events/${event.EventId}`}>{event.EventName}</Link>,
        isRowHeader: true,
        minWidth: 180,
      },
      { id: 'time', header: t.columns.time, cell: ({ EventTime }) => (EventTime ? time.format(EventTime) : none), minWidth: 170 },
      { id: 'user', header: t.columns.user, cell: ({ Username }) => <span className="long-words">{Username ?? none}</span>, minWidth: 130 },
      {
        id: 'errorCode',
        header: t.columns.errorCode,
        cell: (event) => {
          const outcome = outcomeOf(event, t.failed);
          return outcome ? <StatusIndicator type="error">{outcome}</StatusIndicator> : none;
        },
        minWidth: 150,
      },
      { id: 'source', header: t.columns.source, cell: ({ EventSource }) => EventSource, minWidth: 170 },
      { id: 'resourceType', header: t.columns.resourceType, cell: ({ Resources }) => Resources?.[0]?.ResourceType ?? none, minWidth: 140 },
      {
        id: 'resourceName',
        header: t.columns.resourceName,
        cell: ({ Resources }) => <span className="long-words">{Resources?.[0]?.ResourceName ?? none}</span>,
        minWidth: 140,
      },
      { id: 'sourceIp', header: t.columns.sourceIp, cell: (event) => recordOf(event).sourceIPAddress ?? none, minWidth: 150 },
    ];
  }, [t, locale]);
}

/** What the question finds, as a file: not only what is shown. */
function Download({ lookup }: { lookup: Lookup }) {
  const t = useMessages(messages);
  const { now } = useConsole();
  const { cloudTrail } = useClients();
  const notify = useNotify();
  const [running, setRunning] = useState(false);

  const save = async (form: string) => {
    setRunning(true);
    try {
      const { events, more } = await allEvents(await cloudTrail(), lookupInput(lookup, now()));
      if (form === 'csv') download('event_history.csv', 'text/csv;charset=utf-8', eventsCsv(events));
      else download('event_history.json', 'application/json', eventsJson(events));
      if (more) notify({ type: 'info', content: t.downloadedPart(events.length) });
    } catch (error) {
      notify({ type: 'error', content: <FailureAlert error={error} /> });
    } finally {
      setRunning(false);
    }
  };
  return (
    <ButtonDropdown
      items={[
        { id: 'csv', text: t.downloadCsv },
        { id: 'json', text: t.downloadJson },
      ]}
      loading={running}
      loadingText={t.downloading}
      onItemClick={({ detail }) => void save(detail.id)}
    >
      {t.download}
    </ButtonDropdown>
  );
}
