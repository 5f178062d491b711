// @vitest-environment jsdom
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListRegionsCommand } from '@aws-sdk/client-account';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { toConsoleFailure } from '../failure';
import { createClients } from './clients';

let requests: Request[];
let answer: () => Response;

beforeEach(() => {
  requests = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    requests.push(new Request(input, init));
    return answer();
  });
});

afterEach(() => vi.unstubAllGlobals());

function make() {
  const onSessionEnded = vi.fn();
  return { onSessionEnded, clients: createClients({ region: 'eu-west-1', principal: 'arn:aws:iam::111122223333:root', onSessionEnded, origin: 'https://console.example.com' }) };
}

const xml = (status: number, body: string, headers: Record<string, string> = {}) => () =>
  new Response(body, { status, headers: { 'content-type': 'text/xml', ...headers } });

it('calls the door of its service on this origin, with the header that no other site can set and no signature', async () => {
  answer = xml(200, '<ListUsersResponse><ListUsersResult><Users/><IsTruncated>false</IsTruncated></ListUsersResult></ListUsersResponse>');
  const { clients } = make();
  await (await clients.iam()).send(new ListUsersCommand({}));
  answer = () => new Response('{"Regions":[]}', { headers: { 'content-type': 'application/json' } });
  await (await clients.account()).send(new ListRegionsCommand({}));
  expect(requests.map(({ url }) => url)).toEqual(['https://console.example.com/api/iam/', 'https://console.example.com/api/account/listRegions']);
  for (const { headers, cache } of requests) {
    expect(headers.get('x-sekisho-csrf')).toBe('1');
    expect(headers.get('x-sekisho-region')).toBe('eu-west-1');
    expect(headers.get('x-sekisho-principal')).toBe('arn:aws:iam::111122223333:root');
    expect(headers.get('authorization')).toBeNull();
    expect(cache).toBe('no-store');
  }
});

const error = (code: string, message: string) => `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;

it('takes a refusal apart, with the decision that the server kept', async () => {
  const message = 'User: arn:aws:iam::1:user/taro is not authorized to perform: iam:ListUsers on resource: * because no identity-based policy allows the iam:ListUsers action';
  answer = xml(403, error('AccessDenied', message), { 'x-sekisho-decision-id': 'd-1' });
  const { clients, onSessionEnded } = make();
  const failure = await (await clients.iam()).send(new ListUsersCommand({})).catch(toConsoleFailure);
  expect(failure).toMatchObject({
    kind: 'forbidden', code: 'AccessDenied', detail: message, denial: { action: 'iam:ListUsers', resource: '*', policy: 'identity', explicit: false, decisionId: 'd-1' },
  });
  expect(onSessionEnded).not.toHaveBeenCalled();
});

it('says that the session is over', async () => {
  answer = xml(401, error('ExpiredToken', 'Your console session has ended. Sign in again.'));
  const { clients, onSessionEnded } = make();
  expect(await (await clients.iam()).send(new ListUsersCommand({})).catch(toConsoleFailure)).toMatchObject({ kind: 'sessionEnded' });
  expect(onSessionEnded).toHaveBeenCalledOnce();
});

it.each([
  ['InvalidAuthenticationCode', 'Authentication code for device is not valid.'],
  ['AccessDenied', 'The old password was incorrect.'],
])('takes the 403 %s, "%s", for no lack of permission', async (code, message) => {
  answer = xml(403, error(code, message));
  const { clients } = make();
  const failure = await (await clients.iam()).send(new ListUsersCommand({})).catch(toConsoleFailure);
  expect(failure).toMatchObject({ kind: 'unexpected', code, detail: message });
  expect(failure).not.toHaveProperty('denial');
});
