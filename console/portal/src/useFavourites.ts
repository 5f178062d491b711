import { useCallback, useMemo, useRef, useState } from 'react';
import { usePortal } from './context';
import type { FavouriteKind } from './person';

export interface Favourites {
  accounts: ReadonlySet<string>;
  applications: ReadonlySet<string>;
  /** Of the last that could not be saved, until the next. */
  error: unknown;
  toggle: (kind: FavouriteKind, id: string) => void;
  dismiss: () => void;
}

/** What the person keeps first: shown at once, saved at the server, and put back as it was if that fails. */
export function useFavourites(): Favourites {
  const { session, person } = usePortal();
  const [sets, setSets] = useState(() => ({
    accounts: new Set(session.favourites.accounts) as ReadonlySet<string>,
    applications: new Set(session.favourites.applications) as ReadonlySet<string>,
  }));
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(sets);
  // One after the other: marked and unmarked in quick succession has to end as it was meant.
  const saving = useRef(Promise.resolve());

  const put = useCallback((kind: FavouriteKind, id: string, on: boolean) => {
    const changed = new Set(latest.current[kind]);
    if (on) changed.add(id);
    else changed.delete(id);
    latest.current = { ...latest.current, [kind]: changed };
    setSets(latest.current);
  }, []);

  const toggle = useCallback(
    (kind: FavouriteKind, id: string) => {
      const on = !latest.current[kind].has(id);
      put(kind, id, on);
      setError(null);
      saving.current = saving.current
        .then(() => person.setFavourite(kind, id, on))
        .catch((failure: unknown) => {
          put(kind, id, !on);
          setError(failure);
        });
    },
    [person, put],
  );
  const dismiss = useCallback(() => setError(null), []);
  return useMemo(() => ({ ...sets, error, toggle, dismiss }), [sets, error, toggle, dismiss]);
}
