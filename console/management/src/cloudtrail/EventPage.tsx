import { LookupEventsCommand, type Event } from '@aws-sdk/client-cloudtrail';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { useLocale } from '../../../shared/locale';
import { CodeBlock, CopyValue } from '../../../shared/ui/CodeBlock';
import { useClients } from '../console';
import { download } from '../credentials/download';
import { useMessages } from '../messages';
import { usePageTitle } from '../page';
import { FailureAlert } from '../ui/FailureAlert';
import { lookupHref } from './lookup';
import { messages } from './messages';
import { outcomeOf, recordOf, recordText } from './record';

/** One event, and CloudTrail's record of it. */
export function Component() {
  const t = useMessages(messages);
  const { eventId = '' } = useParams();
  const { cloudTrail } = useClients();
  const event = useQuery({
    queryKey: ['cloudtrail', 'event', eventId],
    queryFn: async ({ signal }) => {
      const command = new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: eventId }] });
      const { Events = [] } = await (await cloudTrail()).send(command, { abortSignal: signal });
      return Events[0] ?? null;
    },
  });
  usePageTitle(event.data?.EventName ?? t.columns.eventId, { breadcrumbs: [{ text: t.title, href: '/cloudtrail/home' }] });

  if (event.error) return <FailureAlert error={event.error} onRetry={() => void event.refetch()} />;
  if (event.data === undefined) return <StatusIndicator type="loading">{t.loading}</StatusIndicator>;
  if (event.data === null) {
    return (
      <Container header={<Header variant="h1">{t.notFoundTitle}</Header>}>
        <SpaceBetween size="m">
          {t.notFoundText}
          <Button href="/cloudtrail/home">{t.back}</Button>
        </SpaceBetween>
      </Container>
    );
  }
  return <Found event={event.data} />;
}

function Found({ event }: { event: Event }) {
  const t = useMessages(messages);
  const text = recordText(event);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">
        <span className="long-words">{event.EventName}</span>
      </Header>
      <Outcome event={event} />
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <Details event={event} />
      </Container>
      <Resources event={event} />
      <Container
        header={
          <Header
            variant="h2"
            description={t.recordText}
            actions={
              <Button iconName="download" onClick={() => download(`event-${event.EventId}.json`, 'application/json', `${text}\n`)}>
                {t.downloadRecord}
              </Button>
            }
          >
            {t.record}
          </Header>
        }
      >
        <CodeBlock label={t.record} text={text} />
      </Container>
    </SpaceBetween>
  );
}

/** Why it failed, for those who may read the history: more than the caller was told. */
function Outcome({ event }: { event: Event }) {
  const t = useMessages(messages);
  const { errorMessage, additionalEventData } = recordOf(event);
  const { reason = '', decisionId = '' } = additionalEventData?.sekisho ?? {};
  const outcome = outcomeOf(event, t.failed);
  if (!outcome) return null;
  return (
    <Alert type="warning" header={decisionId ? t.refusedTitle : t.failedTitle}>
      <KeyValuePairs
        columns={1}
        items={[
          { label: t.columns.errorCode, value: outcome },
          ...(errorMessage ? [{ label: t.told, value: <span className="long-words">{errorMessage}</span> }] : []),
          ...(reason ? [{ label: t.reason, value: <span className="long-words">{reason}</span> }] : []),
          ...(decisionId
            ? [
                {
                  label: t.decision,
                  value: (
                    <>
                      <CopyValue label={t.decision} text={decisionId} />
                      <Box color="inherit" fontSize="body-s">
                        {t.decisionText} <code className="long-words">sekisho policy explain {decisionId}</code>
                      </Box>
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Alert>
  );
}

function Details({ event }: { event: Event }) {
  const t = useMessages(messages);
  const { locale } = useLocale();
  const record = recordOf(event);
  const count = record.additionalEventData?.sekisho?.count;
  const none = '–';
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' });
  const long = (text: string | undefined) => <span className="long-words">{text || none}</span>;
  const copied = (label: string, text: string | undefined) => (text ? <CopyValue label={label} text={text} /> : none);
  return (
    <KeyValuePairs
      columns={3}
      items={[
        { label: t.columns.time, value: event.EventTime ? time.format(event.EventTime) : none },
        {
          label: t.columns.user,
          value: event.Username ? (
            <>
              {long(event.Username)}
              <br />
              <Link href={lookupHref('Username', event.Username)}>{t.sameUser}</Link>
            </>
          ) : (
            t.nobody
          ),
        },
        { label: t.columns.identity, value: long(record.userIdentity?.type) },
        { label: t.columns.arn, value: long(record.userIdentity?.arn) },
        {
          label: t.columns.accessKey,
          value: event.AccessKeyId ? (
            <>
              <CopyValue label={t.columns.accessKey} text={event.AccessKeyId} />
              <br />
              <Link href={lookupHref('AccessKeyId', event.AccessKeyId)}>{t.sameKey}</Link>
            </>
          ) : (
            none
          ),
        },
        { label: t.columns.sourceIp, value: long(record.sourceIPAddress) },
        { label: t.columns.source, value: long(event.EventSource) },
        { label: t.columns.eventType, value: long(record.eventType) },
        { label: t.columns.readOnly, value: event.ReadOnly === 'true' ? t.yes : t.no },
        { label: t.columns.region, value: long(record.awsRegion) },
        { label: t.columns.eventId, value: copied(t.columns.eventId, event.EventId) },
        { label: t.columns.requestId, value: copied(t.columns.requestId, record.requestID) },
        { label: t.columns.userAgent, value: long(record.userAgent) },
        ...(count ? [{ label: t.columns.count, value: String(count) }] : []),
      ]}
    />
  );
}

function Resources({ event }: { event: Event }) {
  const t = useMessages(messages);
  const arns = recordOf(event).resources ?? [];
  const items = (event.Resources ?? []).map(({ ResourceType = '', ResourceName = '' }, i) => ({
    type: ResourceType,
    name: ResourceName,
    arn: arns[i]?.ARN ?? '',
  }));
  return (
    <Table
      variant="container"
      items={items}
      trackBy="name"
      enableKeyboardNavigation
      header={<Header variant="h2">{t.resources(items.length)}</Header>}
      empty={t.noResources}
      columnDefinitions={[
        { id: 'type', header: t.columns.resourceType, cell: ({ type }) => type },
        {
          id: 'name',
          header: t.columns.resourceName,
          cell: ({ name }) => (
            <Link href={lookupHref('ResourceName', name)}>
              <span className="long-words">{name}</span>
            </Link>
          ),
          isRowHeader: true,
        },
        { id: 'arn', header: t.columns.arn, cell: ({ arn }) => <span className="long-words">{arn}</span> },
      ]}
    />
  );
}
