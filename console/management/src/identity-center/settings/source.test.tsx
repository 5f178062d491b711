// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { openConsole, prepareConsole } from '../../testing/openConsole';
import { serve } from '../../testing/services';

prepareConsole();

const ARN = 'arn:aws:sso:::instance/ssoins-1111222233334444';

beforeEach(() => {
  serve({
    'sso-admin': {
      ListInstances: () => ({ Instances: [{ InstanceArn: ARN, IdentityStoreId: 'd-1234567890', OwnerAccountId: '111122223333', Status: 'ACTIVE', PrimaryRegion: 'us-east-1' }] }),
      DescribeInstance: () => ({ InstanceArn: ARN, PermissionSetsEnabled: true }),
    },
    organizations: { DescribeOrganization: () => ({ Organization: { Id: 'o-abcdefghij', MasterAccountId: '111122223333', FeatureSet: 'ALL' } }) },
    '_identity-center': {
      DescribeDirectorySettings: () => ({
        PortalUrl: 'http://d-1234567890.awsapps.localhost/start', Subdomain: '', PortalSessionMinutes: 480, EmailOtpForApiUsers: false, IdentitySource: 'IDENTITY_CENTER',
        Mfa: { Prompt: 'CONTEXT_AWARE', Types: ['WEBAUTHN', 'TOTP'], NoDevice: 'REQUIRE_REGISTRATION', SelfService: true },
      }),
    },
  });
});

const button = (name: string | RegExp) => screen.findByRole('button', { name });

describe('the identity source', () => {
  it.each([
    // G-10 to G-15, G-19, G-52, G-54
    ['Active Directory', [/must be enabled in the Region in which the AWS Managed Microsoft AD directory is set up/, /It keeps its assignments in that Region/,
      /in AWS Directory Service, in the management account; with delegated administration, in the delegated administrator account/,
      /One AD Connector or one AWS Managed Microsoft AD can be connected at a time. Several domains or forests need AWS Managed Microsoft AD/,
      /credentials of the AD Connector's service account must be right and not expired/, /configure the sync to bring the users who are to get administrative permission/,
      /or RADIUS MFA configured in AWS Directory Service/]],
    // G-16, G-18, G-53, Q-18
    ['External identity provider', [/The NameID format must be urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress/,
      /First sync the one user who is to get administrative permission, and only then configure group-based automatic provisioning/,
      /IAM Identity Center's MFA is not supported with an external identity provider/]],
  ])('says what %s needs before it can be the source', async (source, points) => {
    const { user } = openConsole('/singlesignon/settings/identity-source');
    await user.click(await screen.findByRole('radio', { name: new RegExp(source) }));
    await user.click(await button('Next'));
    for (const point of points) expect(screen.getByText(point)).toBeTruthy();
  });

  it('has certificates and sync where the guide says, and says why they cannot be used yet (G-17, G-20, G-21, G-23)', async () => {
    const { user } = openConsole('/singlesignon/settings', {}, 'ja');
    expect(await screen.findByRole('tab', { name: 'ID ソース', selected: true })).toBeTruthy();
    await user.click(await button('アクション'));
    expect((await screen.findByRole('menuitem', { name: /認証の管理/ })).getAttribute('aria-disabled')).toBe('true');
    await user.click(screen.getByRole('menuitem', { name: '同期を管理' }));
    expect(await screen.findByRole('heading', { level: 1, name: '同期を管理' })).toBeTruthy();
    expect(screen.getByRole('tab', { name: 'ユーザー', selected: true })).toBeTruthy();
    expect((await button('ユーザーとグループを追加')).getAttribute('aria-disabled')).toBe('true');
    expect(screen.getByText('同期スコープには何もありません。')).toBeTruthy();
  });

  it('names the four causes of "It\'s not you, it\'s us" (M-33 to M-35)', async () => {
    const { user } = openConsole('/singlesignon/settings');
    await user.click(await button(/It's not you, it's us/));
    expect(screen.getByText(/synchronize it with a Network Time Protocol \(NTP\) server/)).toBeTruthy();
    expect(screen.getByText(/the one uploaded here is not the one that the identity provider signs with/)).toBeTruthy();
    expect(screen.getByText(/credentials of its service account are wrong or expired/)).toBeTruthy();
  });
});
