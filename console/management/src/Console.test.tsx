// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConsoleSession } from './session';
import { openConsole as open, prepareConsole, rootSession as root } from './testing/openConsole';

// The whole console with the real SDK clients; only the network is ours.

prepareConsole();

const SECRET = 'wJalrXUtnFEMI/K7MDENG';

const taro: Partial<ConsoleSession> = { kind: 'iam-user', userName: 'taro', email: '', arn: 'arn:aws:iam::111122223333:user/taro' };

type Handler = (parameters: URLSearchParams) => Response;

let iam: Record<string, Handler>;
let posted: string[];

const xml = (action: string, result: string) => () =>
  new Response(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`, { headers: { 'content-type': 'text/xml' } });

const denied = (action: string) => () =>
  new Response(
    `<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: ${taro.arn} is not authorized to perform: iam:${action} because no identity-based policy allows the iam:${action} action</Message></Error></ErrorResponse>`,
    { status: 403, headers: { 'content-type': 'text/xml', 'x-sekisho-decision-id': 'decision-1' } },
  );

const summary = (entries: Record<string, number>) =>
  xml('GetAccountSummary', `<SummaryMap>${Object.entries(entries).map(([k, v]) => `<entry><key>${k}</key><value>${v}</value></entry>`).join('')}</SummaryMap>`);

beforeEach(() => {
  posted = [];
  iam = {
    GetAccountSummary: summary({ AccountMFAEnabled: 1, AccountAccessKeysPresent: 0, Users: 1 }),
    ListAccessKeys: xml('ListAccessKeys', '<AccessKeyMetadata/><IsTruncated>false</IsTruncated>'),
    ListMFADevices: xml('ListMFADevices', '<MFADevices/><IsTruncated>false</IsTruncated>'),
    CreateAccessKey: xml('CreateAccessKey', `<AccessKey><UserName/><AccessKeyId>AKIANEW</AccessKeyId><Status>Active</Status><SecretAccessKey>${SECRET}</SecretAccessKey></AccessKey>`),
  };
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input instanceof Request ? input : new URL(String(input), location.origin), init);
    const { pathname } = new URL(request.url);
    posted.push(pathname);
    if (pathname === '/api/iam/') {
      const parameters = new URLSearchParams(await request.text());
      return iam[parameters.get('Action') ?? '']?.(parameters) ?? new Response('', { status: 500 });
    }
    if (pathname.startsWith('/api/account/')) {
      return new Response('{"message":"No contact"}', { status: 404, headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ResourceNotFoundException' } });
    }
    return new Response('', { status: 503 });
  });
});

describe('the home page (E-02)', () => {
  it('tells a root user without MFA and without an administrator what to do (Q-02, Q-09)', async () => {
    iam['GetAccountSummary'] = summary({ AccountMFAEnabled: 0, AccountAccessKeysPresent: 0, Users: 0 });
    open('/');
    expect(await screen.findByText('Add MFA for the root user')).toBeTruthy();
    expect(screen.getByText('Create an administrator, and sign in as that user from next time on')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Add MFA' }).getAttribute('href')).toBe('/security-credentials#mfa');
  });

  it('raises no alarm about what a person may not read', async () => {
    iam['GetAccountSummary'] = denied('GetAccountSummary');
    iam['ListAccessKeys'] = denied('ListAccessKeys');
    iam['ListMFADevices'] = denied('ListMFADevices');
    open('/', taro);
    expect((await screen.findByText(/Not everything was checked/)).textContent).toMatch(/iam:GetAccountSummary, iam:ListAccessKeys, iam:ListMFADevices/);
    expect(screen.queryByText(/root user has no MFA/)).toBeNull();
    expect(screen.queryByText('Add MFA for yourself')).toBeNull();
  });

  it('offers to complete the sign-up, and asks no service of an account that is not active (A-32)', async () => {
    open('/', { accountStatus: 'PENDING_ACTIVATION', links: { ...root.links, completeSignUp: 'https://signin.example.com/signup/continue' } });
    expect((await screen.findByRole('link', { name: 'Complete sign-up' })).getAttribute('href')).toBe('https://signin.example.com/signup/continue');
    expect(posted).toEqual([]);
  });

  it.each([
    ['SUSPENDED', 'Your account is suspended', /To reactivate it/],
    ['CLOSED', 'Your account is closed', /To reopen it/],
  ] as const)('says of a %s account what happened and the way back (M-24)', async (accountStatus, title, way) => {
    open('/', { accountStatus });
    expect(await screen.findByText(title)).toBeTruthy();
    expect(screen.getByText(way)).toBeTruthy();
  });
});

describe('the frame', () => {
  it('shows the account beside the Region, and who is signed in (E-03, E-04, E-09)', async () => {
    open('/', taro);
    expect((await screen.findAllByRole('button', { name: 'Copy the account ID: 1111-2222-3333' })).length).toBeGreaterThan(0);
    expect(screen.getAllByRole('button', { name: 'Region: us-east-1' }).length).toBeGreaterThan(0);
    expect(screen.getAllByRole('button', { name: 'Account and user menu: taro @ example' }).length).toBeGreaterThan(0);
  });

  it('does not pretend that a failed sign-out worked (L-02)', async () => {
    const { user } = open('/', taro);
    const [menu] = await screen.findAllByRole('button', { name: /Account and user menu/ });
    await user.click(menu!);
    await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
    expect((await screen.findAllByText(/You are still signed in/)).length).toBeGreaterThan(0);
    expect(posted).toContain('/signout');
  });

  it('says when there is nothing at an address', async () => {
    open('/nothing-here');
    expect(await screen.findByText(/The link may be old or misspelled/)).toBeTruthy();
  });

  it('knows the former address of the security credentials', async () => {
    const { router } = open('/iam/home#/security_credentials');
    await waitFor(() => expect(router.state.location.pathname).toBe('/security-credentials'));
  });
});

describe('security credentials', () => {
  it.each([
    ['the root user', {}, 'Account identifiers'],
    ['an IAM user', taro, 'Account details'],
  ])('shows %s the account number (E-05, E-06)', async (_who, session, heading) => {
    open('/security-credentials', session);
    expect(await screen.findByRole('heading', { name: heading })).toBeTruthy();
    expect(screen.getByText('111122223333')).toBeTruthy();
  });

  it('warns before it makes a root access key, shows its secret once, and keeps nothing (Q-28, B-35)', async () => {
    const { user } = open('/security-credentials');
    await user.click(await screen.findByRole('button', { name: 'Create access key' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('Access keys for the root user are not recommended');
    await user.click(within(dialog).getByRole('button', { name: 'Create access key' }));
    expect(within(dialog).getByText('Confirm that you have read this.')).toBeTruthy();
    await user.click(within(dialog).getByRole('checkbox'));
    await user.click(within(dialog).getByRole('button', { name: 'Create access key' }));
    expect(await screen.findByText('AKIANEW')).toBeTruthy();
    expect(document.body.innerHTML).not.toContain(SECRET);
    await user.click(screen.getByRole('button', { name: 'Show' }));
    expect(document.body.textContent).toContain(SECRET);
    await user.click(screen.getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(document.body.innerHTML).not.toContain(SECRET);
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(SECRET);
  });

  it('says of a refusal what was denied, why, and who can help', async () => {
    iam['ListAccessKeys'] = denied('ListAccessKeys');
    open('/security-credentials', taro);
    const alert = (await screen.findByText('You are not allowed to perform iam:ListAccessKeys')).closest('[role=alert]')!;
    expect(alert.textContent).toMatch(/No identity-based policy allows it.*An administrator of the account 1111-2222-3333.*sekisho policy explain decision-1/);
  });
});
