// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { LocaleProvider } from '../../../shared/locale';
import { OpenConsole } from './OpenConsole';

configure({ asyncUtilTimeout: 20_000 });

const request = { accountId: '444455556666', roleName: 'ReadOnly', destination: 'https://console.aws.amazon.com/iam/home' };

function open(answer: () => Response) {
  const leave = vi.fn();
  const signIn = vi.fn();
  const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>(() => Promise.resolve(answer()));
  vi.stubGlobal('fetch', fetched);
  render(
    <LocaleProvider initial="en">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <OpenConsole request={request} leave={leave} signIn={signIn} />
      </QueryClientProvider>
    </LocaleProvider>,
  );
  return { leave, signIn, fetched, user: userEvent.setup() };
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('asks for the role and leaves for where the server says (H-16)', async () => {
  const { leave, fetched } = open(() => Response.json({ location: 'http://console.localhost/open?pass=x' }));
  await waitFor(() => expect(leave).toHaveBeenCalledWith('http://console.localhost/open?pass=x'));
  const [path, init] = fetched.mock.calls[0]!;
  expect(path).toBe('/start/console');
  expect(new Headers(init.headers).get('x-sekisho-csrf')).toBe('1');
  expect(JSON.parse(init.body as string)).toEqual(request);
});

it('says that the role is not the person\'s, and whom to ask', async () => {
  const { leave } = open(() => Response.json({ message: 'No access' }, { status: 403, headers: { 'x-amzn-errortype': 'ForbiddenException' } }));
  expect((await screen.findByRole('alert')).textContent).toMatch(/Ask your administrator/);
  expect(screen.getByRole('link', { name: 'Back to the access portal' })).toBeTruthy();
  expect(leave).not.toHaveBeenCalled();
});

it('sends who is signed out to sign in, and back here', async () => {
  const { signIn, user } = open(() => Response.json({ message: 'Session token not found or invalid' }, { status: 401 }));
  await user.click(await screen.findByRole('button', { name: 'Sign in again' }));
  expect(signIn).toHaveBeenCalledOnce();
});
