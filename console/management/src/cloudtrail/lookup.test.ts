import { describe, expect, test } from 'vitest';
import { attributes, firstLookup, formatLookup, fromLegacy, lookupInput, parseLookup, type Lookup } from './lookup';

const now = Date.parse('2026-11-22T09:00:00Z');
const absolute = { type: 'absolute', startDate: '2026-11-20T00:00:00+09:00', endDate: '2026-11-21T23:59:59+09:00' } as const;

describe('a question in the address', () => {
  test.each<[string, Lookup]>([
    ['', firstLookup],
    ['by=EventName&value=ConsoleLogin', { attribute: 'EventName', value: 'ConsoleLogin', range: null }],
    ['by=All&value=left+over', { attribute: 'All', value: '', range: null }],
    ['by=EventName&value=', firstLookup],
    ['by=EventName&value=+%20', firstLookup],
    ['by=Colour&value=red', firstLookup],
    ['by=constructor&value=red', firstLookup],
    ['last=12hour', { ...firstLookup, range: { type: 'relative', amount: 12, unit: 'hour' } }],
    ['last=0hour', firstLookup],
    ['last=12fortnight', firstLookup],
    ['last=999999999hour', firstLookup],
    ['from=2026-11-20&to=never', firstLookup],
    [`from=2026-11-20T00:00:00%2B09:00&to=2026-11-21T23:59:59%2B09:00`, { ...firstLookup, range: absolute }],
  ])('%s', (query, want) => {
    expect(parseLookup(new URLSearchParams(query))).toEqual(want);
  });

  test('says the same after a round trip', () => {
    for (const attribute of attributes) {
      for (const range of [null, absolute, { type: 'relative', amount: 3, unit: 'day' } as const]) {
        const lookup: Lookup = { attribute, value: attribute === 'All' ? '' : 'a&b=c +日本', range };
        expect(parseLookup(new URLSearchParams(formatLookup(lookup).toString()))).toEqual(lookup);
      }
    }
  });
});

describe('what LookupEvents is asked', () => {
  test('by one attribute', () => {
    expect(lookupInput(firstLookup, now)).toEqual({ LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }] });
  });
  test('by none', () => {
    expect(lookupInput({ attribute: 'All', value: '', range: null }, now)).toEqual({});
  });
  test('of the last hours', () => {
    const { StartTime, EndTime } = lookupInput({ ...firstLookup, range: { type: 'relative', amount: 3, unit: 'hour' } }, now);
    expect([StartTime?.toISOString(), EndTime]).toEqual(['2026-11-22T06:00:00.000Z', undefined]);
  });
  test('between two moments', () => {
    const { StartTime, EndTime } = lookupInput({ ...firstLookup, range: absolute }, now);
    expect([StartTime?.toISOString(), EndTime?.toISOString()]).toEqual(['2026-11-19T15:00:00.000Z', '2026-11-21T14:59:59.000Z']);
  });
});

describe("addresses of AWS's console", () => {
  test.each([
    ['', '/cloudtrail/home'],
    ['#/dashboard', '/cloudtrail/home'],
    ['#/events', '/cloudtrail/home'],
    ['#/events?EventName=ConsoleLogin', '/cloudtrail/home?by=EventName&value=ConsoleLogin'],
    ['#/events?ReadOnly=true', '/cloudtrail/home?by=ReadOnly&value=true'],
    ['#/events/3f2a-77', '/cloudtrail/events/3f2a-77'],
    ['#/events/..//evil.example', '/cloudtrail/home'],
    ['#//evil.example', '/cloudtrail/home'],
  ])('%s', (fragment, want) => {
    expect(fromLegacy(fragment)).toBe(want);
  });
});
