import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';

/** What events are looked up by, in the order of the list; 'All' asks by nothing. */
export const attributes = [
  'ReadOnly',
  'EventName',
  'Username',
  'ResourceName',
  'ResourceType',
  'EventSource',
  'AccessKeyId',
  'EventId',
  'All',
] as const;

export type Attribute = (typeof attributes)[number];

export const units = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type Unit = (typeof units)[number];

/** A stretch of time that ends now, or one between two moments (ISO 8601). */
export type Range = { type: 'relative'; amount: number; unit: Unit } | { type: 'absolute'; startDate: string; endDate: string };

/** A question to the history. */
export interface Lookup {
  attribute: Attribute;
  /** '' for 'All'. */
  value: string;
  /** null is all that is kept. */
  range: Range | null;
}

/** Changes and sign-in, as AWS's page begins. */
export const firstLookup: Lookup = { attribute: 'ReadOnly', value: 'false', range: null };

const UNIT_SECONDS: Record<Unit, number> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 7 * 86_400,
  month: 30 * 86_400,
  year: 365 * 86_400,
};

/** How far back events are kept. */
export const KEPT_DAYS = 90;

/** The length of a relative range. */
export function seconds({ amount, unit }: { amount: number; unit: Unit }): number {
  return amount * UNIT_SECONDS[unit];
}

/** The question in the page's query: `?by=EventName&value=ConsoleLogin&last=12hour`. Nonsense is the first question. */
export function parseLookup(query: URLSearchParams): Lookup {
  const range = parseRange(query);
  const by = query.get('by');
  const attribute = attributes.find((name) => name === by);
  const value = query.get('value')?.trim() ?? '';
  if (attribute === 'All') return { attribute, value: '', range };
  if (!attribute || !value) return { ...firstLookup, range };
  return { attribute, value, range };
}

function parseRange(query: URLSearchParams): Range | null {
  const last = /^(\d{1,5})([a-z]+)$/.exec(query.get('last') ?? '');
  const unit = units.find((name) => name === last?.[2]);
  if (last && unit && Number(last[1]) > 0) return { type: 'relative', amount: Number(last[1]), unit };
  const [startDate, endDate] = [query.get('from') ?? '', query.get('to') ?? ''];
  if (isMoment(startDate) && isMoment(endDate)) return { type: 'absolute', startDate, endDate };
  return null;
}

function isMoment(text: string): boolean {
  return text !== '' && !Number.isNaN(Date.parse(text));
}

/** The other way. */
export function formatLookup({ attribute, value, range }: Lookup): URLSearchParams {
  const query = new URLSearchParams({ by: attribute });
  if (attribute !== 'All') query.set('value', value);
  if (range?.type === 'relative') query.set('last', `${range.amount}${range.unit}`);
  if (range?.type === 'absolute') {
    query.set('from', range.startDate);
    query.set('to', range.endDate);
  }
  return query;
}

/** The page's address for a question. */
export function lookupHref(attribute: Attribute, value: string): string {
  return `/cloudtrail/home?${formatLookup({ attribute, value, range: null })}`;
}

/** What LookupEvents is asked at that moment (milliseconds since 1970), for a page of it. */
export function lookupInput({ attribute, value, range }: Lookup, now: number): LookupEventsCommandInput {
  const input: LookupEventsCommandInput = {};
  if (attribute !== 'All') input.LookupAttributes = [{ AttributeKey: attribute, AttributeValue: value }];
  if (range?.type === 'relative') input.StartTime = new Date(now - seconds(range) * 1000);
  if (range?.type === 'absolute') {
    input.StartTime = new Date(range.startDate);
    input.EndTime = new Date(range.endDate);
  }
  return input;
}

/**
 * Where an address of AWS's own console leads, by its fragment: `#/events?EventName=ConsoleLogin`
 * or `#/events/<id>`.
 */
export function fromLegacy(fragment: string): string {
  const event = /^#\/events\/([0-9A-Za-z-]+)$/.exec(fragment);
  if (event) return `/cloudtrail/events/${event[1]}`;
  const query = new URLSearchParams(/^#\/events\?(.*)$/.exec(fragment)?.[1] ?? '');
  for (const attribute of attributes) {
    const value = query.get(attribute);
    if (value) return lookupHref(attribute, value);
  }
  return '/cloudtrail/home';
}
