import { useSyncExternalStore } from 'react';

const query = typeof matchMedia === 'function' ? matchMedia('(min-width: 768px)') : null;

/** Whether the window has room for words beside icons. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, matches);
}

function subscribe(listener: () => void) {
  query?.addEventListener('change', listener);
  return () => query?.removeEventListener('change', listener);
}

function matches() {
  return query?.matches ?? true;
}
