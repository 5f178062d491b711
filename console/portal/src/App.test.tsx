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
import { createPerson } from './person';
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
  mfaDevicesUrl: 'https://signin.localhost/platform/devices?portal=d-1234567890',
  deviceUrl: 'https://device.sso.localhost/?portal=d-1234567890',
  favourites: { accounts: [], applications: [] },
};

interface Answer {
  status?: number;
  error?: string;
  body: unknown;
}

type Handler = (url: URL, request: Request) => Answer;

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
    const answer = routes[url.pathname]?.(url, request) ?? { status: 404, body: {} };
    return new Response(answer.body === null ? null : JSON.stringify(answer.body), {
      status: answer.status ?? 200,
      headers: { 'content-type': 'application/json', ...(answer.error && { 'x-amzn-errortype': answer.error }) },
    });
  });
  // jsdom has none; Cloudscape looks for messages by it.
  vi.stubGlobal('CSS', { escape: String });
  location.hash = '';
  localStorage.clear();
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Draws the portal; `clock.now` may be turned. */
async function open({ locale = 'en' as Locale, told = {} as Partial<Session> } = {}) {
  const clock = { now: START };
  const signIn = vi.fn();
  const sessionEnd = createSessionEnd();
  const portal = createPortal(`${location.origin}/api/sso`, session.region, sessionEnd.report);
  // Before render: Cloudscape's copying goes through the clipboard that this installs.
  const user = userEvent.setup();
  render(
    <LocaleProvider initial={locale}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })}>
        <PortalContextProvider value={{ session: { ...session, ...told }, portal, person: createPerson(sessionEnd.report), sessionEnd, now: () => clock.now, signIn }}>
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

/** What the buttons say that open the accounts of a list. */
function names(list: string) {
  return within(screen.getByRole('list', { name: list }))
    .getAllByRole('button', { expanded: false })
    .map((b) => b.textContent);
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

describe('favourites', () => {
  const sandbox = { accountId: '111122223333', accountName: 'Sandbox', emailAddress: 'sand@example.com' };

  beforeEach(() => {
    routes['/api/sso/assignment/accounts'] = () => ({ body: { accountList: [production, sandbox] } });
  });

  it('come first, are kept at the server, and keep the focus on the star', async () => {
    routes[`/api/_portal/favourites/accounts/${sandbox.accountId}`] = () => ({ status: 204, body: null });
    const { user } = await open();
    await screen.findByRole('button', { name: /^Sandbox/ });
    expect(screen.queryByRole('list', { name: 'Favorites' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Favorite: Sandbox' }));
    expect(names('Favorites')).toEqual([expect.stringContaining('Sandbox')]);
    expect(names('AWS accounts')).toEqual([expect.stringContaining('Production')]);
    const star = screen.getByRole('button', { name: 'Favorite: Sandbox', pressed: true });
    expect(document.activeElement).toBe(star);
    await user.click(star);
    expect(screen.queryByRole('list', { name: 'Favorites' })).toBeNull();
    await waitFor(() => expect(requestsTo(`/api/_portal/favourites/accounts/${sandbox.accountId}`).map((r) => r.method)).toEqual(['PUT', 'DELETE']));
    for (const request of requests) expect(request.headers.get('x-sekisho-csrf')).toBe('1');
  });

  it('are put back, and it is said, when they cannot be saved', async () => {
    routes[`/api/_portal/favourites/accounts/${sandbox.accountId}`] = () => ({ status: 400, error: 'ServiceQuotaExceededException', body: { message: 'You have 200 favourites' } });
    const { user } = await open({ told: { favourites: { accounts: [production.accountId, '000000000000'], applications: [] } } });
    await screen.findByRole('button', { name: /^Sandbox/ });
    expect(names('Favorites')).toEqual([expect.stringContaining('Production')]);
    await user.click(screen.getByRole('button', { name: 'Favorite: Sandbox' }));
    expect((await screen.findAllByText(/You have 200 favourites/)).length).toBeGreaterThan(0);
    expect(names('Favorites')).toEqual([expect.stringContaining('Production')]);
  });

  it('are searched with the others', async () => {
    const { user } = await open({ told: { favourites: { accounts: [production.accountId], applications: [] } } });
    await screen.findByRole('button', { name: /^Sandbox/ });
    await user.type(screen.getByRole('searchbox'), 'sand@');
    await waitFor(() => expect(screen.queryByRole('list', { name: 'Favorites' })).toBeNull());
    expect(names('AWS accounts')).toHaveLength(1);
  });
});

describe('applications (H-18)', () => {
  const wiki = { applicationId: 'apl-0123456789abcdef', name: 'Wiki', description: 'What we know', url: 'https://wiki.example/start' };
  const payroll = { applicationId: 'apl-fedcba9876543210', name: 'Payroll', description: '' };

  it('are listed with a link to their own address, or say that they cannot be opened from here', async () => {
    routes['/api/_portal/applications'] = (url) =>
      url.searchParams.get('next_token') === 'more' ? { body: { applications: [payroll] } } : { body: { applications: [wiki], nextToken: 'more' } };
    const { user } = await open();
    await user.click(await screen.findByRole('tab', { name: 'Applications' }));
    const link = await screen.findByRole('link', { name: 'Wiki (opens in a new tab)' });
    expect(link.getAttribute('href')).toBe('https://wiki.example/start');
    expect(link.getAttribute('target')).toBe('_blank');
    expect(link.getAttribute('rel')).toBe('noopener noreferrer');
    const list = screen.getByRole('list', { name: 'Applications' });
    await waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(2));
    expect(within(list).getByText(/cannot be opened from here yet/)).toBeTruthy();
    expect(within(list).getAllByRole('link')).toHaveLength(1);
    expect(location.hash).toBe('#/?tab=applications');
  });

  it.each(['javascript:alert(1)', 'http://wiki.example/', 'data:text/html,x', '/start/signout'])('are never linked to %s (open redirect, script)', async (url) => {
    routes['/api/_portal/applications'] = () => ({ body: { applications: [{ ...wiki, url }] } });
    location.hash = '#/?tab=applications';
    await open();
    const list = await screen.findByRole('list', { name: 'Applications' });
    expect(within(list).getByText('Wiki')).toBeTruthy();
    expect(within(list).queryByRole('link')).toBeNull();
  });

  it('says whom to ask when there is none', async () => {
    routes['/api/_portal/applications'] = () => ({ body: { applications: [] } });
    location.hash = '#/?tab=applications';
    await open();
    expect(await screen.findByText('No applications are assigned to you')).toBeTruthy();
  });
});

describe('shortcuts', () => {
  it('are addresses to copy, with the page that they open (behaviours.md 6.12)', async () => {
    const { user } = await open();
    await user.click(await screen.findByRole('button', { name: /^Production/ }));
    await user.click(await screen.findByRole('button', { name: 'Create shortcut to AdministratorAccess in Production' }));
    const dialog = await screen.findByRole('dialog', { name: 'Create shortcut' });
    const address = 'https://d-1234567890.awsapps.localhost/start/#/console?account_id=444455556666&role_name=AdministratorAccess';
    const shown = () => within(dialog).getByRole('group', { name: 'Shortcut address' }).querySelector('pre')?.textContent;
    expect(shown()).toBe(address);
    const field = within(dialog).getByRole('textbox');
    await user.type(field, 'https://evil.example/');
    expect(within(dialog).getByText(/Enter an address of the console/)).toBeTruthy();
    expect(shown()).toBe(address);
    await user.clear(field);
    await user.type(field, 'https://console.aws.amazon.com/iam');
    expect(shown()).toBe(`${address}&destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fiam`);
  });
});

describe('an account that cannot be used', () => {
  it.each([
    ['SUSPENDED', /The account is suspended/],
    ['CLOSED', /The account is closed/],
    ['', /no longer assigned/],
  ])('%j is told as what it is', async (status, text) => {
    routes['/api/sso/assignment/roles'] = () => ({ status: 403, error: 'ForbiddenException', body: { message: 'No access' } });
    routes['/api/_portal/accounts/444455556666'] = () => ({ body: { status } });
    const { user } = await open();
    await user.click(await screen.findByRole('button', { name: /^Production/ }));
    expect((await screen.findByRole('alert')).textContent).toMatch(text);
  });
});

describe('active sessions', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  const one = { sessionId: 's1', createdAt: '2026-01-01T00:00:00Z', expiresAt: '2026-01-01T08:00:00Z', sourceIp: '192.0.2.1', userAgent: chrome, mfa: true, current: true };
  const two = { ...one, sessionId: 's2', sourceIp: '198.51.100.7', userAgent: 'Mozilla/5.0 (iPhone)', mfa: false, current: false };
  let sessions: (typeof one)[];

  beforeEach(() => {
    sessions = [one, two, { ...two, sessionId: 's3' }];
    routes['/api/_portal/sessions'] = () => ({ body: { sessions, total: sessions.length } });
    routes['/api/_portal/sessions/s2'] = () => {
      sessions = sessions.filter((s) => s.sessionId !== 's2');
      return { status: 204, body: null };
    };
    routes['/api/_portal/sessions/end-all-others'] = () => {
      const ended = sessions.length - 1;
      sessions = [one];
      return { body: { ended } };
    };
    location.hash = '#/sessions';
  });

  it('are listed with place, program and time, this one marked', async () => {
    await open();
    const list = await screen.findByRole('list', { name: 'Active sessions' });
    const [mine, other] = within(list).getAllByRole('listitem');
    expect(mine?.textContent).toMatch(/Chrome on Linux.*This session.*192\.0\.2\.1/);
    expect(within(mine!).queryByRole('button')).toBeNull();
    expect(other?.textContent).toMatch(/iOS.*198\.51\.100\.7/);
    expect(document.title).toBe('Active sessions');
  });

  it('are ended one by one, or all others at once, after asking', async () => {
    const { user } = await open();
    await user.click((await screen.findAllByRole('button', { name: 'End session: iOS (198.51.100.7)' }))[0]!);
    const dialog = await screen.findByRole('dialog', { name: 'End session?' });
    expect(requestsTo('/api/_portal/sessions/s2')).toHaveLength(0);
    await user.click(within(dialog).getByRole('button', { name: 'End session' }));
    await waitFor(() => expect(within(screen.getByRole('list', { name: 'Active sessions' })).getAllByRole('listitem')).toHaveLength(2));
    expect(requestsTo('/api/_portal/sessions/s2')[0]?.method).toBe('DELETE');

    await user.click(screen.getByRole('button', { name: 'End all other sessions' }));
    const all = await screen.findByRole('dialog', { name: 'End all other sessions?' });
    await user.click(within(all).getByRole('button', { name: 'End all other sessions' }));
    expect((await screen.findAllByText('1 other session has ended.')).length).toBeGreaterThan(0);
    expect(await screen.findByText('You are signed in nowhere else.')).toBeTruthy();
  });

  it('say so when one cannot be ended', async () => {
    routes['/api/_portal/sessions/s2'] = () => ({ status: 500, error: 'InternalServerException', body: { message: 'Internal error' } });
    const { user } = await open();
    await user.click((await screen.findAllByRole('button', { name: /^End session: iOS/ }))[0]!);
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'End session' }));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('Internal error');
  });
});

describe('the first visit', () => {
  it('advises to bookmark the portal, once (Q-26)', async () => {
    await open();
    expect((await screen.findAllByText('Bookmark this page')).length).toBeGreaterThan(0);
    cleanup();
    await open();
    await screen.findByRole('button', { name: /^Production/ });
    expect(screen.queryByText('Bookmark this page')).toBeNull();
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

  it('leads to the MFA devices, the sessions and a new password', async () => {
    const { user } = await open();
    await user.click(await screen.findByRole('button', { name: 'Your user: Jane Doe' }));
    expect((await screen.findByRole('menuitem', { name: 'MFA devices' })).getAttribute('href')).toBe(session.mfaDevicesUrl);
    expect(screen.getByRole('menuitem', { name: 'Active sessions' }).getAttribute('href')).toBe('#/sessions');
    await user.click(screen.getByRole('menuitem', { name: 'Change password' }));
    const dialog = await screen.findByRole('dialog', { name: 'Change password' });
    expect(dialog.textContent).toContain('jane@example.com');
    await user.click(within(dialog).getByRole('button', { name: 'Sign out and go to sign-in' }));
    await waitFor(() => expect(requestsTo('/start/signout')).toHaveLength(1));
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
