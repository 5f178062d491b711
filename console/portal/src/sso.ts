/**
 * The portal's API client: AWS's own SDK against the server's portal API on this origin,
 * which knows the person by the session cookie.
 */
import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  SSOClient,
  type AccountInfo,
} from '@aws-sdk/client-sso';
import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { CSRF_HEADER } from '../../shared/csrf';
import { toFailure } from '../../shared/failure';
import type { RoleCredentials } from './credentials/snippets';

/** An account in which the person may take at least one role. */
export interface Account {
  id: string;
  name: string;
  email: string;
}

export interface AccountPage {
  accounts: Account[];
  nextToken: string | undefined;
}

/** The most that ListAccounts and ListAccountRoles give at once. */
const PAGE_SIZE = 100;

/** The SDK insists on a token; the server goes by the cookie, which script cannot read. */
const accessToken = 'session-cookie';

export interface Portal {
  listAccounts(nextToken: string | undefined, abortSignal: AbortSignal): Promise<AccountPage>;
  /** The names of the permission sets assigned to the person in the account, all pages, sorted. */
  listRoles(accountId: string, abortSignal: AbortSignal): Promise<string[]>;
  getCredentials(accountId: string, roleName: string, abortSignal: AbortSignal): Promise<RoleCredentials>;
}

/** @param onSessionEnded is called whenever the server no longer knows the session. */
export function createPortal(endpoint: string, region: string, onSessionEnded: () => void): Portal {
  const client = new SSOClient({
    endpoint,
    region,
    // An answer may hold credentials: none may reach the browser's cache.
    requestHandler: new FetchHttpHandler({ cache: 'no-store', requestTimeout: 30_000 }),
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      (args.request as { headers: Record<string, string> }).headers[CSRF_HEADER.name] = CSRF_HEADER.value;
      return next(args);
    },
    { step: 'build', name: 'csrfHeader' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (toFailure(error).kind === 'sessionEnded') onSessionEnded();
        throw error;
      }
    },
    { step: 'initialize', name: 'sessionEnded' },
  );

  return {
    async listAccounts(nextToken, abortSignal) {
      const page = await client.send(new ListAccountsCommand({ accessToken, maxResults: PAGE_SIZE, nextToken }), { abortSignal });
      return { accounts: (page.accountList ?? []).map(toAccount), nextToken: page.nextToken };
    },
    async listRoles(accountId, abortSignal) {
      const names: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await client.send(new ListAccountRolesCommand({ accessToken, accountId, maxResults: PAGE_SIZE, nextToken }), {
          abortSignal,
        });
        for (const role of page.roleList ?? []) if (role.roleName) names.push(role.roleName);
        nextToken = page.nextToken;
      } while (nextToken);
      return names.toSorted((a, b) => a.localeCompare(b, 'en'));
    },
    async getCredentials(accountId, roleName, abortSignal) {
      const { roleCredentials: c } = await client.send(new GetRoleCredentialsCommand({ accessToken, accountId, roleName }), { abortSignal });
      if (!c?.accessKeyId || !c.secretAccessKey || !c.sessionToken || !c.expiration) {
        throw new Error('GetRoleCredentials answered without credentials');
      }
      return { accessKeyId: c.accessKeyId, secretAccessKey: c.secretAccessKey, sessionToken: c.sessionToken, expiration: c.expiration };
    },
  };
}

function toAccount({ accountId, accountName, emailAddress }: AccountInfo): Account {
  return { id: accountId ?? '', name: accountName || accountId || '', email: emailAddress ?? '' };
}
