import { useMemo } from 'react';
import { useLocale, type Locale } from '../../shared/locale';
import { useConsole } from './console';

export interface Format {
  /** "22 Nov 2026, 14:03", in the person's time zone; `none` for what has no time. */
  dateTime: (date: Date | undefined, none?: string) => string;
  date: (date: Date | undefined, none?: string) => string;
  /** "3 days ago"; `none` for what has no time. */
  ago: (date: Date | undefined, none?: string) => string;
}

/** Dates in the language of the page, by the server's clock. */
export function useFormat(): Format {
  const { locale } = useLocale();
  const { now } = useConsole();
  return useMemo(() => createFormat(locale, now), [locale, now]);
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function createFormat(locale: Locale, now: () => number): Format {
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    dateTime: (at, none = '–') => (at ? dateTime.format(at) : none),
    date: (at, none = '–') => (at ? date.format(at) : none),
    ago: (at, none = '–') => {
      if (!at) return none;
      const seconds = (at.getTime() - now()) / 1000;
      const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
      return relative.format(Math.trunc(seconds / size), unit);
    },
  };
}
