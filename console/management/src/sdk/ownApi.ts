import { useMemo } from 'react';
import { CSRF_HEADER } from '../../../shared/csrf';
import { useConsole, type ConsoleContextValue } from '../console';
import { PRINCIPAL_HEADER, REGION_HEADER } from './clients';

/**
 * Calls this server's own API, which stands in where AWS's console uses one that is not
 * public. `path` is what follows `/api/`, such as `_billing/payment-methods`; with an
 * `input` it is a POST of JSON, without one a GET. Failures are like the SDK's, so that
 * everything that tells an error tells these too.
 */
export type OwnApi = (path: string, input?: object, signal?: AbortSignal) => Promise<unknown>;

const TIMEOUT = 30_000;

export function useOwnApi(): OwnApi {
  const { session, sessionEnd, region } = useConsole();
  return useMemo(() => createOwnApi({ session, sessionEnd, region }), [session, sessionEnd, region]);
}

export function createOwnApi({ session, sessionEnd, region }: Pick<ConsoleContextValue, 'session' | 'sessionEnd' | 'region'>): OwnApi {
  return async (path, input, signal) => {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(`/api/${path}`, {
      method: input ? 'POST' : 'GET',
      headers: {
        [CSRF_HEADER.name]: CSRF_HEADER.value,
        [REGION_HEADER]: region,
        [PRINCIPAL_HEADER]: session.arn,
        accept: 'application/json',
        ...(input && { 'content-type': 'application/json' }),
      },
      ...(input && { body: JSON.stringify(input) }),
      // An answer may hold a one-time password: none may reach the browser's cache.
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (response.status === 401) sessionEnd.report();
    if (!response.ok) throw await refused(response);
    const body = await response.text();
    return body ? (JSON.parse(body) as unknown) : {};
  };
}

/** The server's refusal in the form of the SDK's errors: a code by header or body, perhaps behind a namespace, and the words. */
async function refused(response: Response): Promise<Error> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const code = response.headers.get('x-amzn-errortype') ?? String(body['__type'] ?? 'UnknownError');
  const error = new Error(String(body['Message'] ?? body['message'] ?? ''));
  error.name = code.split('#').at(-1)!.split(':')[0]!;
  return Object.assign(error, body['Reason'] !== undefined && { Reason: body['Reason'] }, {
    $metadata: { httpStatusCode: response.status, requestId: response.headers.get('x-amzn-requestid') ?? undefined },
    $response: { headers: Object.fromEntries(response.headers) },
  });
}
