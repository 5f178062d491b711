/**
 * What kind of failure an API call met, in terms of what the person can do next.
 * Every error that a server or the network produced passes through here.
 */
export type FailureKind = 'sessionEnded' | 'forbidden' | 'throttled' | 'unreachable' | 'unexpected';

export interface Failure {
  kind: FailureKind;
  /** The server's words, when it had any. */
  detail?: string;
  /** By which an administrator finds the call in the server's records. */
  requestId?: string;
}

interface ServiceError {
  name: string;
  message?: string;
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'unexpected' };
  const { name, message, $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) {
    // fetch reports every failure to reach a server as a TypeError, with words that differ by browser.
    return name === 'TypeError' || name === 'TimeoutError' ? { kind: 'unreachable' } : { kind: 'unexpected', ...(message && { detail: message }) };
  }
  return {
    kind: kindOf(status),
    // The SDK names an error that carries no message "UnknownError".
    ...(message && message !== 'UnknownError' && { detail: message }),
    ...($metadata?.requestId && { requestId: $metadata.requestId }),
  };
}

function kindOf(status: number): FailureKind {
  switch (status) {
    case 401:
      return 'sessionEnded';
    case 403:
      return 'forbidden';
    case 429:
      return 'throttled';
    case 502:
    case 503:
    case 504:
      return 'unreachable';
    default:
      return 'unexpected';
  }
}
