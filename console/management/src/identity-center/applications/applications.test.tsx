// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import { openConsole, prepareConsole } from '../../testing/openConsole';
import { refuse, serve, type Call } from '../../testing/services';
import { fakeInstance, INSTANCE } from '../access/fakeInstance';
import { CUSTOM } from './applications';

prepareConsole();
// What the pages import is compiled before any test waits for a page.
beforeAll(() => import('./ApplicationsPage'), 120_000);

const APP = 'arn:aws:sso::111122223333:application/ssoins-1111222233334444/apl-0123456789abcdef';
const ISSUER = 'arn:aws:sso::111122223333:trustedTokenIssuer/ssoins-1111222233334444/tti-1';

const of = (calls: Call[], operation: string) => calls.filter((call) => call.operation === operation).map(({ input }) => input);

function server() {
  const { services } = fakeInstance();
  const application = { ApplicationArn: APP, ApplicationProviderArn: CUSTOM, Name: 'Reports', ApplicationAccount: '111122223333', Status: 'ENABLED', PortalOptions: { Visibility: 'ENABLED' }, CreatedDate: 1_767_225_600 };
  const aws = { ...application, ApplicationArn: `${APP}2`, ApplicationProviderArn: 'arn:aws:sso::aws:applicationProvider/q', Name: 'Amazon Q' };
  const assigned: object[] = [];
  const sso = {
    ...services['sso-admin'],
    ListApplications: ({ Filter }: { Filter?: { ApplicationProvider: string } }) => ({ Applications: Filter ? [application] : [application, aws] }),
    DescribeApplication: () => application,
    CreateApplication: () => ({ ApplicationArn: APP }),
    PutApplicationGrant: () => ({}),
    PutApplicationAccessScope: () => ({}),
    DeleteApplicationGrant: () => ({}),
    PutApplicationAssignmentConfiguration: () => ({}),
    GetApplicationAssignmentConfiguration: () => ({ AssignmentRequired: true }),
    ListApplicationAssignments: () => ({ ApplicationAssignments: assigned }),
    CreateApplicationAssignment: (input: object) => void assigned.push(input),
    ListApplicationGrants: () => ({ Grants: [{ GrantType: 'refresh_token', Grant: { RefreshToken: {} } }] }),
    ListApplicationAccessScopes: () => ({ Scopes: [] }),
    ListApplicationAuthenticationMethods: () => ({ AuthenticationMethods: [] }),
    GetApplicationSessionConfiguration: () => ({}),
    UpdateApplication: () => ({}),
    ListTrustedTokenIssuers: () => ({ TrustedTokenIssuers: [{ TrustedTokenIssuerArn: ISSUER, Name: 'partner' }] }),
    DescribeTrustedTokenIssuer: () => ({
      TrustedTokenIssuerArn: ISSUER, Name: 'partner',
      TrustedTokenIssuerConfiguration: { OidcJwtConfiguration: { IssuerUrl: 'https://partner.example.com', ClaimAttributePath: 'email', IdentityStoreAttributePath: 'emails.value', JwksRetrievalOption: 'OPEN_ID_DISCOVERY' } },
    }),
    CreateTrustedTokenIssuer: () => ({ TrustedTokenIssuerArn: ISSUER }),
  };
  return { ...services, 'sso-admin': sso };
}

describe('applications (G-60)', () => {
  it('are told apart: one’s own, and those of AWS’s services', async () => {
    serve(server());
    const { user } = openConsole('/singlesignon/applications');
    expect((await screen.findByRole('link', { name: 'Reports' })).getAttribute('href')).toBe(`/singlesignon/applications/details/${APP}`);
    expect(screen.queryByText('Amazon Q')).toBeNull();
    await user.click(screen.getByRole('tab', { name: 'AWS managed' }));
    expect(await screen.findByRole('link', { name: 'Amazon Q' })).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Reports' })).toBeNull();
  });

  it('are registered with grants and scopes, and nothing that would send people or codes astray', async () => {
    const calls = serve(server());
    const { user, router } = openConsole('/singlesignon/applications/create');
    expect(await screen.findByText('SAML 2.0 applications cannot be added yet.')).toBeTruthy();
    await user.type(screen.getByRole('textbox', { name: /Display name/ }), 'Reports');
    await user.type(screen.getByRole('textbox', { name: /Application URL/ }), 'javascript:alert(1)');
    await user.click(screen.getByRole('checkbox', { name: /Authorization code/ }));
    await user.type(screen.getByRole('textbox', { name: /Redirect URIs/ }), 'http://reports.example.com/cb');
    await user.click(screen.getByRole('button', { name: 'Submit' }));
    // Script in place of an address, and a code that could be read on its way.
    expect(await screen.findByText(/Enter a URL that begins with/)).toBeTruthy();
    expect(screen.getByText(/Enter 1 to 10 redirect URIs/)).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: /Application URL/ }));
    expect(of(calls, 'CreateApplication')).toEqual([]);

    const url = screen.getByRole('textbox', { name: /Application URL/ });
    await user.clear(url);
    await user.type(url, 'https://reports.example.com');
    const uris = screen.getByRole('textbox', { name: /Redirect URIs/ });
    await user.clear(uris);
    await user.type(uris, 'https://reports.example.com/cb');
    await user.click(screen.getByRole('button', { name: 'Add scope' }));
    await user.type(screen.getByRole('textbox', { name: /Scope/ }), 'sso:account:access');
    await user.click(screen.getByRole('radio', { name: /^Do not require assignments/ }));
    await user.click(screen.getByRole('button', { name: 'Submit' }));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/singlesignon/applications/details/${APP}`));
    expect(of(calls, 'CreateApplication')[0]).toMatchObject({
      InstanceArn: INSTANCE, ApplicationProviderArn: CUSTOM, Name: 'Reports', PortalOptions: { Visibility: 'ENABLED', SignInOptions: { Origin: 'APPLICATION', ApplicationUrl: 'https://reports.example.com' } },
    });
    expect(of(calls, 'PutApplicationGrant')).toEqual([{ ApplicationArn: APP, GrantType: 'authorization_code', Grant: { AuthorizationCode: { RedirectUris: ['https://reports.example.com/cb'] } } }]);
    expect(of(calls, 'PutApplicationAccessScope')).toEqual([{ ApplicationArn: APP, Scope: 'sso:account:access' }]);
    expect(of(calls, 'PutApplicationAssignmentConfiguration')).toEqual([{ ApplicationArn: APP, AssignmentRequired: false }]);
  });

  it('tell what one that was registered did not get', async () => {
    const services = server();
    serve({ ...services, 'sso-admin': { ...services['sso-admin'], PutApplicationGrant: () => refuse('ValidationException', 'grant refused') } });
    const { user } = openConsole('/singlesignon/applications/create');
    await user.type(await screen.findByRole('textbox', { name: /Display name/ }), 'Reports');
    await user.type(screen.getByRole('textbox', { name: /Application URL/ }), 'https://reports.example.com');
    await user.click(screen.getByRole('checkbox', { name: /Refresh token/ }));
    await user.click(screen.getByRole('button', { name: 'Submit' }));
    expect((await screen.findAllByText('refresh_token: grant refused')).length).toBeGreaterThan(0);
  });

  it('are assigned to users and groups', async () => {
    const calls = serve(server());
    const { user } = openConsole(`/singlesignon/applications/details/${APP}`);
    await user.click(await screen.findByRole('button', { name: 'Assign users and groups' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(await within(dialog).findByRole('checkbox', { name: 'Select jane' }));
    await user.click(within(dialog).getByRole('button', { name: 'Assign' }));
    expect(await screen.findByRole('link', { name: 'jane' })).toBeTruthy();
    expect(of(calls, 'CreateApplicationAssignment')).toEqual([{ ApplicationArn: APP, PrincipalType: 'USER', PrincipalId: 'user-jane' }]);
  });

  it('exchange one grant for another', async () => {
    const calls = serve(server());
    const { user } = openConsole(`/singlesignon/applications/details/${APP}?section=authentication`);
    await user.click(await screen.findByRole('button', { name: 'Edit grants' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('checkbox', { name: /Refresh token/ }));
    await user.click(within(dialog).getByRole('checkbox', { name: /JWT bearer/ }));
    await user.click(await within(dialog).findByRole('checkbox', { name: 'partner' }));
    await user.type(within(dialog).getByRole('textbox', { name: /Audiences: partner/ }), 'reports');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(of(calls, 'DeleteApplicationGrant')).toEqual([{ ApplicationArn: APP, GrantType: 'refresh_token' }]));
    expect(of(calls, 'PutApplicationGrant')).toEqual([
      { ApplicationArn: APP, GrantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer', Grant: { JwtBearer: { AuthorizedTokenIssuers: [{ TrustedTokenIssuerArn: ISSUER, AuthorizedAudiences: ['reports'] }] } } },
    ]);
  });
});

describe('trusted token issuers', () => {
  it('are made, of https only', async () => {
    const calls = serve(server());
    const { user } = openConsole('/singlesignon/applications/token-issuers');
    expect(await screen.findByText('email = E-mail address')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Create trusted token issuer' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByRole('textbox', { name: /^Name/ }), 'other');
    const url = within(dialog).getByRole('textbox', { name: /Issuer URL/ });
    await user.type(url, 'http://issuer.example.com');
    await user.click(within(dialog).getByRole('button', { name: 'Create trusted token issuer' }));
    expect(within(dialog).getByText(/Enter a URL that begins with https/)).toBeTruthy();
    await user.clear(url);
    await user.type(url, 'https://issuer.example.com');
    await user.click(within(dialog).getByRole('button', { name: 'Create trusted token issuer' }));
    await waitFor(() => expect(of(calls, 'CreateTrustedTokenIssuer')).toHaveLength(1));
    expect(of(calls, 'CreateTrustedTokenIssuer')[0]).toMatchObject({
      InstanceArn: INSTANCE, Name: 'other', TrustedTokenIssuerType: 'OIDC_JWT',
      TrustedTokenIssuerConfiguration: { OidcJwtConfiguration: { IssuerUrl: 'https://issuer.example.com', ClaimAttributePath: 'email', IdentityStoreAttributePath: 'emails.value', JwksRetrievalOption: 'OPEN_ID_DISCOVERY' } },
    });
  });
});
