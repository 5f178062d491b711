import type { Event } from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import { eventsCsv, eventsJson, outcomeOf, recordOf, recordText } from './record';

const event = (record: object, more: Partial<Event> = {}): Event => ({ EventName: 'ConsoleLogin', CloudTrailEvent: JSON.stringify(record), ...more });

describe('what came of it', () => {
  test.each<[string, object, string]>([
    ['a success', { responseElements: null }, ''],
    ['a refusal', { errorCode: 'AccessDenied' }, 'AccessDenied'],
    ['a failed sign-in', { responseElements: { ConsoleLogin: 'Failure' } }, 'failed'],
    ['a sign-in', { responseElements: { ConsoleLogin: 'Success' } }, ''],
    ["a failed check of a person of Identity Center's", { errorCode: 'Failure', serviceEventDetails: { ConsoleLogin: 'Failure' } }, 'failed'],
  ])('%s', (_name, record, want) => {
    expect(outcomeOf(event(record), 'failed')).toBe(want);
  });
});

test('a record that cannot be read is shown as it came', () => {
  for (const broken of ['', '{', 'null', '7']) {
    expect(recordOf({ CloudTrailEvent: broken })).toEqual({});
  }
  expect(recordOf({})).toEqual({});
  expect(recordText({ CloudTrailEvent: '{' })).toBe('{');
  expect(recordText({ CloudTrailEvent: '{"a":1}' })).toBe('{\n  "a": 1\n}');
});

// The names in a history are chosen by whoever was refused.
test('no field of the CSV file is a formula', () => {
  const [, row = ''] = eventsCsv([
    event(
      { awsRegion: 'us-east-1', sourceIPAddress: '192.0.2.1', userAgent: '+cmd' },
      { EventId: 'e1', EventTime: new Date('2026-11-22T09:00:00Z'), Username: '=1+1', Resources: [{ ResourceType: 'AWS::IAM::User', ResourceName: 'a,"b"' }] },
    ),
  ]).split('\r\n');
  expect(row).toBe(`e1,2026-11-22T09:00:00.000Z,'=1+1,ConsoleLogin,AWS::IAM::User,"a,""b""",,us-east-1,,192.0.2.1,,,,'+cmd`);
});

test('the JSON file is a log file of CloudTrail', () => {
  expect(JSON.parse(eventsJson([event({ a: 1 }), event({ b: 2 })]))).toEqual({ Records: [{ a: 1 }, { b: 2 }] });
  expect(JSON.parse(eventsJson([]))).toEqual({ Records: [] });
});
