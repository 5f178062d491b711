import { CSRF_HEADER } from '../../shared/csrf';

/**
 * Ends the session at the server. Returns whether it is over, which it also is when the
 * server no longer knew it.
 */
export async function signOut(path: string): Promise<boolean> {
  try {
    const response = await fetch(path, { method: 'POST', headers: { [CSRF_HEADER.name]: CSRF_HEADER.value }, redirect: 'manual' });
    return response.ok || response.type === 'opaqueredirect' || response.status === 401;
  } catch {
    return false;
  }
}
