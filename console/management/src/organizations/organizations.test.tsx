// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openConsole, prepareConsole } from '../testing/openConsole';
import { refuse, serve, type Call } from '../testing/services';
import { fakeOrganization, organization } from './fakeOrganization';

prepareConsole();

const of = (calls: Call[], operation: string) => calls.filter((call) => call.operation === operation).map(({ input }) => input);
const memberOf = { accountId: '200000000001', arn: 'arn:aws:iam::200000000001:root' };

describe('an account on its own', () => {
  it('creates an organization with all features, and is told of the 24 hours for its address (F-05, F-06)', async () => {
    const { operations } = fakeOrganization();
    let made = false;
    const calls = serve({
      organizations: {
        ...operations,
        DescribeOrganization: () => (made ? { Organization: organization } : refuse('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.')),
        CreateOrganization: () => {
          made = true;
          return { Organization: organization };
        },
      },
    });
    const { user } = openConsole('/organizations/v2/home/accounts');
    expect(await screen.findByText(/must be verified within 24 hours/)).toBeTruthy();
    //
    expect(screen.getByText(/Plan how you divide them before you add accounts/)).toBeTruthy();
    expect(screen.getByText(/follow the AWS Well-Architected Framework/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Create an organization' }));
    expect(await screen.findByText(/sent to root@example.com.*within 24 hours/)).toBeTruthy();
    expect(of(calls, 'CreateOrganization')).toEqual([{ FeatureSet: 'ALL' }]);
    expect(await screen.findByRole('heading', { name: 'AWS accounts' })).toBeTruthy();
  });

  it('accepts an invitation after hearing what that means', async () => {
    const handshake = {
      Id: 'h-1', Action: 'INVITE', State: 'OPEN', Parties: [{ Id: 'example123', Type: 'ORGANIZATION' }, { Id: '111122223333', Type: 'ACCOUNT' }],
      Resources: [{ Type: 'ORGANIZATION', Value: 'o-example123', Resources: [{ Type: 'MASTER_EMAIL', Value: 'boss@example.com' }, { Type: 'ORGANIZATION_FEATURE_SET', Value: 'ALL' }] }],
    };
    const calls = serve({
      organizations: {
        DescribeOrganization: () => refuse('AWSOrganizationsNotInUseException'),
        ListHandshakesForAccount: () => ({ Handshakes: [handshake] }),
        AcceptHandshake: () => ({ Handshake: handshake }),
      },
    });
    const { user } = openConsole('/organizations/v2/home/invitations');
    expect(await screen.findByText(/boss@example.com/)).toBeTruthy();
    expect(screen.queryByText('Invitations sent')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Accept: o-example123' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(/charges are billed to the management account/)).toBeTruthy();
    await user.click(within(dialog).getByRole('button', { name: 'Accept' }));
    await waitFor(() => expect(of(calls, 'AcceptHandshake')).toEqual([{ HandshakeId: 'h-1' }]));
  });

  it('takes over the bills of another organization after hearing what that means', async () => {
    const handshake = {
      Id: 'h-2', Action: 'TRANSFER_RESPONSIBILITY', State: 'OPEN',
      Resources: [{ Type: 'ORGANIZATION', Value: 'o-reseller01', Resources: [{ Type: 'MANAGEMENT_NAME', Value: 'Reseller' }, { Type: 'MANAGEMENT_EMAIL', Value: 'bills@reseller.example' }] }],
    };
    const calls = serve({
      organizations: {
        DescribeOrganization: () => ({ Organization: organization }),
        ListHandshakesForOrganization: () => ({ Handshakes: [] }),
        ListHandshakesForAccount: () => ({ Handshakes: [handshake] }),
        AcceptHandshake: () => ({ Handshake: handshake }),
      },
    });
    const { user } = openConsole('/organizations/v2/home/invitations');
    expect(await screen.findByText(/bills@reseller.example/)).toBeTruthy();
    expect(await screen.findByText('No invitations were sent.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Accept: o-reseller01' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(/manages and pays the bills of this organization/)).toBeTruthy();
    await user.click(within(dialog).getByRole('button', { name: 'Accept' }));
    await waitFor(() => expect(of(calls, 'AcceptHandshake')).toEqual([{ HandshakeId: 'h-2' }]));
  });
});

describe('the accounts (F-07, F-13)', () => {
  it('are a tree that is fetched as far as it is opened', async () => {
    const { operations } = fakeOrganization(45);
    const calls = serve({ organizations: operations });
    const { user } = openConsole('/organizations/v2/home/accounts');
    expect(await screen.findByRole('link', { name: 'Production' })).toBeTruthy();
    expect(screen.getByText('management account')).toBeTruthy();
    expect(screen.queryByText('member-0')).toBeNull();
    expect(of(calls, 'ListAccountsForParent')).toHaveLength(1);

    await user.click(screen.getByRole('button', { name: 'Open Production' }));
    expect((await screen.findByRole('link', { name: 'member-0' })).getAttribute('href')).toBe('/organizations/v2/home/accounts/200000000000');
    expect(screen.queryByText('member-44')).toBeNull();

    await user.click(screen.getByRole('button', { name: 'Load more of Production' }));
    await user.click(await screen.findByRole('button', { name: 'Load more of Production' }));
    expect(await screen.findByText('member-44')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Load more of Production' })).toBeNull();
  });

  it('are found by name on whatever page, and by number without looking through them', async () => {
    const { operations, search } = fakeOrganization(130);
    const calls = serve({ organizations: operations, _organizations: { SearchAccounts: search } });
    const { user } = openConsole('/organizations/v2/home/accounts?section=list');
    const find = await screen.findByRole('searchbox', { name: /Find accounts/ });
    await user.type(find, 'member-129');
    expect(await screen.findByRole('link', { name: 'member-129' })).toBeTruthy();
    expect((await screen.findAllByText('1 account found')).length).toBeGreaterThan(0); // seen, and heard
    expect(of(calls, 'SearchAccounts').at(-1)).toEqual({ Words: 'member-129' });
    const looked = of(calls, 'ListAccounts').length;

    await user.clear(find);
    await user.type(find, '200000000007');
    expect(await screen.findByRole('link', { name: 'member-7' })).toBeTruthy();
    expect(of(calls, 'DescribeAccount')).toEqual([{ AccountId: '200000000007' }]);
    expect(of(calls, 'ListAccounts')).toHaveLength(looked);
  });

  it('are moved to where one points', async () => {
    const { operations, accounts } = fakeOrganization();
    const calls = serve({ organizations: operations });
    const { user } = openConsole('/organizations/v2/home/accounts/200000000000');
    await user.click(await screen.findByRole('button', { name: 'Move' }));
    const dialog = await screen.findByRole('dialog', { name: 'Move member-0' });
    await user.click(within(dialog).getByRole('button', { name: 'Move' }));
    expect(within(dialog).getByText('Choose where the accounts go.')).toBeTruthy();
    await user.click(await within(dialog).findByRole('button', { name: 'Open Production' }));
    await user.click(await within(dialog).findByRole('radio', { name: 'Select Europe' }));
    await user.click(within(dialog).getByRole('button', { name: 'Move' }));
    expect(await screen.findByText('member-0 was moved.')).toBeTruthy();
    expect(of(calls, 'MoveAccount')).toEqual([{ AccountId: '200000000000', SourceParentId: 'ou-ex01-prod0001', DestinationParentId: 'ou-ex01-euro0001' }]);
    expect(accounts[1]?.parent).toBe('ou-ex01-euro0001');
  });

  it('are closed only when their number was typed', async () => {
    const { operations } = fakeOrganization();
    const calls = serve({ organizations: { ...operations, CloseAccount: () => ({}) } });
    const { user } = openConsole('/organizations/v2/home/accounts/200000000000');
    await user.click(await screen.findByRole('button', { name: 'Close' }));
    const dialog = await screen.findByRole('dialog', { name: 'Close member-0?' });
    expect(within(dialog).getByText(/For 90 days AWS Support can reopen it/)).toBeTruthy();
    const close = () => user.click(within(dialog).getByRole('button', { name: 'Close' }));
    await close();
    expect(of(calls, 'CloseAccount')).toEqual([]);
    await user.type(within(dialog).getByRole('textbox'), '200000000000');
    await close();
    await waitFor(() => expect(of(calls, 'CloseAccount')).toEqual([{ AccountId: '200000000000' }]));
  });

  it('the management account is not removed or closed', async () => {
    serve({ organizations: fakeOrganization().operations });
    openConsole('/organizations/v2/home/accounts/111122223333');
    expect(await screen.findByText(/This is the management account/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Remove from organization' })).toBeNull();
  });
});

describe('a new account (F-08)', () => {
  it.each([
    [{ State: 'SUCCEEDED', AccountId: '200000000009' }, /dev was created/],
    [{ State: 'FAILED', FailureReason: 'EMAIL_ALREADY_EXISTS' }, /Another account has this email address/],
  ])('is asked for, and what came of it is told: %j', async (result, text) => {
    const request = { Id: 'car-1', AccountName: 'dev' };
    const calls = serve({
      organizations: {
        ...fakeOrganization().operations,
        CreateAccount: () => ({ CreateAccountStatus: { ...request, State: 'IN_PROGRESS' } }),
        DescribeCreateAccountStatus: () => ({ CreateAccountStatus: { ...request, ...result } }),
      },
    });
    const { user } = openConsole('/organizations/v2/home/accounts/add/create');
    const button = await screen.findByRole('button', { name: 'Create AWS account' });
    await user.click(button);
    expect(await screen.findByText('Give a name of 1 to 50 characters.')).toBeTruthy();
    expect(of(calls, 'CreateAccount')).toEqual([]);
    await user.type(screen.getByLabelText('AWS account name'), 'dev');
    await user.type(screen.getByLabelText(/owner/), 'dev@example.com');
    await user.click(button);
    expect(await screen.findByText(text)).toBeTruthy();
    expect(of(calls, 'CreateAccount')).toEqual([{ AccountName: 'dev', Email: 'dev@example.com', IamUserAccessToBilling: 'ALLOW', RoleName: 'OrganizationAccountAccessRole' }]);
    expect(of(calls, 'DescribeCreateAccountStatus')).toEqual([{ CreateAccountRequestId: 'car-1' }]);
  });

  it('that cannot be invited stays in the form with the reason, and the others are invited', async () => {
    const calls = serve({
      organizations: {
        ...fakeOrganization().operations,
        InviteAccountToOrganization: ({ Target }) => (Target.Type === 'ACCOUNT' ? refuse('DuplicateHandshakeException', 'A handshake with the same action and target already exists.') : { Handshake: { Id: 'h-1' } }),
      },
    });
    const { user } = openConsole('/organizations/v2/home/accounts/add/invite');
    const whom = await screen.findByLabelText('Email address or account ID');
    await user.type(whom, 'new@example.com, 4444-5555-6666');
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    expect(await screen.findByText(/same action and target already exists/)).toBeTruthy();
    expect((whom as HTMLTextAreaElement).value).toBe('444455556666');
    expect(of(calls, 'InviteAccountToOrganization').map(({ Target }) => Target)).toEqual([
      { Id: 'new@example.com', Type: 'EMAIL' },
      { Id: '444455556666', Type: 'ACCOUNT' },
    ]);
  });
});

describe('a policy', () => {
  const scp = { Id: 'p-1', Name: 'NoLeaving', Type: 'SERVICE_CONTROL_POLICY', AwsManaged: false };

  it('says whom it reaches before it is attached, and that the management account is not limited', async () => {
    const calls = serve({
      organizations: {
        ...fakeOrganization(2).operations,
        DescribePolicy: () => ({ Policy: { PolicySummary: scp, Content: '{}' } }),
        ListTargetsForPolicy: () => ({ Targets: [] }),
        AttachPolicy: () => ({}),
      },
    });
    const { user } = openConsole('/organizations/v2/home/policies/service-control-policy/p-1?section=targets');
    await user.click(await screen.findByRole('button', { name: 'Attach' }));
    const dialog = await screen.findByRole('dialog', { name: 'Attach NoLeaving' });
    await user.click(await within(dialog).findByRole('checkbox', { name: 'Select Production' }));
    expect(await within(dialog).findByText('This reaches 2 accounts.')).toBeTruthy();
    expect(within(dialog).getByText(/at once, for all users and roles/)).toBeTruthy();
    expect(within(dialog).queryByText(/not limited/)).toBeNull();
    await user.click(within(dialog).getByRole('checkbox', { name: 'Select Root' }));
    expect(await within(dialog).findByText('The management account is among them, and is not limited.')).toBeTruthy();
    await user.click(within(dialog).getByRole('checkbox', { name: 'Select Root' }));
    await user.click(within(dialog).getByRole('button', { name: 'Attach' }));
    await waitFor(() => expect(of(calls, 'AttachPolicy')).toEqual([{ PolicyId: 'p-1', TargetId: 'ou-ex01-prod0001' }]));
  });

  it('is shown where it is inherited from', async () => {
    serve({
      organizations: {
        ...fakeOrganization().operations,
        ListPoliciesForTarget: ({ TargetId }) => ({ Policies: TargetId === 'r-ex01' ? [{ Id: 'p-FullAWSAccess', Name: 'FullAWSAccess', AwsManaged: true }] : TargetId.startsWith('ou-') ? [scp] : [] }),
      },
    });
    openConsole('/organizations/v2/home/accounts/200000000000');
    expect(await screen.findByRole('link', { name: 'NoLeaving' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'FullAWSAccess' })).toBeTruthy();
    expect(screen.getByText('No policy of this type is attached here.')).toBeTruthy();
  });

  it('is disabled as a type only after saying that all attachments go', async () => {
    const calls = serve({ organizations: { ...fakeOrganization().operations, DisablePolicyType: () => ({}) } });
    const { user } = openConsole('/organizations/v2/home/policies');
    await user.click(await screen.findByRole('button', { name: 'Disable Service control policies' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(/does not bring the attachments back/)).toBeTruthy();
    await user.click(within(dialog).getByRole('button', { name: 'Disable Service control policies' }));
    await waitFor(() => expect(of(calls, 'DisablePolicyType')).toEqual([{ RootId: 'r-ex01', PolicyType: 'SERVICE_CONTROL_POLICY' }]));
  });
});

describe('a member account', () => {
  it('sees whose organization it is in, and leaves after typing its id', async () => {
    const calls = serve({
      organizations: {
        DescribeOrganization: () => ({ Organization: organization }),
        LeaveOrganization: () => refuse('ConstraintViolationException', 'This account is missing payment information.', { Reason: 'MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED' }),
      },
      _organizations: { DescribeMembership: () => ({ ReadsOrganization: false, AdministersIdentityCenter: false }) },
    });
    const { user } = openConsole('/organizations/v2/home/accounts', memberOf);
    expect(await screen.findByText('root@example.com')).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Add an AWS account' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Leave this organization' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByRole('textbox'), 'o-example123');
    await user.click(within(dialog).getByRole('button', { name: 'Leave this organization' }));
    expect(await within(dialog).findByText('This account is missing payment information.')).toBeTruthy();
    expect(of(calls, 'LeaveOrganization')).toHaveLength(1);
    // Nothing was asked for that it would be refused.
    expect(calls.map(({ operation }) => operation).toSorted()).toEqual(['DescribeMembership', 'DescribeOrganization', 'LeaveOrganization']);
  });

  it('that administers a service for the organization sees also what is in it', async () => {
    serve({
      organizations: fakeOrganization().operations,
      _organizations: { DescribeMembership: () => ({ ReadsOrganization: true, AdministersIdentityCenter: false }) },
    });
    openConsole('/organizations/v2/home/accounts', memberOf);
    expect(await screen.findByRole('button', { name: 'Leave this organization' })).toBeTruthy();
    expect(await screen.findByRole('heading', { name: 'AWS accounts' })).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Add an AWS account' })).toBeNull();
  });
});

describe('the settings', () => {
  it('have the verification message sent again (F-06, N-13)', async () => {
    const calls = serve({
      organizations: { ...fakeOrganization().operations, DescribeResourcePolicy: () => refuse('ResourcePolicyNotFoundException') },
      _organizations: {
        DescribeEmailVerification: () => ({ Email: 'root@example.com', Status: 'PENDING', ExpiresAt: '2026-06-01T20:00:00Z' }),
        SendEmailVerification: () => ({}),
      },
    });
    const { user } = openConsole('/organizations/v2/home/settings');
    await user.click(await screen.findByRole('button', { name: 'Send verification e-mail again' }));
    expect(await screen.findByText('A new verification e-mail was sent.')).toBeTruthy();
    expect(of(calls, 'SendEmailVerification')).toEqual([{}]);
    expect(screen.getByText('There is no delegation policy.')).toBeTruthy();
  });

  it('speak Japanese, and send to where policies are when there is no organization yet', async () => {
    serve({ organizations: { DescribeOrganization: () => refuse('AWSOrganizationsNotInUseException') } });
    openConsole('/organizations/v2/home/settings', {}, 'ja');
    expect(await screen.findByText('このアカウントは組織に所属していません')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'AWS Organizations に移動' }).getAttribute('href')).toBe('/organizations/v2/home/accounts');
  });
});
