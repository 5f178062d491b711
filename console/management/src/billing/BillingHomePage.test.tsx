// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { openConsole, prepareConsole } from '../testing/openConsole';
import { refuse, serve } from '../testing/services';

prepareConsole();

const organization = { Id: 'o-abcdefghij', MasterAccountId: '111122223333', FeatureSet: 'CONSOLIDATED_BILLING' };
const home = (DescribeOrganization: () => unknown) => serve({ organizations: { DescribeOrganization }, _billing: { 'payment-methods': () => [] } });

it('tells the management account that it pays for all accounts (F-10)', async () => {
  home(() => ({ Organization: organization }));
  openConsole('/billing/home');
  expect(await screen.findByText('1111-2222-3333 (this account)')).toBeTruthy();
  expect(screen.getByText(/pays for all accounts of the organization.*lines of its own/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'View the accounts' }).getAttribute('href')).toBe('/organizations/v2/home/accounts');
});

it('tells a member who pays for it (F-10)', async () => {
  home(() => ({ Organization: organization }));
  openConsole('/billing/home', { accountId: '444455556666', arn: 'arn:aws:iam::444455556666:root' }, 'ja');
  expect(await screen.findByText('一括請求')).toBeTruthy();
  expect(screen.getByText('1111-2222-3333')).toBeTruthy();
  expect(screen.getByText(/組織の管理アカウントが、このアカウントの料金を支払います/)).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'アカウントを表示' })).toBeNull();
});

it.each(['AWSOrganizationsNotInUseException', 'AccessDeniedException'])('says nothing of it after %s', async (code) => {
  home(() => refuse(code));
  openConsole('/billing/home');
  expect(await screen.findByText('No payment method')).toBeTruthy();
  expect(screen.queryByText('Consolidated billing')).toBeNull();
});
