// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocaleProvider, type Locale } from '../../shared/locale';
import type { Session } from '../../shared/session';
import { App } from './App';
import { PortalContextProvider } from './context';
import { createSessionEnd } from '../../shared/sessionEnd';
import { createPortal } from './sso';

// The whole app with the real SDK client; only the network is ours.

// The first test also waits for Vite to compile what the app imports.
configure({ asyncUtilTimeout: 20_000 });

const SECRET = 'wJalrXUtnFEMI/K7MDENG';
const START = Date.parse('2026-01-01T00:00:00Z');

const session: Session = {
  user: { userName: 'jane', displayName: 'Jane Doe', email: 'jane@example.com' },
  directoryId: 'd-1234567890',
  instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  region: 'us-east-1',
  startUrl: 'https://d-1234567890.awsapps.localhost/start',
  awsStartUrl: 'https://d-1234567890.awsapps.com/start',
  endpoints: { sts: 'https://sts.localhost' },
  sessionExpiresAt: '2026-01-01T08:00:00Z',
  serverTime: '2026-01-01T00:00:00Z',
  locale: 'en',
  organizationName: 'Example Corp',
  signOutPath: '/start/signout',
};

interface Answer {
  status?: number;
  error?: string;
  body: unknown;
}

type Handler = (url: URL) => Answer;

let requests: Request[];
let routes: Record<string, Handler>;

const production = { accountId: '444455556666', accountName: 'Production', emailAddress: 'prod@example.com' };

beforeEach(() => {
  requests = [];
  routes = {
    '/api/sso/assignment/accounts': () => ({ body: { accountList: [production] } }),
    '/api/sso/assignment/roles': () => ({ body: { roleList: [{ roleName: 'AdministratorAccess', accountId: '444455556666' }] } }),
    '/api/sso/federation/credentials': () => ({
      body: {
        roleCredentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: SECRET, sessionToken: 'IQoJb3Jp', expiration: START + 3_600_000 },
      },
    }),
    '/start/signout': () => ({ status: 204, body: null }),
  };
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input instanceof Request ? input : new URL(String(input), location.origin), init);
    requests.push(request);
    const url = new URL(request.url);
    const answer = routes[url.pathname]?.(url) ?? { status: 404, body: {} };
    return new Response(answer.body === null ? null : JSON.stringify(answer.body), {
      status: answer.status ?? 200,
      headers: { 'content-type': 'application/json', ...(answer.error && { 'x-amzn-errortype': answer.error }) },
    });
  });
  location.hash = '';
  localStorage.clear();
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Draws the portal; `clock.now` may be turned. */
async function open({ locale = 'en' as Locale } = {}) {
  const clock = { now: START };
  const signIn = vi.fn();
  const sessionEnd = createSessionEnd();
  const portal = createPortal(`${location.origin}/api/sso`, session.region, sessionEnd.report);
  // Before render: Cloudscape's copying goes through the clipboard that this installs.
  const user = userEvent.setup();
  render(
    <LocaleProvider initial={locale}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })}>
        <PortalContextProvider value={{ session, portal, sessionEnd, now: () => clock.now, signIn }}>
          <App />
        </PortalContextProvider>
      </QueryClientProvider>
    </LocaleProvider>,
  );
  return { user, clock, signIn };
}

async function openDialog(user: ReturnType<typeof userEvent.setup>) {
  await user.click(await screen.findByRole('button', { name: /^Production/ }));
  await user.click(await screen.findByRole('button', { name: 'Access keys for AdministratorAccess in Production' }));
  return screen.findByRole('dialog', { name: /Get credentials/ });
}

function requestsTo(path: string) {
  return requests.filter((request) => new URL(request.url).pathname === path);
}

describe('accounts', () => {
  it('lists accounts and, opened, their roles (H-13, H-14, H-15)', async () => {
    const { user } = await open();
    const account = await screen.findByRole('button', { name: /^Production/ });
    expect(screen.getByRole('tab', { name: 'Accounts' })).toBeTruthy();
    expect(screen.getByText('#444455556666 | prod@example.com')).toBeTruthy();
    expect(requestsTo('/api/sso/assignment/roles')).toHaveLength(0);

    await user.click(account);
    const roles = await screen.findByRole('list', { name: 'Roles in Production' });
    expect(within(roles).getByText('AdministratorAccess')).toBeTruthy();
    expect(location.hash).toBe('#/?tab=accounts');
    for (const request of requests) expect(request.headers.get('x-sekisho-csrf')).toBe('1');
  });

  it("links each role to its console (H-16: 'Management console')", async () => {
    const { user } = await open();
    await user.click(await screen.findByRole('button', { name: /^Production/ }));
    const roles = await screen.findByRole('list', { name: 'Roles in Production' });
    for (const name of ['Management console as AdministratorAccess in Production (opens in a new tab)', 'AdministratorAccess in Production: open the console (opens in a new tab)']) {
      const link = within(roles).getByRole('link', { name });
      expect(link.getAttribute('href')).toBe('/start#/console?account_id=444455556666&role_name=AdministratorAccess');
      expect(link.getAttribute('rel')).toContain('noopener');
    }
  });

  it('follows the pages, and draws only some of many accounts', async () => {
    routes['/api/sso/assignment/accounts'] = (url) => {
      const from = Number(url.searchParams.get('next_token') ?? 0);
      const accountList = Array.from({ length: 100 }, (_, i) => ({ accountId: String(100_000_000_000 + from + i), accountName: `Team ${from + i}` }));
      return { body: { accountList, ...(from < 200 && { nextToken: String(from + 100) }) } };
    };
    const { user } = await open();
    expect(await screen.findByText('(300)')).toBeTruthy();
    expect(screen.getAllByRole('button', { name: /^Team/ })).toHaveLength(50);

    await user.type(screen.getByRole('searchbox'), '000000299');
    await waitFor(() => expect(screen.getAllByRole('button', { name: /^Team/ })).toHaveLength(1));
    expect(location.hash).toContain('filter=000000299');
  });

  it('says whom to ask when no account is assigned (I-23)', async () => {
    routes['/api/sso/assignment/accounts'] = () => ({ body: { accountList: [] } });
    await open();
    expect(await screen.findByText('No accounts are assigned to you')).toBeTruthy();
    expect(screen.getByText(/Ask your administrator to assign one/)).toBeTruthy();
  });

  it('tells of an error and tries again', async () => {
    const good = routes['/api/sso/assignment/accounts']!;
    routes['/api/sso/assignment/accounts'] = () => ({ status: 400, error: 'InvalidRequestException', body: { message: 'Bad token' } });
    const { user } = await open();
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Bad token');
    routes['/api/sso/assignment/accounts'] = good;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: /^Production/ })).toBeTruthy();
  });
});

describe('the credentials dialog', () => {
  it('asks for credentials when it opens, hides what is secret, and keeps nothing (I-14…I-20)', async () => {
    const { user } = await open();
    expect(requestsTo('/api/sso/federation/credentials')).toHaveLength(0);
    const dialog = await openDialog(user);
    expect(dialog.textContent).toContain('Production (#444455556666) | AdministratorAccess');
    expect(await within(dialog).findByText(/60 minutes left/)).toBeTruthy();
    expect(requestsTo('/api/sso/federation/credentials')).toHaveLength(1);
    expect(document.body.innerHTML).not.toContain(SECRET);

    // Copying works while the values are hidden.
    await user.click(within(dialog).getByRole('button', { name: 'Copy: Environment variables' }));
    expect(await navigator.clipboard.readText()).toContain(`export AWS_SECRET_ACCESS_KEY="${SECRET}"`);
    await user.click(within(dialog).getByRole('checkbox', { name: 'Show secret values' }));
    expect(dialog.textContent).toContain(SECRET);

    await user.click(within(dialog).getByRole('tab', { name: 'PowerShell' }));
    expect(dialog.textContent).toContain('$Env:AWS_ACCESS_KEY_ID="ASIAEXAMPLE"');
    expect(requestsTo('/api/sso/federation/credentials')).toHaveLength(1);

    await user.click(within(dialog).getAllByRole('button', { name: 'Close' })[0]!);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(document.body.innerHTML).not.toContain(SECRET);
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(SECRET);
  });

  it('says when credentials have expired, and gets new ones', async () => {
    const { user, clock } = await open();
    clock.now = START + 3_600_001;
    const dialog = await openDialog(user);
    expect(await within(dialog).findByText('These credentials have expired')).toBeTruthy();
    routes['/api/sso/federation/credentials'] = () => ({
      body: { roleCredentials: { accessKeyId: 'ASIANEW', secretAccessKey: 's', sessionToken: 't', expiration: START + 7_200_001 } },
    });
    await user.click(within(dialog).getByRole('button', { name: 'Refresh credentials' }));
    expect((await within(dialog).findAllByText(/ASIANEW/)).length).toBeGreaterThan(0);
    expect(within(dialog).queryByText('These credentials have expired')).toBeNull();
  });

  it('explains a lost assignment', async () => {
    routes['/api/sso/federation/credentials'] = () => ({ status: 403, error: 'ForbiddenException', body: { message: 'No access' } });
    const { user } = await open();
    const dialog = await openDialog(user);
    expect((await within(dialog).findByRole('alert')).textContent).toMatch(/no longer assigned.*Ask your administrator/);
  });

  it('says that the session has ended, on the page and in the dialog (H-19)', async () => {
    routes['/api/sso/federation/credentials'] = () => ({ status: 401, error: 'UnauthorizedException', body: { message: 'Session token not found or invalid' } });
    const { user, signIn } = await open();
    const dialog = await openDialog(user);
    await user.click(await within(dialog).findByRole('button', { name: 'Sign in again' }));
    expect(signIn).toHaveBeenCalledOnce();
    expect(screen.getAllByText('Your session has ended')).toHaveLength(2);
  });
});

describe('the navigation', () => {
  it('signs out, then shows the sign-in page (L-04, L-05)', async () => {
    const { user, signIn } = await open();
    await user.click(await screen.findByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(signIn).toHaveBeenCalledOnce());
    const [request] = requestsTo('/start/signout');
    expect(request?.method).toBe('POST');
    expect(request?.headers.get('x-sekisho-csrf')).toBe('1');
  });

  it('does not pretend that a failed sign-out worked', async () => {
    routes['/start/signout'] = () => ({ status: 503, body: {} });
    const { user, signIn } = await open();
    await user.click(await screen.findByRole('button', { name: 'Sign out' }));
    expect((await screen.findAllByText(/You are still signed in/)).length).toBeGreaterThan(0);
    expect(signIn).not.toHaveBeenCalled();
  });

  it('changes the language, keeps it, and tells the server', async () => {
    const { user } = await open();
    await user.click(await screen.findByRole('button', { name: 'Language: English' }));
    await user.click(await screen.findByRole('menuitem', { name: '日本語' }));
    expect(await screen.findByRole('tab', { name: 'アカウント' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'サインアウト' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('ja');
    expect(document.cookie).toContain('sekisho-lang=ja');
    await act(async () => {});
  });
});
