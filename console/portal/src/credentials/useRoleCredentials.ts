import { useCallback, useEffect, useState } from 'react';
import { usePortal } from '../context';
import type { Assignment, RoleCredentials } from './snippets';

type Answer = { status: 'failed'; error: unknown } | { status: 'ready'; credentials: RoleCredentials };
export type CredentialsState = { status: 'loading' } | Answer;

/**
 * Asks for credentials when the component that uses it appears, and when told to. They are
 * in that component's memory alone, never in the query cache, and gone with the component.
 */
export function useRoleCredentials({ accountId, roleName }: Assignment): [CredentialsState, refresh: () => void] {
  const { portal } = usePortal();
  const [attempt, setAttempt] = useState(0);
  const [last, setLast] = useState<{ attempt: number; answer: Answer } | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    const answered = (answer: Answer) => {
      if (!abort.signal.aborted) setLast({ attempt, answer });
    };
    portal.getCredentials(accountId, roleName, abort.signal).then(
      (credentials) => answered({ status: 'ready', credentials }),
      (error: unknown) => answered({ status: 'failed', error }),
    );
    return () => abort.abort();
  }, [portal, accountId, roleName, attempt]);

  const refresh = useCallback(() => setAttempt((n) => n + 1), []);
  return [last?.attempt === attempt ? last.answer : { status: 'loading' }, refresh];
}
