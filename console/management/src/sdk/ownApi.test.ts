// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { toConsoleFailure } from '../failure';
import { rootSession } from '../testing/openConsole';
import { createOwnApi } from './ownApi';

afterEach(() => vi.unstubAllGlobals());

function make(answer: Response) {
  const requests: Request[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    requests.push(new Request(new URL(url, location.origin), init));
    return answer;
  });
  const report = vi.fn();
  return { requests, report, ask: createOwnApi({ session: rootSession, region: 'eu-west-1', sessionEnd: { report } as never }) };
}

it('asks with the header that no other site can set, and keeps the answer out of the cache', async () => {
  const { ask, requests } = make(new Response('{"OneTimePassword":"x"}'));
  expect(await ask('_identity-center/GenerateOneTimePassword', { UserId: 'u' })).toEqual({ OneTimePassword: 'x' });
  const [request] = requests;
  expect(request?.method).toBe('POST');
  expect(request?.cache).toBe('no-store');
  expect(await request?.json()).toEqual({ UserId: 'u' });
  expect(Object.fromEntries(request!.headers)).toMatchObject({ 'x-sekisho-csrf': '1', 'x-sekisho-region': 'eu-west-1', 'x-sekisho-principal': rootSession.arn });
});

it.each([
  ['by its header', {}, { 'x-amzn-errortype': 'ValidationException:http://x' }],
  ['by its body', { __type: 'com.amazonaws#ValidationException' }, {}],
])('tells a refusal like the SDK, %s', async (_how, body, headers) => {
  const { ask } = make(new Response(JSON.stringify({ ...body, Message: 'no', Reason: 'R' }), { status: 400, headers: { 'x-amzn-requestid': 'r-1', ...headers } }));
  const error = await ask('_x/Y', {}).catch((refused: unknown) => refused);
  expect(toConsoleFailure(error)).toMatchObject({ kind: 'unexpected', code: 'ValidationException', detail: 'no', requestId: 'r-1' });
  expect(error).toMatchObject({ Reason: 'R' });
});

it('takes a denial apart, and reports a session that is over', async () => {
  const message = `User: ${rootSession.arn} is not authorized to perform: sso:UpdateMfa on resource: * because no service control policy allows the sso:UpdateMfa action`;
  const denied = make(new Response(JSON.stringify({ __type: 'AccessDeniedException', Message: message }), { status: 400, headers: { 'x-sekisho-decision-id': 'd-1' } }));
  expect(await denied.ask('_x/Y', {}).catch(toConsoleFailure)).toMatchObject({ kind: 'forbidden', denial: { action: 'sso:UpdateMfa', policy: 'service-control', decisionId: 'd-1' } });
  const ended = make(new Response('{}', { status: 401 }));
  expect(await ended.ask('_x/Y').catch(toConsoleFailure)).toMatchObject({ kind: 'sessionEnded' });
  expect(ended.report).toHaveBeenCalledOnce();
});
