import { I18nProvider, type I18nProviderProps } from '@cloudscape-design/components/i18n';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { LocaleContext, locales, type Locale, type LocaleContextValue } from './localeContext';
import { en, type Messages } from './messages/en';
import { ja } from './messages/ja';

export { locales, useLocale, type Locale } from './localeContext';

/** Each language in its own words, so that a person finds theirs whatever is shown now. */
export const localeNames: Record<Locale, string> = { en: 'English', ja: '日本語' };

const catalogues: Record<Locale, Messages> = { en, ja };

/** Of Cloudscape's own words only the language in use is fetched. */
const componentMessages: Record<Locale, () => Promise<{ default: I18nProviderProps.Messages }>> = {
  en: () => import('@cloudscape-design/components/i18n/messages/all.en'),
  ja: () => import('@cloudscape-design/components/i18n/messages/all.ja'),
};

const COOKIE_NAME = 'sekisho-lang';
const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

function isLocale(value: unknown): value is Locale {
  return locales.includes(value as Locale);
}

/** What the server made of the person's choice, on whichever page it was made, or else of the browser's languages. */
export function initialLocale(serverLocale: string): Locale {
  return isLocale(serverLocale) ? serverLocale : 'en';
}

/** Keeps the choice where the server's own pages keep it too: in a cookie of this host. */
function keepLocale(locale: Locale) {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${COOKIE_NAME}=${locale}; Path=/; Max-Age=${ONE_YEAR_SECONDS}; SameSite=Lax${secure}`;
}

export function LocaleProvider({ initial, children }: { initial: Locale; children: ReactNode }) {
  const [locale, setLocale] = useState(initial);
  const [loaded, setLoaded] = useState<{ locale: Locale; messages: I18nProviderProps.Messages } | null>(null);

  useEffect(() => {
    document.documentElement.lang = locale;
    let current = true;
    void componentMessages[locale]().then((module) => {
      if (current) setLoaded({ locale, messages: module.default });
    });
    return () => {
      current = false;
    };
  }, [locale]);

  const value = useMemo<LocaleContextValue>(
    () => ({
      locale,
      t: catalogues[locale],
      chooseLocale: (chosen) => {
        keepLocale(chosen);
        setLocale(chosen);
      },
    }),
    [locale],
  );

  // Until Cloudscape's words have come, nothing is drawn: unnamed buttons are worse than a blank moment.
  if (!loaded) return null;
  return (
    <LocaleContext.Provider value={value}>
      <I18nProvider locale={loaded.locale} messages={[loaded.messages]}>
        {children}
      </I18nProvider>
    </LocaleContext.Provider>
  );
}
