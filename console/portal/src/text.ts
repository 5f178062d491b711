/** Text as a search compares it: case and the width of letters do not count. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * Sorts a list that comes page by page. Thousands of names are not sorted anew for
 * each page: a sorted list with a sorted page behind it is two runs, which sorting only
 * merges.
 */
export function pageSorter<T extends { id: string; name: string }>(locale: string): (pages: readonly T[][]) => T[] {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const order = (a: T, b: T) => compare(a.name, b.name) || compare(a.id, b.id);
  let seen: readonly T[][] = [];
  let sorted: T[] = [];
  return (pages) => {
    const grown = seen.length <= pages.length && seen.every((page, i) => page === pages[i]);
    const added = (grown ? pages.slice(seen.length) : pages).flat().toSorted(order);
    if (!grown || added.length > 0) sorted = [...(grown ? sorted : []), ...added].toSorted(order);
    seen = [...pages];
    return sorted;
  };
}
