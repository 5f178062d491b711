import { expect, it } from 'vitest';
import { toFailure } from './failure';

function serviceError(name: string, status: number, message = '') {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status, requestId: 'r-1' } });
}

it.each([
  [serviceError('UnauthorizedException', 401, 'Session token not found or invalid'), 'sessionEnded'],
  [serviceError('ForbiddenException', 403, 'No access'), 'forbidden'],
  [serviceError('TooManyRequestsException', 429), 'throttled'],
  [serviceError('ServiceUnavailable', 503), 'unreachable'],
  [serviceError('ResourceNotFoundException', 404), 'unexpected'],
  [serviceError('InternalServerException', 500), 'unexpected'],
  [new TypeError('Failed to fetch'), 'unreachable'],
  [new Error('odd'), 'unexpected'],
  ['not even an error', 'unexpected'],
])('%s is %s', (error, kind) => {
  expect(toFailure(error).kind).toBe(kind);
});

it("keeps the server's words and the request's id", () => {
  expect(toFailure(serviceError('ForbiddenException', 403, 'No access'))).toEqual({ kind: 'forbidden', detail: 'No access', requestId: 'r-1' });
  expect(toFailure(serviceError('X', 500, 'UnknownError'))).toEqual({ kind: 'unexpected', requestId: 'r-1' });
});
