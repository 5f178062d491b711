import { useLocale, type Locale } from '../../shared/localeContext';
import type { Shape } from '../../shared/messages/en';

/** A section's texts: one catalogue for each language, with the same keys. */
export type MessagesOf<E> = { en: E; ja: Shape<E> };

/** Holds a section's catalogues together; a missing or superfluous Japanese key fails the typecheck. */
export function defineMessages<E extends object>(en: E, ja: Shape<NoInfer<E>>): MessagesOf<E> {
  return { en, ja };
}

/** The section's texts in the language of the page. */
export function useMessages<E>(messages: MessagesOf<E>): Shape<E> {
  const { locale } = useLocale();
  return messages[locale] as Shape<E>;
}

/** Words that the shell itself shows about a section, before the section is fetched. */
export type Words = Record<Locale, string>;
