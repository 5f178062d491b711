import { toFailure, type Failure } from '../../shared/failure';
import { parseDenial, type Denial } from './denial';

/** A failure as the console tells it: a refusal is taken apart, and every failure keeps AWS's code. */
export interface ConsoleFailure extends Failure {
  /** The error's code, such as NoSuchEntity; '' when the network failed. */
  code: string;
  denial?: Denial;
}

const DENIALS = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation']);
const SESSION_ENDS = new Set(['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId', 'UnrecognizedClientException']);

export function toConsoleFailure(error: unknown): ConsoleFailure {
  const failure = toFailure(error);
  const code = errorCode(error);
  if (isSessionEnd(error)) return { ...failure, code, kind: 'sessionEnded' };
  const denial = isDenied(error) ? parseDenial(failure.detail ?? '') : undefined;
  // What AWS refuses for another reason than a policy, such as a wrong old password, its own words tell best.
  if (denial && (denial.action || !failure.detail)) {
    return { ...failure, code, kind: 'forbidden', denial: { ...denial, decisionId: decisionId(error) } };
  }
  // Other 403s, such as a wrong MFA code, say something about the request and not about permissions.
  return { ...failure, code, kind: failure.kind === 'forbidden' ? 'unexpected' : failure.kind };
}

/** AWS's code of an error; the SDK drops the "Exception" of some and keeps that of others. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { Code, $metadata } = error as { Code?: string; $metadata?: unknown };
  return Code ?? ($metadata ? error.name : '');
}

/** What is wrong with fields, as the account API tells it: the field's name in lower camel case → the server's words. */
export function fieldErrors(error: unknown): Record<string, string> {
  const { fieldList = [] } = error as { fieldList?: { name?: string; message?: string }[] };
  return Object.fromEntries(fieldList.map(({ name = '', message = '' }) => [name, message]));
}

/** Whether the caller lacks a permission, so that a page can say so in place of what it cannot read. */
export function isDenied(error: unknown): boolean {
  return DENIALS.has(errorCode(error)) || (error instanceof Error && DENIALS.has(error.name));
}

/** Whether what was asked for is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && /^NoSuchEntity|NotFoundException$/.test(error.name);
}

/** Whether the server no longer knows the session, and only signing in anew helps. */
export function isSessionEnd(error: unknown): boolean {
  return toFailure(error).kind === 'sessionEnded' || SESSION_ENDS.has(errorCode(error));
}

function decisionId(error: unknown): string {
  const headers = (error as { $response?: { headers?: Record<string, string> } }).$response?.headers ?? {};
  return headers['x-sekisho-decision-id'] ?? '';
}
