import type { Event } from '@aws-sdk/client-cloudtrail';
import { csv } from '../credentials/download';

/** What the pages show of CloudTrail's record; the rest is in `text`. */
export interface EventRecord {
  awsRegion?: string;
  sourceIPAddress?: string;
  userAgent?: string;
  errorCode?: string;
  errorMessage?: string;
  eventType?: string;
  requestID?: string;
  userIdentity?: { type?: string; arn?: string };
  responseElements?: Record<string, unknown> | null;
  serviceEventDetails?: Record<string, unknown>;
  resources?: { ARN?: string; type?: string }[];
  additionalEventData?: { sekisho?: { reason?: string; decisionId?: string; count?: number } };
}

/** The record of an event; nothing of it if it cannot be read. */
export function recordOf({ CloudTrailEvent = '' }: Event): EventRecord {
  try {
    const record: unknown = JSON.parse(CloudTrailEvent);
    return typeof record === 'object' && record !== null ? record : {};
  } catch {
    return {};
  }
}

/** The record as it is shown: with indents; as it came if it is not JSON. */
export function recordText({ CloudTrailEvent = '' }: Event): string {
  try {
    return JSON.stringify(JSON.parse(CloudTrailEvent), null, 2);
  } catch {
    return CloudTrailEvent;
  }
}

/**
 * The error's code; for sign-in, which has no codes, `failed`; '' for what succeeded.
 */
export function outcomeOf(event: Event, failed: string): string {
  const { errorCode, responseElements, serviceEventDetails } = recordOf(event);
  if (errorCode && errorCode !== 'Failure') return errorCode;
  const outcome = { ...responseElements, ...serviceEventDetails }[event.EventName ?? ''];
  return errorCode || outcome === 'Failure' ? failed : '';
}

/** Names of the columns of a CSV file, in AWS's words and order. */
const CSV_COLUMNS = [
  'Event ID',
  'Event time',
  'User name',
  'Event name',
  'Resource type',
  'Resource name',
  'AWS access key',
  'AWS region',
  'Error code',
  'Source IP address',
  'Read-only',
  'Event source',
  'Request ID',
  'User agent',
] as const;

/** Events as a CSV file; times are UTC. */
export function eventsCsv(events: readonly Event[]): string {
  return csv([
    CSV_COLUMNS,
    ...events.map((event) => {
      const record = recordOf(event);
      const [resource] = event.Resources ?? [];
      return [
        event.EventId ?? '',
        event.EventTime?.toISOString() ?? '',
        event.Username ?? '',
        event.EventName ?? '',
        resource?.ResourceType ?? '',
        resource?.ResourceName ?? '',
        event.AccessKeyId ?? '',
        record.awsRegion ?? '',
        record.errorCode ?? '',
        record.sourceIPAddress ?? '',
        event.ReadOnly ?? '',
        event.EventSource ?? '',
        record.requestID ?? '',
        record.userAgent ?? '',
      ];
    }),
  ]);
}

/** Events as a log file of CloudTrail. */
export function eventsJson(events: readonly Event[]): string {
  return `{"Records":[${events.map(({ CloudTrailEvent = '{}' }) => CloudTrailEvent).join(',')}]}\n`;
}
