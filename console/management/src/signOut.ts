import { CSRF_HEADER } from '../../shared/csrf';

/**
 * POSTs to an address that ends or changes the session, and gives the address to go to
 * next; `fallback` where the server names none. Undefined when it did not happen.
 */
export async function postAndLeave(path: string, fallback: string): Promise<string | undefined> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { [CSRF_HEADER.name]: CSRF_HEADER.value, accept: 'application/json' },
      redirect: 'manual',
    });
    // The server no longer knew the session: it is over all the same.
    if (response.status === 401 || response.type === 'opaqueredirect') return fallback;
    if (!response.ok) return undefined;
    return (await nextAddress(response)) ?? fallback;
  } catch {
    return undefined;
  }
}

async function nextAddress(response: Response): Promise<string | undefined> {
  const header = response.headers.get('location');
  if (header) return header;
  if (!response.headers.get('content-type')?.startsWith('application/json')) return undefined;
  const body = (await response.json()) as { location?: unknown; url?: unknown };
  const to = body.location ?? body.url;
  return typeof to === 'string' && /^(?:https?:\/\/|\/)/.test(to) ? to : undefined;
}
