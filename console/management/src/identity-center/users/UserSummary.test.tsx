// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { openConsole, prepareConsole } from '../../testing/openConsole';
import { serve, type Operations } from '../../testing/services';

prepareConsole();

const ARN = 'arn:aws:sso:::instance/ssoins-1111222233334444';

/** The page of a person whose way to sign in is this. */
function open(security: object): void {
  const answers: Operations = {
    ListInstances: () => ({ Instances: [{ InstanceArn: ARN, IdentityStoreId: 'd-1234567890', OwnerAccountId: '111122223333', Status: 'ACTIVE', PrimaryRegion: 'us-east-1' }] }),
    DescribeInstance: () => ({ InstanceArn: ARN, PermissionSetsEnabled: true }),
    DescribeMembership: () => ({ ReadsOrganization: false, AdministersIdentityCenter: false }),
    DescribeOrganization: () => ({ Organization: { Id: 'o-abcdefghij', MasterAccountId: '111122223333', FeatureSet: 'ALL' } }),
    ListDelegatedAdministrators: () => ({ DelegatedAdministrators: [] }),
    DescribeUser: () => ({ UserId: 'user-jane', UserName: 'jane', IdentityStoreId: 'd-1234567890', UserStatus: 'ENABLED' }),
    DescribeUserSecurity: () => ({ EmailVerified: false, MfaDeviceCount: 0, ...security }),
  };
  serve({ 'sso-admin': answers, identitystore: answers, organizations: answers, '_identity-center': answers, _organizations: answers });
  openConsole('/singlesignon/users/user-jane');
}

it.each([
  ['an invitation', { PasswordState: 'INVITED', InvitationExpiresAt: '2040-06-08T00:00:00Z' }, /The invitation is good until .*2040/],
  ['an old invitation', { PasswordState: 'INVITED', InvitationExpiresAt: '2020-06-08T00:00:00Z' }, /The invitation expired on .*2020/],
  ['a one-time password', { PasswordState: 'ONE_TIME', OneTimePasswordExpiresAt: '2040-06-08T00:00:00Z' }, /The one-time password is good until .*2040/],
  ['an old one-time password', { PasswordState: 'ONE_TIME', OneTimePasswordExpiresAt: '2020-06-08T00:00:00Z' }, /The one-time password expired on .*2020/],
])('until when %s is good is said (G-27, G-28)', async (_what, security, says) => {
  open(security);
  expect(await screen.findByText(says)).toBeTruthy();
});
