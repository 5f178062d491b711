import { useSyncExternalStore } from 'react';

/** Whether the server has said that the session is over. Once it is, only signing in anew helps. */
let ended = false;
const listeners = new Set<() => void>();

export function reportSessionEnded() {
  ended = true;
  for (const listener of listeners) listener();
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );
}
