import { useSyncExternalStore } from 'react';

/** Whether the server has said that the session is over. Once it is, only signing in anew helps. */
export interface SessionEnd {
  report: () => void;
  reported: () => boolean;
  subscribe: (listener: () => void) => () => void;
}

export function createSessionEnd(): SessionEnd {
  let ended = false;
  const listeners = new Set<() => void>();
  return {
    report: () => {
      ended = true;
      for (const listener of listeners) listener();
    },
    reported: () => ended,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useSessionEnded({ subscribe, reported }: SessionEnd): boolean {
  return useSyncExternalStore(subscribe, reported);
}
