// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { postAndLeave } from './signOut';

afterEach(() => vi.unstubAllGlobals());

function json(body: unknown, status = 200) {
  return () => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }));
}

it.each([
  ['goes where the server says (L-02)', json({ location: 'https://signin.example.com/' }), 'https://signin.example.com/'],
  ['goes to the start where it says nothing', () => Promise.resolve(new Response(null, { status: 204 })), '/'],
  ['is over where the session was over already', json({}, 401), '/'],
  ['runs no script that an answer names', json({ location: 'javascript:alert(1)' }), '/'],
  ['does not pretend when the server fails', json({}, 503), undefined],
  ['does not pretend when the network fails', () => Promise.reject(new TypeError('Failed to fetch')), undefined],
])('%s', async (_name, answer, want) => {
  const fetch = vi.fn(answer);
  vi.stubGlobal('fetch', fetch);
  expect(await postAndLeave('/signout', '/')).toBe(want);
  expect(fetch).toHaveBeenCalledWith('/signout', expect.objectContaining({ method: 'POST', headers: expect.objectContaining({ 'x-sekisho-csrf': '1' }) }));
});
