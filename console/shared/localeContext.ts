/** The language of the page, for whoever draws in it; locale.tsx provides it. Needs no component, so that tests of every kind can read the catalogues. */
import { createContext, useContext } from 'react';
import type { Messages } from './messages/en';

export const locales = ['en', 'ja'] as const;
export type Locale = (typeof locales)[number];

export interface LocaleContextValue {
  locale: Locale;
  t: Messages;
  chooseLocale: (locale: Locale) => void;
}

export const LocaleContext = createContext<LocaleContextValue | null>(null);

export function useLocale(): LocaleContextValue {
  const value = useContext(LocaleContext);
  if (!value) throw new Error('useLocale outside LocaleProvider');
  return value;
}
