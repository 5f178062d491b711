import { useCallback, useEffect, useRef, useState } from 'react';
import { usePortal } from '../context';
import type { Assignment, RoleCredentials } from './snippets';

type State = { status: 'loading' } | { status: 'failed'; error: unknown } | { status: 'ready'; credentials: RoleCredentials };

/**
 * Asks for credentials when the component that uses it appears, and when told to. They are
 * in that component's memory alone, never in the query cache, and gone with the component.
 */
export function useRoleCredentials({ accountId, roleName }: Assignment): [State, refresh: () => void] {
  const { portal } = usePortal();
  const [state, setState] = useState<State>({ status: 'loading' });
  const running = useRef<AbortController>(undefined);

  const request = useCallback(async () => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    let answer: State;
    try {
      answer = { status: 'ready', credentials: await portal.getCredentials(accountId, roleName, abort.signal) };
    } catch (error) {
      answer = { status: 'failed', error };
    }
    if (!abort.signal.aborted) setState(answer);
  }, [portal, accountId, roleName]);

  useEffect(() => {
    void request();
    return () => running.current?.abort();
  }, [request]);

  const refresh = useCallback(() => {
    setState({ status: 'loading' });
    void request();
  }, [request]);
  return [state, refresh];
}
