// The AWS SDK for JavaScript of the compatibility tests; sdk_test.go says what it is asked.
import * as ssoModule from '@aws-sdk/client-sso';
import * as oidcModule from '@aws-sdk/client-sso-oidc';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** What the command fails with; typed if the SDK has an exception of its own for it. */
async function failure(sdk, client, command) {
  try {
    await client.send(command);
  } catch (e) {
    return {
      code: e.name,
      status: e.$metadata?.httpStatusCode ?? 0,
      typed: sdk[e.name] !== undefined && e instanceof sdk[e.name],
      error: e.error ?? '',
    };
  }
  return { code: '', status: 200 };
}

async function all(pages) {
  const list = [];
  for await (const page of pages) list.push(page);
  return list;
}

const commands = {
  async identity(profile) {
    // By the variable, because the SDK's own clients for the token and the role's credentials are
    // not told of a profile named in code, and would look up their endpoints in the default profile.
    process.env.AWS_PROFILE = profile;
    const sts = new STSClient({ maxAttempts: 1 });
    try {
      const out = await sts.send(new GetCallerIdentityCommand({}));
      return { arn: out.Arn, account: out.Account, userId: out.UserId };
    } catch (e) {
      return { error: e.name, message: e.message };
    }
  },

  async portal(endpoint, accountId, roleName) {
    const { SSOClient, paginateListAccounts, paginateListAccountRoles, GetRoleCredentialsCommand, ListAccountsCommand, LogoutCommand } = ssoModule;
    const accessToken = process.env.COMPAT_ACCESS_TOKEN;
    const client = new SSOClient({ endpoint, region: 'us-east-1', maxAttempts: 1 });
    const accounts = await all(paginateListAccounts({ client, pageSize: 1 }, { accessToken, maxResults: 1 }));
    const roles = await all(paginateListAccountRoles({ client, pageSize: 1 }, { accessToken, accountId, maxResults: 1 }));
    const { roleCredentials } = await client.send(new GetRoleCredentialsCommand({ accessToken, accountId, roleName }));
    const result = {
      accounts: accounts.flatMap((page) => page.accountList.map((a) => a.accountId)),
      accountPages: accounts.length,
      roles: roles.flatMap((page) => page.roleList.map((r) => r.roleName)),
      rolePages: roles.length,
      accessKeyId: roleCredentials.accessKeyId,
      expiration: roleCredentials.expiration,
      failures: {
        'no such role': await failure(ssoModule, client, new GetRoleCredentialsCommand({ accessToken, accountId, roleName: 'NoSuchRole' })),
        'no such token': await failure(ssoModule, client, new ListAccountsCommand({ accessToken: 'no-such-token' })),
        'no such page': await failure(ssoModule, client, new ListAccountsCommand({ accessToken, nextToken: 'no such page' })),
      },
    };
    await client.send(new LogoutCommand({ accessToken }));
    result.failures['after logout'] = await failure(ssoModule, client, new ListAccountsCommand({ accessToken }));
    return result;
  },

  async oidc(endpoint, startUrl) {
    const { SSOOIDCClient, RegisterClientCommand, StartDeviceAuthorizationCommand, CreateTokenCommand } = oidcModule;
    const client = new SSOOIDCClient({ endpoint, region: 'us-east-1', maxAttempts: 1 });
    const registered = await client.send(new RegisterClientCommand({ clientName: 'compat', clientType: 'public', scopes: ['sso:account:access'] }));
    const me = { clientId: registered.clientId, clientSecret: registered.clientSecret };
    const device = await client.send(new StartDeviceAuthorizationCommand({ ...me, startUrl }));
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const poll = { ...me, grantType, deviceCode: device.deviceCode };
    const fail = (command) => failure(oidcModule, client, command);
    const failures = {
      pending: await fail(new CreateTokenCommand(poll)),
      'no such device code': await fail(new CreateTokenCommand({ ...poll, deviceCode: 'x' })),
      'wrong secret': await fail(new CreateTokenCommand({ ...poll, clientSecret: 'x' })),
      'no such refresh token': await fail(new CreateTokenCommand({ ...me, grantType: 'refresh_token', refreshToken: 'x' })),
      'no such grant type': await fail(new CreateTokenCommand({ ...me, grantType: 'password' })),
      'no such scope': await fail(new RegisterClientCommand({ clientName: 'compat', clientType: 'public', scopes: ['everything'] })),
      confidential: await fail(new RegisterClientCommand({ clientName: 'compat', clientType: 'confidential' })),
      'foreign start URL': await fail(new StartDeviceAuthorizationCommand({ ...me, startUrl: 'https://other.awsapps.com/start' })),
    };
    for (let i = 0; i < 10; i++) failures['too fast'] = await fail(new CreateTokenCommand(poll));
    return { failures, expiresIn: device.expiresIn, interval: device.interval, userCode: device.userCode };
  },
};

const [name, ...args] = process.argv.slice(2);
console.log(JSON.stringify(await commands[name](...args)));
