import { useSearchParams } from 'react-router';

/** The tab that the address names by `?section=`, as AWS's addresses do; the first where it names none of them. */
export function useTab(ids: readonly string[]): [string, (id: string) => void] {
  const [search, setSearch] = useSearchParams();
  const named = search.get('section') ?? '';
  return [ids.includes(named) ? named : ids[0]!, (id) => setSearch({ section: id }, { replace: true })];
}
