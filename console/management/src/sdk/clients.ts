/**
 * The console's API clients: AWS's own SDK against `/api/<service>` of this origin, which
 * knows the person by the session cookie. A client's code is fetched when a page first
 * asks for it.
 */
import type { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import type { AccountClient } from '@aws-sdk/client-account';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { STSClient } from '@aws-sdk/client-sts';
import type { SupportClient } from '@aws-sdk/client-support';
import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { CSRF_HEADER } from '../../../shared/csrf';
import { isSessionEnd } from '../failure';

export interface Clients {
  iam: () => Promise<IAMClient>;
  sts: () => Promise<STSClient>;
  account: () => Promise<AccountClient>;
  support: () => Promise<SupportClient>;
  cloudTrail: () => Promise<CloudTrailClient>;
  accessAnalyzer: () => Promise<AccessAnalyzerClient>;
  organizations: () => Promise<OrganizationsClient>;
  ssoAdmin: () => Promise<SSOAdminClient>;
  identityStore: () => Promise<IdentitystoreClient>;
}

export const REGION_HEADER = 'x-sekisho-region';
/** Whom the page was made for: the server refuses a page that is older than a change of identity in another tab. */
export const PRINCIPAL_HEADER = 'x-sekisho-principal';

export interface ClientOptions {
  region: string;
  /** The ARN of whom the page was made for. */
  principal: string;
  /** Called whenever the server no longer knows the session. */
  onSessionEnded: () => void;
  origin?: string;
}

export function createClients({ region, principal, onSessionEnded, origin = location.origin }: ClientOptions): Clients {
  const config = (service: string) => ({
    endpoint: `${origin}/api/${service}`,
    region,
    // An answer may hold credentials: none may reach the browser's cache.
    requestHandler: new FetchHttpHandler({ cache: 'no-store', requestTimeout: 30_000 }),
    // The SDK insists on credentials; the server goes by the cookie, which script cannot read.
    credentials: { accessKeyId: 'session', secretAccessKey: 'cookie' },
    signer: { sign: async <T>(request: T) => request },
  });

  function adorn<C extends { middlewareStack: { add: (...args: never[]) => void } }>(client: C): C {
    const stack = client.middlewareStack as unknown as Stack;
    stack.add(
      (next) => async (args) => {
        args.request.headers[CSRF_HEADER.name] = CSRF_HEADER.value;
        args.request.headers[REGION_HEADER] = region;
        args.request.headers[PRINCIPAL_HEADER] = principal;
        return next(args);
      },
      { step: 'build', name: 'consoleHeaders' },
    );
    stack.add(
      (next) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (isSessionEnd(error)) onSessionEnded();
          throw error;
        }
      },
      { step: 'initialize', name: 'sessionEnded' },
    );
    return client;
  }

  return {
    iam: once(async () => adorn(new (await import('./iam')).IAMClient(config('iam')))),
    sts: once(async () => adorn(new (await import('./sts')).STSClient(config('sts')))),
    account: once(async () => adorn(new (await import('./account')).AccountClient(config('account')))),
    support: once(async () => adorn(new (await import('./support')).SupportClient(config('support')))),
    accessAnalyzer: once(async () => adorn(new (await import('./accessanalyzer')).AccessAnalyzerClient(config('accessanalyzer')))),
    cloudTrail: once(async () => adorn(new (await import('./cloudtrail')).CloudTrailClient(config('cloudtrail')))),
    organizations: once(async () => adorn(new (await import('./organizations')).OrganizationsClient(config('organizations')))),
    ssoAdmin: once(async () => adorn(new (await import('./ssoAdmin')).SSOAdminClient(config('sso-admin')))),
    identityStore: once(async () => adorn(new (await import('./identityStore')).IdentitystoreClient(config('identitystore')))),
  };
}

/** The part of a client's middleware stack that is the same for every service. */
interface Stack {
  add: (middleware: (next: Next) => Next, options: { step: 'build' | 'initialize'; name: string }) => void;
}

type Next = (args: { request: { headers: Record<string, string> } }) => Promise<unknown>;

/** Makes it when first asked; a failure, such as code that could not be fetched, is not kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
