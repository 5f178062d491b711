// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openConsole, prepareConsole } from '../../testing/openConsole';
import { refuse as refusal, serve, type Call, type Operations } from '../../testing/services';

// The section's pages with the real SDK clients; only the network is ours.

prepareConsole();

const ARN = 'arn:aws:sso:::instance/ssoins-1111222233334444';
const STORE = 'd-1234567890';
const PASSWORD = 'tV7!mWq2#rLx';

/** What the server answers, by operation; a test changes what it is about. */
let server: Operations;
let calls: Call[];
let mfaEnabled: number;

const refuse = (code: string, message?: string) => () => refusal(code, message);

const instance = { InstanceArn: ARN, IdentityStoreId: STORE, OwnerAccountId: '111122223333', Status: 'ACTIVE', PrimaryRegion: 'us-east-1', CreatedDate: 1 };
const organization = { Organization: { Id: 'o-abcdefghij', MasterAccountId: '111122223333', FeatureSet: 'ALL' } };
const settings = {
  PortalUrl: 'http://d-1234567890.awsapps.localhost/start', Subdomain: '', PortalSessionMinutes: 480, EmailOtpForApiUsers: false, IdentitySource: 'IDENTITY_CENTER',
  Mfa: { Prompt: 'CONTEXT_AWARE', Types: ['WEBAUTHN', 'TOTP'], NoDevice: 'REQUIRE_REGISTRATION', SelfService: true },
};
const jane = {
  UserId: 'user-jane', UserName: 'jane', IdentityStoreId: STORE, DisplayName: 'Jane Doe', Name: { GivenName: 'Jane', FamilyName: 'Doe' }, UserStatus: 'ENABLED',
  Emails: [{ Value: 'jane@example.com', Type: 'work', Primary: true }],
};
const security = { PasswordState: 'INVITED', InvitationExpiresAt: '2026-06-08T00:00:00Z', EmailVerified: false, MfaDeviceCount: 0 };

beforeEach(() => {
  mfaEnabled = 1;
  server = {
    ListInstances: () => ({ Instances: [instance] }),
    DescribeInstance: () => ({ InstanceArn: ARN, PermissionSetsEnabled: true }),
    DescribeMembership: () => ({ ReadsOrganization: false, AdministersIdentityCenter: false }),
    DescribeOrganization: () => organization,
    ListDelegatedAdministrators: () => ({ DelegatedAdministrators: [] }),
    DescribeDirectorySettings: () => settings,
    ListUsers: () => ({ Users: [jane] }),
    SearchUsers: () => ({ Users: [] }),
    ListGroups: () => ({ Groups: [{ GroupId: 'group-admins', DisplayName: 'Admins', IdentityStoreId: STORE }] }),
    DescribeUser: () => jane,
    DescribeUserSecurity: () => security,
    DescribeGroup: () => ({ GroupId: 'group-admins', DisplayName: 'Admins', IdentityStoreId: STORE }),
    DescribeInstanceAccessControlAttributeConfiguration: refuse('ResourceNotFoundException', 'Not enabled'),
  };
  // Tests exchange answers while a page is shown.
  const answers: Operations = new Proxy({}, { get: (_, operation: string) => server[operation] });
  calls = serve({ 'sso-admin': answers, identitystore: answers, organizations: answers, '_identity-center': answers, _organizations: answers });
  const json = globalThis.fetch;
  // IAM speaks XML.
  vi.stubGlobal('fetch', (url: RequestInfo | URL, init?: RequestInit) => {
    const { pathname } = new URL(url instanceof Request ? url.url : String(url), location.origin);
    return pathname === '/api/iam/' ? Promise.resolve(accountSummary()) : json(url, init);
  });
});

const accountSummary = () =>
  new Response(
    `<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap><entry><key>AccountMFAEnabled</key><value>${mfaEnabled}</value></entry></SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>`,
    { headers: { 'content-type': 'text/xml' } },
  );

const inputsOf = (operation: string): unknown[] => calls.filter((call) => call.operation === operation).map(({ input }) => input as unknown);
const button = (name: string | RegExp) => screen.findByRole('button', { name });

describe('enabling', () => {
  beforeEach(() => {
    server['ListInstances'] = () => ({ Instances: [] });
    server['CreateInstance'] = () => {
      server['ListInstances'] = () => ({ Instances: [instance] });
      return { InstanceArn: ARN };
    };
  });

  it('creates the organization that is missing when that is chosen, then the instance (G-01, G-03, F-05, F-06)', async () => {
    server['DescribeOrganization'] = refuse('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
    server['CreateOrganization'] = () => organization;
    const { user } = openConsole('/singlesignon', {}, 'ja');
    await user.click(await button('有効化'));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toMatch(/24 時間以内/);
    expect(inputsOf('CreateOrganization')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'AWS 組織の作成' }));
    expect(await screen.findByText('設定概要')).toBeTruthy();
    expect(inputsOf('CreateOrganization')).toEqual([{ FeatureSet: 'ALL' }]);
    expect(inputsOf('CreateInstance')).toHaveLength(1);
  });

  it('goes on with what is left when the instance failed after the organization was made', async () => {
    server['DescribeOrganization'] = refuse('AWSOrganizationsNotInUseException');
    server['CreateOrganization'] = () => {
      server['DescribeOrganization'] = () => organization;
      return organization;
    };
    const create = server['CreateInstance']!;
    server['CreateInstance'] = refuse('ThrottlingException', 'Slow down');
    const { user } = openConsole('/singlesignon');
    await user.click(await button('Enable'));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Create AWS organization' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(screen.getAllByRole('alert').some((alert) => alert.textContent?.includes('Slow down'))).toBe(true));
    server['CreateInstance'] = create;
    await user.click(await button('Enable'));
    expect(await screen.findByText('Settings summary')).toBeTruthy();
    expect(inputsOf('CreateOrganization')).toHaveLength(1);
  });

  it('refuses without all features, and says the way out (F-03, G-04)', async () => {
    server['DescribeOrganization'] = () => ({ Organization: { ...organization.Organization, FeatureSet: 'CONSOLIDATED_BILLING' } });
    openConsole('/singlesignon');
    expect(await screen.findByText('The organization does not have all features')).toBeTruthy();
    expect((await button('Enable')).hasAttribute('disabled')).toBe(true);
    expect(screen.getByRole('link', { name: 'Open the settings of AWS Organizations' })).toBeTruthy();
  });

  it('tells a member account who can, and offers what it can have itself (F-04, G-04)', async () => {
    openConsole('/singlesignon', { accountId: '444455556666' });
    expect((await screen.findByText(/Only someone signed in to the management account/)).textContent).toContain('1111-2222-3333');
    expect((await button('Enable')).hasAttribute('disabled')).toBe(false);
  });

  it('has the root user set up MFA first (G-02)', async () => {
    mfaEnabled = 0;
    openConsole('/singlesignon');
    expect(await screen.findByText('Set up MFA for the root user before you continue')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Set up MFA' }).getAttribute('href')).toBe('/security-credentials#mfa');
  });

  it('leads from every page to where it is enabled', async () => {
    openConsole('/singlesignon/users');
    expect((await screen.findByRole('link', { name: 'Enable IAM Identity Center' })).getAttribute('href')).toBe('/singlesignon/enable');
  });
});

describe('the dashboard', () => {
  it('shows the portal URL to be copied (G-58), and recommends delegated administration (Q-20)', async () => {
    openConsole('/singlesignon');
    expect(await button(/^Copy.*AWS access portal URL/)).toBeTruthy();
    expect(screen.getByText(settings.PortalUrl)).toBeTruthy();
    expect(await screen.findByText('Set up delegated administration')).toBeTruthy();
  });

  it("tells a member account who manages the organization's instance, and asks for nothing that it would be refused (F-04, G-04)", async () => {
    openConsole('/singlesignon', { accountId: '444455556666' });
    expect(await screen.findByText('IAM Identity Center is managed in the account 1111-2222-3333')).toBeTruthy();
    expect(screen.queryByText('Recommended setup steps')).toBeNull();
    expect(screen.getByRole('link', { name: 'Enable an account instance' }).getAttribute('href')).toBe('/singlesignon/enable');
    expect(calls.map(({ operation }) => operation)).not.toContain('DescribeDirectorySettings');
  });

  it('is that of the organization for a delegated administrator (F-09)', async () => {
    server['DescribeMembership'] = () => ({ ReadsOrganization: true, AdministersIdentityCenter: true });
    openConsole('/singlesignon', { accountId: '444455556666' });
    expect(await screen.findByText('Recommended setup steps')).toBeTruthy();
    expect(screen.getByText(settings.PortalUrl)).toBeTruthy();
  });

  it("is that of a member's own instance once it has one, which leads to no accounts", async () => {
    const own = { ...instance, InstanceArn: 'arn:aws:sso:::instance/ssoins-5555666677778888', OwnerAccountId: '444455556666' };
    server['CreateInstance'] = () => {
      server['ListInstances'] = () => ({ Instances: [instance, own] });
      server['DescribeInstance'] = () => ({ PermissionSetsEnabled: false });
      return { InstanceArn: own.InstanceArn };
    };
    const { user } = openConsole('/singlesignon/enable', { accountId: '444455556666' });
    await user.click(await button('Enable'));
    expect(await screen.findByText('Add applications')).toBeTruthy();
    expect(screen.queryByText('Create an administrative permission set')).toBeNull();
    expect(inputsOf('DescribeDirectorySettings')).toEqual([{ InstanceArn: own.InstanceArn }]);
  });
});

/** Fills in the first step. */
async function fillIn(user: ReturnType<typeof userEvent.setup>) {
  const fields = { 'User name': 'jane', 'E-mail address': 'jane@example.com', 'Confirm e-mail address': 'jane@example.com', 'First name': 'Jane', 'Last name': 'Doe' };
  for (const [label, text] of Object.entries(fields)) {
    // Pasted, for the page is drawn anew with every letter that is typed.
    await user.click(await screen.findByLabelText(label));
    await user.paste(text);
  }
}

describe('adding a user', () => {
  beforeEach(() => {
    server['CreateUser'] = () => ({ UserId: 'user-jane', IdentityStoreId: STORE });
    server['CreateGroupMembership'] = () => ({ MembershipId: 'm-1', IdentityStoreId: STORE });
    server['InviteUser'] = () => ({});
    server['GenerateOneTimePassword'] = () => ({ OneTimePassword: PASSWORD, PortalUrl: settings.PortalUrl, UserName: 'jane' });
  });

  it('invites by mail unless told otherwise, after joining the groups (G-26, G-32)', async () => {
    const { user, router } = openConsole('/singlesignon/users/add');
    await fillIn(user);
    await user.click(await button('Next'));
    await user.click(await screen.findByRole('checkbox', { name: 'Select Admins' }));
    await user.click(await button('Next'));
    await user.click(await button('Add user'));
    await waitFor(() => expect(router.state.location.pathname).toBe('/singlesignon/users/user-jane'));
    expect(inputsOf('CreateUser')).toEqual([
      {
        IdentityStoreId: STORE, UserName: 'jane', DisplayName: 'Jane Doe', Name: { GivenName: 'Jane', FamilyName: 'Doe' },
        Emails: [{ Value: 'jane@example.com', Type: 'work', Primary: true }],
      },
    ]);
    expect(inputsOf('CreateGroupMembership')).toEqual([{ IdentityStoreId: STORE, GroupId: 'group-admins', MemberId: { UserId: 'user-jane' } }]);
    expect(inputsOf('InviteUser')).toEqual([{ InstanceArn: ARN, UserId: 'user-jane' }]);
  });

  it('shows a one-time password once, hidden until asked for, and keeps nothing (G-27)', async () => {
    const { user } = openConsole('/singlesignon/users/add');
    await fillIn(user);
    await user.click(screen.getByRole('radio', { name: /Generate a one-time password/ }));
    await user.click(await button('Next'));
    await user.click(await button('Next'));
    await user.click(await button('Add user'));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain(settings.PortalUrl);
    expect(document.body.innerHTML).not.toContain(PASSWORD);
    await user.click(within(dialog).getByRole('button', { name: 'Show password' }));
    expect(document.body.textContent).toContain(PASSWORD);
    await user.click(within(dialog).getByText('Close'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(document.body.innerHTML).not.toContain(PASSWORD);
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(PASSWORD);
  });

  it('does not go on without what a user needs, and puts the keyboard where it is missing', async () => {
    const { user } = openConsole('/singlesignon/users/add');
    await user.type(await screen.findByLabelText('E-mail address'), 'jane@example.com');
    await user.click(await button('Next'));
    expect(screen.getByText('The two addresses differ.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('User name'));
  });

  it('says at the field that a name is taken', async () => {
    server['CreateUser'] = refuse('ConflictException', 'Duplicate UserName');
    const { user } = openConsole('/singlesignon/users/add');
    await fillIn(user);
    await user.click(await button('Next'));
    await user.click(await button('Next'));
    await user.click(await button('Add user'));
    expect(await screen.findByText('Another user has this user name.')).toBeTruthy();
  });

  it('says what was not done of a user who was added, and does that alone again', async () => {
    server['InviteUser'] = refuse('ThrottlingException', 'Too many mails');
    const { user } = openConsole('/singlesignon/users/add');
    await fillIn(user);
    await user.click(await button('Next'));
    await user.click(await button('Next'));
    await user.click(await button('Add user'));
    expect(await screen.findByText(/Too many mails/)).toBeTruthy();
    server['InviteUser'] = () => ({});
    await user.click(await button('Try again'));
    expect(await screen.findByText(/jane was added\. The user has no access/)).toBeTruthy();
    expect(inputsOf('CreateUser')).toHaveLength(1);
  });
});

describe('people', () => {
  it('are searched on the server, by how they begin', async () => {
    server['SearchUsers'] = () => ({ Users: [{ UserId: 'user-taro', UserName: 'taro', DisplayName: 'Taro', Email: 'taro@example.com', Status: 'DISABLED' }] });
    const { user } = openConsole('/singlesignon/users');
    expect(await screen.findByRole('link', { name: 'jane' })).toBeTruthy();
    await user.type(screen.getByRole('searchbox'), 'ta');
    expect((await screen.findByRole('link', { name: 'taro' })).getAttribute('href')).toBe('/singlesignon/users/user-taro');
    expect(inputsOf('SearchUsers')).toEqual([{ InstanceArn: ARN, Prefix: 'ta' }]);
    expect(screen.queryByRole('link', { name: 'jane' })).toBeNull();
  });

  it('are looked at a page of the server at a time', async () => {
    server['ListUsers'] = ({ NextToken }) =>
      NextToken ? { Users: [{ ...jane, UserId: 'user-zoe', UserName: 'zoe' }] } : { Users: [jane], NextToken: 'page-2' };
    const { user } = openConsole('/singlesignon/users');
    expect(await screen.findByRole('link', { name: 'jane' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Next page' }));
    expect(await screen.findByRole('link', { name: 'zoe' })).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'jane' })).toBeNull();
    expect(inputsOf('ListUsers')).toMatchObject([{ MaxResults: 50 }, { NextToken: 'page-2' }]);
  });

  it('are signed out when disabled, and cannot be edited until enabled (behaviours 6.5)', async () => {
    server['SetUserStatus'] = ({ Status }) => {
      server['DescribeUser'] = () => ({ ...jane, UserStatus: Status });
      return {};
    };
    const { user } = openConsole('/singlesignon/users/user-jane');
    await user.click(await button('Disable user access'));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Disable user access' }));
    expect(await button('Enable user access')).toBeTruthy();
    expect(inputsOf('SetUserStatus')).toEqual([{ InstanceArn: ARN, UserId: 'user-jane', Status: 'DISABLED' }]);
    expect(screen.getByRole('button', { name: 'Reset password' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('have an address that is verified by a link (G-30)', async () => {
    server['SendEmailVerification'] = () => ({});
    const { user } = openConsole('/singlesignon/users/user-jane');
    await user.click(await button('Send email verification link'));
    expect((await screen.findAllByText('A verification link was sent to jane@example.com.')).length).toBeGreaterThan(0);
  });

  it('have passwords reset by mail (behaviours 6.6)', async () => {
    server['SendPasswordReset'] = () => ({});
    const { user } = openConsole('/singlesignon/users/user-jane');
    await user.click(await button('Reset password'));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Reset password' }));
    await waitFor(() => expect(inputsOf('SendPasswordReset')).toEqual([{ InstanceArn: ARN, UserId: 'user-jane' }]));
  });

  it('get an authenticator app from an administrator', async () => {
    server['ListMfaDevices'] = () => ({ Devices: [] });
    server['StartTotpDevice'] = () => ({ Registration: 'sealed', Secret: 'JBSWY3DPEHPK3PXP', OtpauthUrl: 'otpauth://totp/x', QrCodePng: 'iVBORw0KGgo=' });
    server['CompleteTotpDevice'] = refuse('ValidationException', 'The code is not valid.');
    const { user } = openConsole('/singlesignon/users/user-jane?section=mfa');
    await user.click(await button('Register MFA device'));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Next' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(await within(dialog).findByLabelText('Name'), 'Phone');
    await user.type(within(dialog).getByLabelText('Code'), '123 456');
    await user.click(within(dialog).getByRole('button', { name: 'Assign MFA' }));
    expect(await within(dialog).findByText(/The code is not right/)).toBeTruthy();
    server['CompleteTotpDevice'] = () => ({ DeviceId: 'device-1' });
    await user.click(within(dialog).getByRole('button', { name: 'Assign MFA' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(inputsOf('CompleteTotpDevice').at(-1)).toEqual({ InstanceArn: ARN, UserId: 'user-jane', Registration: 'sealed', Code: '123456', Name: 'Phone' });
  });
});

describe('settings', () => {
  it('change the portal session within its limits (G-56)', async () => {
    server['UpdatePortalSession'] = () => ({});
    const { user } = openConsole('/singlesignon/settings?section=authentication');
    await user.click((await screen.findAllByRole('button', { name: 'Configure' }))[0]!);
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: /session duration/ }));
    await user.click(await screen.findByRole('option', { name: 'Other duration' }));
    const minutes = within(dialog).getByLabelText('Minutes');
    await user.clear(minutes);
    await user.type(minutes, '129601');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText(/from 15 to 129,600/)).toBeTruthy();
    await user.clear(minutes);
    await user.type(minutes, '90');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(inputsOf('UpdatePortalSession')).toEqual([{ InstanceArn: ARN, Minutes: 90 }]));
  });

  it('change every MFA setting (G-52, behaviours 6.7)', async () => {
    server['UpdateMfaSettings'] = () => ({});
    const { user } = openConsole('/singlesignon/settings?section=authentication');
    await user.click((await screen.findAllByRole('button', { name: 'Configure' }))[1]!);
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('radio', { name: /always-on/ }));
    await user.click(within(dialog).getByRole('checkbox', { name: /Security keys/ }));
    await user.click(within(dialog).getByRole('radio', { name: /Block their sign-in/ }));
    await user.click(within(dialog).getByRole('checkbox', { name: /add and manage their own/ }));
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(inputsOf('UpdateMfaSettings')).toEqual([{ InstanceArn: ARN, Mfa: { Prompt: 'ALWAYS_ON', Types: ['TOTP'], NoDevice: 'BLOCK', SelfService: false } }]),
    );
  });

  it('neither offer nor demand MFA with an external identity provider (G-53)', async () => {
    server['DescribeDirectorySettings'] = () => ({ ...settings, IdentitySource: 'EXTERNAL_IDP' });
    openConsole('/singlesignon/settings?section=authentication');
    expect(await screen.findByText('MFA is managed by the external identity provider')).toBeTruthy();
    expect(screen.getAllByRole('button', { name: 'Configure' })).toHaveLength(1);
  });

  it('customize the portal URL once, and only by who has read that (G-59)', async () => {
    server['SetPortalSubdomain'] = () => ({});
    const { user } = openConsole('/singlesignon/settings');
    await user.click(await button('Actions'));
    await user.click(await screen.findByRole('menuitem', { name: 'Customize AWS access portal URL' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Subdomain'), 'example');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText('Confirm that you have read this.')).toBeTruthy();
    expect(inputsOf('SetPortalSubdomain')).toEqual([]);
    await user.click(within(dialog).getByRole('checkbox'));
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(inputsOf('SetPortalSubdomain')).toEqual([{ InstanceArn: ARN, Subdomain: 'example' }]));
  });

  it('warn of what changing the identity source does, ask for ACCEPT, and say that nothing was changed (G-09, G-14)', async () => {
    const { user } = openConsole('/singlesignon/settings/identity-source');
    await user.click(await screen.findByRole('radio', { name: /Active Directory/ }));
    expect(screen.getByText('This release cannot connect it yet')).toBeTruthy();
    await user.click(await button('Next'));
    expect(screen.getByText(/delegated administrator account/)).toBeTruthy();
    await user.click(await button('Next'));
    expect(screen.getByText(/Every user, including the administrators/)).toBeTruthy();
    await user.click(await button('Change identity source'));
    expect(await screen.findByText('Type ACCEPT.')).toBeTruthy();
    await user.type(screen.getByLabelText('To confirm, type ACCEPT'), 'ACCEPT');
    await user.click(await button('Change identity source'));
    expect(await screen.findByText('The identity source was not changed')).toBeTruthy();
  });

  it('enable attributes for access control, and disable them by typing DELETE (behaviours 6.4)', async () => {
    const described = { Status: 'ENABLED', InstanceAccessControlAttributeConfiguration: { AccessControlAttributes: [] } };
    server['CreateInstanceAccessControlAttributeConfiguration'] = () => {
      server['DescribeInstanceAccessControlAttributeConfiguration'] = () => described;
      return {};
    };
    server['DeleteInstanceAccessControlAttributeConfiguration'] = () => ({});
    const { user } = openConsole('/singlesignon/settings?section=attributes');
    await user.click(await button('Enable'));
    await user.click(await button('Disable'));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Disable' }));
    expect(inputsOf('DeleteInstanceAccessControlAttributeConfiguration')).toEqual([]);
    await user.type(within(dialog).getByRole('textbox'), 'DELETE');
    await user.click(within(dialog).getByRole('button', { name: 'Disable' }));
    await waitFor(() => expect(inputsOf('DeleteInstanceAccessControlAttributeConfiguration')).toEqual([{ InstanceArn: ARN }]));
  });

  it('register the delegated administrator with Organizations (G-62)', async () => {
    server['RegisterDelegatedAdministrator'] = () => ({});
    const { user } = openConsole('/singlesignon/settings?section=management');
    await waitFor(async () => expect((await button('Register account')).hasAttribute('disabled')).toBe(false));
    await user.click(await button('Register account'));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Account ID'), '4444-5555-6666');
    await user.click(within(dialog).getByRole('button', { name: 'Register account' }));
    await waitFor(() => expect(inputsOf('RegisterDelegatedAdministrator')).toEqual([{ AccountId: '444455556666', ServicePrincipal: 'sso.amazonaws.com' }]));
  });

  it('let only the owner delete the instance', async () => {
    server['DescribeMembership'] = () => ({ ReadsOrganization: true, AdministersIdentityCenter: true });
    openConsole('/singlesignon/settings?section=management', { accountId: '444455556666' });
    const remove = await button('Delete instance');
    expect(remove.getAttribute('aria-disabled')).toBe('true');
  });
});

describe('what administrators are advised, where they act on it', () => {
  it('names the pages as the guide does (G-57)', async () => {
    openConsole('/singlesignon/dashboard', {}, 'ja');
    for (const name of ['ダッシュボード', 'ユーザー', '設定', 'AWS アカウント', '許可セット']) {
      expect((await screen.findAllByRole('link', { name })).length).toBeGreaterThan(0);
    }
    expect(screen.getByText('マルチアカウントのアクセス許可')).toBeTruthy();
  });

  it('recommends MFA, permission sets only, and letting the mail in (Q-21, Q-23, Q-25, G-51, N-03)', async () => {
    openConsole('/singlesignon/dashboard');
    expect(await screen.findByText(/Strongly recommended: a password alone can be stolen/)).toBeTruthy();
    expect(screen.getByText(/Give access, and the right to administer IAM Identity Center, only by permission sets/)).toBeTruthy();
    expect(screen.getByText(/accept the senders no-reply@login\.awsapps\.com and no-reply@signin\.aws/)).toBeTruthy();
    // The Region whose data it is (G-61).
    expect(screen.getAllByText(/us-east-1/).length).toBeGreaterThan(0);
  });

  it('says to connect a source before people are created here (Q-17, G-05, G-07, G-08)', async () => {
    openConsole('/singlesignon/settings/identity-source');
    expect(await screen.findByText(/change before you create users, groups or assignments here/)).toBeTruthy();
    expect(screen.getByText(/AWS Managed Microsoft AD, or in your own Active Directory that AD Connector reaches/)).toBeTruthy();
    expect(screen.getByText(/an identity provider such as Okta, Azure Active Directory or Ping/)).toBeTruthy();
  });
});
