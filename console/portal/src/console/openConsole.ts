import { CSRF_HEADER } from '../../../shared/csrf';
import type { ConsoleRequest } from '../route';

const PATH = '/start/console';

/** Makes a console session of the role, and gives the address at which this browser gets it. */
export async function openConsole(request: ConsoleRequest, signal: AbortSignal): Promise<string> {
  const response = await fetch(PATH, {
    method: 'POST',
    headers: { [CSRF_HEADER.name]: CSRF_HEADER.value, 'content-type': 'application/json' },
    body: JSON.stringify(request),
    cache: 'no-store',
    signal,
  });
  const body = (await response.json().catch(() => ({}))) as { location?: string; message?: string };
  if (response.ok && body.location) return body.location;
  throw Object.assign(new Error(body.message ?? ''), {
    name: response.headers.get('x-amzn-errortype') ?? 'UnknownError',
    $metadata: { httpStatusCode: response.status },
  });
}
