import { CSRF_HEADER } from '../../shared/csrf';

/**
 * Asks this portal's own server, and reads the JSON that it answers (undefined where
 * it answers nothing). Its refusals are thrown as the SDK throws those of the API.
 */
export async function request<T = undefined>(path: string, { headers, ...init }: RequestInit = {}): Promise<T> {
  const response = await fetch(path, {
    cache: 'no-store',
    ...init,
    headers: { ...headers, [CSRF_HEADER.name]: CSRF_HEADER.value },
  });
  if (response.status === 204) return undefined as T;
  const body = (await response.json().catch(() => undefined)) as (T & { message?: string }) | undefined;
  if (response.ok && body !== undefined) return body;
  throw Object.assign(new Error(body?.message ?? ''), {
    name: response.headers.get('x-amzn-errortype') ?? 'UnknownError',
    $metadata: { httpStatusCode: response.status },
  });
}
