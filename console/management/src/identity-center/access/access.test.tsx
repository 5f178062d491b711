// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import { openConsole, prepareConsole } from '../../testing/openConsole';
import { refuse, serve, type Call } from '../../testing/services';
import { ADMIN, fakeInstance, INSTANCE, MANAGEMENT, READ } from './fakeInstance';

prepareConsole();
// What the pages import is compiled before any test waits for a page.
beforeAll(() => import('../accounts/AccountsPage'), 120_000);

const of = (calls: Call[], operation: string) => calls.filter((call) => call.operation === operation).map(({ input }) => input);

describe('AWS accounts', () => {
  it('are a tree with a check box by each, and a list (G-40)', async () => {
    serve(fakeInstance().services);
    const { user } = openConsole('/singlesignon/accounts');
    expect(await screen.findByRole('checkbox', { name: 'Select Example Corp' })).toBeTruthy();
    expect(screen.getByText('Management account')).toBeTruthy();
    expect(screen.queryByText('member-0')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Expand Workloads' }));
    expect(await screen.findByRole('checkbox', { name: 'Select member-2' })).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: 'Select member-2' }));
    await user.click(screen.getByRole('button', { name: 'List view' }));
    // What was chosen in one view is chosen in the other.
    expect((await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Select member-2' })).checked).toBe(true);
    expect(screen.getByRole('link', { name: 'Assign users or groups' }).getAttribute('href')).toBe('/singlesignon/accounts/assign?account=200000000002');
  });

  it('are found on whatever page, and by number without looking through them', async () => {
    const calls = serve(fakeInstance(130).services);
    const { user } = openConsole('/singlesignon/accounts');
    const find = await screen.findByRole('searchbox', { name: /Find accounts/ });
    await user.type(find, 'member-129');
    expect(await screen.findByRole('link', { name: 'member-129' })).toBeTruthy();
    expect(of(calls, 'SearchAccounts').at(-1)).toEqual({ Words: 'member-129' });
    expect(of(calls, 'ListAccounts').length).toBeLessThan(3);
    await user.clear(find);
    await user.type(find, '2000-0000-0077');
    expect(await screen.findByRole('link', { name: 'member-77' })).toBeTruthy();
    expect(of(calls, 'DescribeAccount')).toEqual([{ AccountId: '200000000077' }]);
  });

  it('are not more than ten at a time (behaviours.md 6.4)', async () => {
    serve(fakeInstance(12).services);
    const { user } = openConsole('/singlesignon/accounts');
    await user.click(await screen.findByRole('button', { name: 'List view' }));
    expect(await screen.findByRole('link', { name: 'member-11' })).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: 'AWS accounts' }));
    expect(screen.queryByRole('link', { name: 'Assign users or groups' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Assign users or groups' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('say the way out where there is no organization', async () => {
    const { services } = fakeInstance();
    serve({ ...services, organizations: { ListAccounts: () => refuse('AWSOrganizationsNotInUseException'), ListRoots: () => refuse('AWSOrganizationsNotInUseException') } });
    openConsole('/singlesignon/accounts');
    expect(await screen.findByText('This account is not in an organization')).toBeTruthy();
  });
});

/** Chooses jane and Administrators for an account, up to the last step. */
async function toReview(search = 'account=200000000001&account=200000000002') {
  const opened = openConsole(`/singlesignon/accounts/assign?${search}`);
  const { user } = opened;
  expect((await screen.findAllByText(/^Assign users and groups to "/)).length).toBeGreaterThan(0);
  await user.click(await screen.findByRole('checkbox', { name: 'Select jane' }));
  await user.click(screen.getByRole('button', { name: 'Next' }));
  await user.click(await screen.findByRole('checkbox', { name: 'Select Administrators' }));
  await user.click(screen.getByRole('button', { name: 'Next' }));
  return opened;
}

describe('the assignment wizard', () => {
  it('gives users and groups permission sets in three steps, and shows the process and its end (G-41…G-44)', async () => {
    const calls = serve(fakeInstance().services);
    const { user } = openConsole(`/singlesignon/accounts/assign?account=${MANAGEMENT}`);
    expect((await screen.findAllByText('Assign users and groups to "Example Corp"')).length).toBeGreaterThan(0);
    // Nobody is chosen yet.
    await user.click(await screen.findByRole('button', { name: 'Next' }));
    expect(screen.getByText('Select at least one user or group.')).toBeTruthy();
    await user.type(await screen.findByRole('searchbox', { name: /Find users/ }), 'ja');
    await waitFor(() => expect(of(calls, 'SearchUsers').at(-1)).toEqual({ InstanceArn: INSTANCE, Prefix: 'ja' }));
    await user.click(await screen.findByRole('checkbox', { name: 'Select jane' }));
    await user.click(screen.getByRole('tab', { name: 'Groups' }));
    await user.click(await screen.findByRole('checkbox', { name: 'Select Ops' }));
    await user.click(screen.getByRole('button', { name: 'Next' }));

    expect((await screen.findAllByText('Assign permission sets to "Example Corp"')).length).toBeGreaterThan(0);
    await user.click(await screen.findByRole('checkbox', { name: 'Select Administrators' }));
    await user.click(screen.getByRole('checkbox', { name: 'Select Readers' }));
    await user.click(screen.getByRole('button', { name: 'Next' }));

    expect((await screen.findAllByText('Review and submit assignments to "Example Corp"')).length).toBeGreaterThan(0);
    expect(screen.getByText('4 assignments will be made.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Submit' }));
    expect(await screen.findByText('Keep this page open until everything is completed')).toBeTruthy();
    expect((await screen.findAllByText('All 4 assignments were made.')).length).toBeGreaterThan(0);
    expect(screen.queryByText('Keep this page open until everything is completed')).toBeNull();
    const made = of(calls, 'CreateAccountAssignment');
    expect(made).toHaveLength(4);
    expect(made).toContainEqual({ InstanceArn: INSTANCE, TargetId: MANAGEMENT, TargetType: 'AWS_ACCOUNT', PermissionSetArn: ADMIN, PrincipalType: 'USER', PrincipalId: 'user-jane' });
    expect(made).toContainEqual({ InstanceArn: INSTANCE, TargetId: MANAGEMENT, TargetType: 'AWS_ACCOUNT', PermissionSetArn: READ, PrincipalType: 'GROUP', PrincipalId: 'group-Ops' });
  });

  it('shows by account what failed and why, and does that once more (G-50)', async () => {
    const fake = fakeInstance();
    const reason = 'Cannot exceed quota for RolesPerAccount: 1000';
    fake.failing.set('200000000002', reason);
    const calls = serve(fake.services);
    const { user } = await toReview();
    await user.click(await screen.findByRole('button', { name: 'Submit' }));
    const row = (await screen.findByText(reason)).closest('tr')!;
    expect(within(row).getByText('member-2 (200000000002)')).toBeTruthy();
    expect(screen.getAllByText('Completed')).toHaveLength(1);
    fake.failing.clear();
    await user.click(await screen.findByRole('button', { name: 'Retry what failed' }));
    expect((await screen.findAllByText('All 2 assignments were made.')).length).toBeGreaterThan(0);
    // Only what failed is asked for again.
    expect(of(calls, 'CreateAccountAssignment').map(({ TargetId }) => TargetId)).toEqual(['200000000001', '200000000002', '200000000002']);
  });

  it('asks who leaves while it is at work (Q-24)', async () => {
    const fake = fakeInstance();
    fake.services['sso-admin']!['DescribeAccountAssignmentCreationStatus'] = ({ AccountAssignmentCreationRequestId: RequestId }) => ({ AccountAssignmentCreationStatus: { Status: 'IN_PROGRESS', RequestId } });
    serve(fake.services);
    const { user, router } = await toReview();
    await user.click(await screen.findByRole('button', { name: 'Submit' }));
    expect(await screen.findByText('Keep this page open until everything is completed')).toBeTruthy();
    void router.navigate('/singlesignon/permission-sets');
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('Leave this page?');
    await user.click(within(dialog).getByRole('button', { name: 'Stay' }));
    expect(router.state.location.pathname).toBe('/singlesignon/accounts/assign');
    void router.navigate('/singlesignon/permission-sets');
    await user.click(await screen.findByRole('button', { name: 'Leave' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/singlesignon/permission-sets'));
  });

  it('warns of accounts without room for the roles (Q-19)', async () => {
    const fake = fakeInstance();
    fake.services['_identity-center']!['DescribeRoleQuotas'] = () => ({ Accounts: [{ AccountId: '200000000001', Roles: 1000, Limit: 1000 }, { AccountId: '200000000002', Roles: 3, Limit: 1000 }] });
    serve(fake.services);
    await toReview();
    expect((await screen.findByText(/member-1: 1000 of 1000 roles/)).closest('[class*=alert]')?.textContent).not.toContain('member-2:');
  });

  it('begins with no account that is not there', async () => {
    serve(fakeInstance().services);
    openConsole('/singlesignon/accounts/assign?account=999999999999');
    expect(await screen.findByText('These accounts are not in the organization: 999999999999')).toBeTruthy();
  });
});

describe('an account', () => {
  it('shows who has access by which set, takes it away, and how many roles it has room for (G-50)', async () => {
    const fake = fakeInstance();
    fake.assigned.push(
      { AccountId: MANAGEMENT, PermissionSetArn: ADMIN, PrincipalType: 'USER', PrincipalId: 'user-jane' },
      { AccountId: MANAGEMENT, PermissionSetArn: READ, PrincipalType: 'GROUP', PrincipalId: 'group-Ops' },
    );
    const calls = serve(fake.services);
    const { user } = openConsole(`/singlesignon/accounts/${MANAGEMENT}`);
    expect(await screen.findByText('12 of 1000')).toBeTruthy();
    await user.click(await screen.findByRole('checkbox', { name: 'Select jane – Administrators' }));
    // Of however many sets they are, one page of the table has them.
    expect(screen.getByRole('checkbox', { name: 'Select Ops – Readers' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove access' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove access' }));
    expect((await screen.findAllByText('The access was removed.')).length).toBeGreaterThan(0);
    expect(of(calls, 'DeleteAccountAssignment')).toEqual([{ InstanceArn: INSTANCE, TargetId: MANAGEMENT, TargetType: 'AWS_ACCOUNT', PermissionSetArn: ADMIN, PrincipalType: 'USER', PrincipalId: 'user-jane' }]);
  });

  it('changes the sets of a user: the new comes before the old goes', async () => {
    const fake = fakeInstance();
    fake.assigned.push({ AccountId: MANAGEMENT, PermissionSetArn: ADMIN, PrincipalType: 'USER', PrincipalId: 'user-jane' });
    const calls = serve(fake.services);
    const { user } = openConsole(`/singlesignon/accounts/${MANAGEMENT}`);
    await user.click(await screen.findByRole('checkbox', { name: 'Select jane – Administrators' }));
    await user.click(screen.getByRole('button', { name: 'Change permission sets' }));
    const dialog = await screen.findByRole('dialog');
    const admin = await within(dialog).findByRole<HTMLInputElement>('checkbox', { name: 'Select Administrators' });
    expect(admin.checked).toBe(true);
    await user.click(admin);
    await user.click(within(dialog).getByRole('checkbox', { name: 'Select Readers' }));
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect((await screen.findAllByText('The permission sets were changed.')).length).toBeGreaterThan(0);
    const changes = calls.filter(({ operation }) => operation.endsWith('AccountAssignment')).map(({ operation, input }) => [operation, input.PermissionSetArn]);
    expect(changes).toEqual([['CreateAccountAssignment', READ], ['DeleteAccountAssignment', ADMIN]]);
  });
});

describe('permission sets', () => {
  it('are made of AdministratorAccess for one hour by next, next, create (G-34…G-38)', async () => {
    const fake = fakeInstance();
    fake.services['sso-admin']!['CreatePermissionSet'] = ({ Name }) => ({ PermissionSet: { Name, PermissionSetArn: READ } });
    fake.services['sso-admin']!['AttachManagedPolicyToPermissionSet'] = () => ({});
    const calls = serve(fake.services);
    const { user, router } = openConsole('/singlesignon/permission-sets/create');
    expect((await screen.findAllByText('Select permission set type')).length).toBeGreaterThan(0);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /^AdministratorAccess/ }).checked).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Next' }));
    expect((await screen.findByRole<HTMLInputElement>('textbox', { name: /Permission set name/ })).value).toBe('AdministratorAccess');
    expect(screen.getByRole('button', { name: /Session duration.*1 hour/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Next' }));
    expect(await screen.findByText('AdministratorAccess (Administrator access)')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/singlesignon/permission-sets'));
    expect(of(calls, 'CreatePermissionSet')).toEqual([{ InstanceArn: INSTANCE, Name: 'AdministratorAccess', SessionDuration: 'PT1H' }]);
    expect(of(calls, 'AttachManagedPolicyToPermissionSet')).toEqual([{ InstanceArn: INSTANCE, PermissionSetArn: READ, ManagedPolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }]);
  });

  it('say at the name that there is one of it already', async () => {
    const fake = fakeInstance();
    fake.services['sso-admin']!['CreatePermissionSet'] = () => refuse('ConflictException', 'PermissionSet with name AdministratorAccess already exists.');
    serve(fake.services);
    const { user } = openConsole('/singlesignon/permission-sets/create');
    await user.click(await screen.findByRole('button', { name: 'Next' }));
    await user.click(screen.getByRole('button', { name: 'Next' }));
    await user.click(await screen.findByRole('button', { name: 'Create' }));
    expect(await screen.findByText('There is a permission set of this name already. Choose another.')).toBeTruthy();
    expect(screen.getByRole('textbox', { name: /Permission set name/ })).toBe(document.activeElement);
  });

  it('go to the accounts at once when they are changed, and it is seen (behaviours.md 6.4)', async () => {
    const fake = fakeInstance();
    fake.provisioned.set('200000000001', true);
    const calls = serve(fake.services);
    const { user } = openConsole('/singlesignon/permission-sets/ps-aaaaaaaaaaaaaaaa');
    await user.click(await screen.findByRole('button', { name: 'Edit' }));
    const dialog = await screen.findByRole('dialog');
    const description = within(dialog).getByRole('textbox', { name: /Description/ });
    await user.clear(description);
    await user.type(description, 'Everything');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('All accounts have the permission set as it is now.')).toBeTruthy();
    expect(of(calls, 'UpdatePermissionSet')).toEqual([{ InstanceArn: INSTANCE, PermissionSetArn: ADMIN, Description: 'Everything', SessionDuration: 'PT1H' }]);
    expect(of(calls, 'ProvisionPermissionSet')).toEqual([{ InstanceArn: INSTANCE, PermissionSetArn: ADMIN, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }]);
  });

  it('lose their description and relay state when these are emptied', async () => {
    const fake = fakeInstance();
    fake.services['sso-admin']!['DescribePermissionSet'] = () => ({ PermissionSet: { PermissionSetArn: ADMIN, Name: 'Administrators', Description: 'Old', RelayState: 'https://old.example.com', SessionDuration: 'PT90M' } });
    const calls = serve(fake.services);
    const { user } = openConsole('/singlesignon/permission-sets/ps-aaaaaaaaaaaaaaaa');
    await user.click(await screen.findByRole('button', { name: 'Edit' }));
    const dialog = await screen.findByRole('dialog');
    await user.clear(within(dialog).getByRole('textbox', { name: /Description/ }));
    await user.clear(within(dialog).getByRole('textbox', { name: /Relay state/ }));
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    // A relay state that is not sent is forgotten; a description is kept, so a blank takes its place.
    await waitFor(() => expect(of(calls, 'UpdatePermissionSet')).toEqual([{ InstanceArn: INSTANCE, PermissionSetArn: ADMIN, Description: ' ', SessionDuration: 'PT90M' }]));
  });

  it('that no account has are not provisioned when they are changed', async () => {
    const calls = serve(fakeInstance().services);
    const { user } = openConsole('/singlesignon/permission-sets/ps-aaaaaaaaaaaaaaaa');
    await user.click(await screen.findByRole('button', { name: 'Edit' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(of(calls, 'ListAccountsForProvisionedPermissionSet')).toHaveLength(1));
    expect(of(calls, 'ProvisionPermissionSet')).toEqual([]);
  });

  it('follow work that is under way when the page is opened again', async () => {
    const fake = fakeInstance();
    fake.provisioned.set('200000000001', false);
    const status = { RequestId: 'earlier', Status: 'IN_PROGRESS', PermissionSetArn: ADMIN };
    let over = false;
    fake.services['sso-admin']!['ListPermissionSetProvisioningStatus'] = () => ({ PermissionSetsProvisioningStatus: over ? [] : [status] });
    fake.services['sso-admin']!['DescribePermissionSetProvisioningStatus'] = () => ({ PermissionSetProvisioningStatus: over ? { ...status, Status: 'FAILED', FailureReason: 'Policy Deploy not found in 200000000001' } : status });
    serve(fake.services);
    openConsole('/singlesignon/permission-sets/ps-aaaaaaaaaaaaaaaa');
    expect(await screen.findByText('Provisioning the accounts')).toBeTruthy();
    expect(await screen.findByText('1 account is not up to date yet.')).toBeTruthy();
    over = true;
    expect(await screen.findByText('Policy Deploy not found in 200000000001')).toBeTruthy();
  });

  it('are not deleted while accounts have them, and say which', async () => {
    const fake = fakeInstance();
    fake.provisioned.set('200000000001', true);
    const calls = serve(fake.services);
    const { user } = openConsole('/singlesignon/permission-sets/ps-aaaaaaaaaaaaaaaa');
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText('This permission set is assigned and cannot be deleted')).toBeTruthy();
    expect(within(dialog).getByRole('link', { name: '200000000001' }).getAttribute('href')).toBe('/singlesignon/accounts/200000000001');
    expect(of(calls, 'DeletePermissionSet')).toEqual([]);
  });
});

describe('the Japanese of the setup guide', () => {
  it.each([
    ['/singlesignon/accounts', ['AWS アカウント', 'ユーザーまたはグループの割り当て', 'マルチアカウントのアクセス許可']], // G-40
    [`/singlesignon/accounts/assign?account=${MANAGEMENT}`, ['ユーザーとグループの選択', 'ユーザーとグループを「Example Corp」に割り当てる', '許可セットの選択', '確認して送信']], // G-41…G-43
    ['/singlesignon/permission-sets', ['許可セット', 'アクセス許可セットの作成']], // G-34
    ['/singlesignon/permission-sets/create', ['許可セットの種類を選択', '許可セットの詳細を指定', 'レビューと作成', '次へ']], // G-35…G-37
  ])('is on %s', async (path, labels) => {
    serve(fakeInstance().services);
    openConsole(path, {}, 'ja');
    for (const label of labels) {
      // oxlint-disable-next-line no-await-in-loop -- each may come later than the last
      await waitFor(() => expect(document.body.textContent).toContain(label), { timeout: 20_000 });
    }
  });
});
