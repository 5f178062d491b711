/** Applications of an instance and the calls that configure them (G-60, behaviours.md 6.11). */
import {
  CreateApplicationCommand,
  DeleteApplicationAccessScopeCommand,
  DeleteApplicationGrantCommand,
  ListTrustedTokenIssuersCommand,
  PutApplicationAccessScopeCommand,
  PutApplicationAssignmentConfigurationCommand,
  PutApplicationGrantCommand,
  type GrantType,
  type SSOAdminClient,
  type TrustedTokenIssuerMetadata,
} from '@aws-sdk/client-sso-admin';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useClients } from '../../console';
import type { Instance } from '../enable/WithInstance';
import { allPages } from '../../sdk/allPages';
import { lines, toApi, type Grants, type Scope } from './oauth';

export const CUSTOM = 'arn:aws:sso::aws:applicationProvider/custom';

export const applicationsKey = ['sso-admin', 'applications'] as const;
export const issuersKey = ['sso-admin', 'token-issuers'] as const;

export const applicationsHref = '/singlesignon/applications';

/** An ARN has slashes, so it is the whole rest of the address. */
export const applicationHref = (arn: string): string => `${applicationsHref}/details/${arn}`;

/** The instance's trusted token issuers, of which there are at most ten. */
export function useTokenIssuers(instance: Instance): UseQueryResult<TrustedTokenIssuerMetadata[]> {
  const { ssoAdmin } = useClients();
  return useQuery({
    queryKey: issuersKey,
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      return allPages(
        (NextToken) => client.send(new ListTrustedTokenIssuersCommand({ InstanceArn: instance.arn, NextToken, MaxResults: 100 }), { abortSignal: signal }),
        (page) => page.TrustedTokenIssuers,
      );
    },
  });
}

export interface NewApplication {
  name: string;
  description: string;
  visible: boolean;
  /** '' for none. */
  url: string;
  assignmentRequired: boolean;
  grants: Grants;
  scopes: readonly Scope[];
}

type Step = [what: string, run: () => Promise<unknown>];

/**
 * Makes a custom application and configures it. Once it is there, what cannot be
 * configured is told and does not hold up the rest; that it cannot be made is thrown.
 */
export async function createApplication(
  sso: SSOAdminClient,
  instance: Instance,
  { name, description, visible, url, assignmentRequired, grants, scopes }: NewApplication,
  /** Of the part that is no grant or scope. */
  assignmentWords: string,
  Tags: { Key: string; Value: string }[],
): Promise<{ arn: string; missing: { what: string; error: unknown }[] }> {
  const { ApplicationArn = '' } = await sso.send(
    new CreateApplicationCommand({
      InstanceArn: instance.arn,
      ApplicationProviderArn: CUSTOM,
      Name: name,
      ...(description && { Description: description }),
      PortalOptions: {
        Visibility: visible ? 'ENABLED' : 'DISABLED',
        ...(url && { SignInOptions: { Origin: 'APPLICATION' as const, ApplicationUrl: url } }),
      },
      ...(Tags.length > 0 && { Tags }),
    }),
  );
  const steps: Step[] = [
    // Required is what an application begins with.
    ...(assignmentRequired ? [] : [[assignmentWords, () => sso.send(new PutApplicationAssignmentConfigurationCommand({ ApplicationArn, AssignmentRequired: false }))] as Step]),
    ...[...toApi(grants)].map(([type, grant]): Step => [type, () => sso.send(new PutApplicationGrantCommand({ ApplicationArn, GrantType: type, Grant: grant }))]),
    ...scopes.map((scope): Step => [scope.name, () => putScope(sso, ApplicationArn, scope)]),
  ];
  const missing: { what: string; error: unknown }[] = [];
  for (const [what, run] of steps) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- changes of one application, one after the other
      await run();
    } catch (error) {
      missing.push({ what, error });
    }
  }
  return { arn: ApplicationArn, missing };
}

function putScope(sso: SSOAdminClient, ApplicationArn: string, { name, targets }: Scope): Promise<unknown> {
  const arns = lines(targets);
  return sso.send(new PutApplicationAccessScopeCommand({ ApplicationArn, Scope: name, ...(arns.length > 0 && { AuthorizedTargets: arns }) }));
}

/** Makes the application's grants those that are wanted. */
export async function saveGrants(sso: SSOAdminClient, ApplicationArn: string, before: Grants, after: Grants): Promise<void> {
  const wanted = toApi(after);
  for (const [type, grant] of wanted) {
    // oxlint-disable-next-line no-await-in-loop
    await sso.send(new PutApplicationGrantCommand({ ApplicationArn, GrantType: type, Grant: grant }));
  }
  for (const type of toApi(before).keys()) {
    // oxlint-disable-next-line no-await-in-loop
    if (!wanted.has(type)) await sso.send(new DeleteApplicationGrantCommand({ ApplicationArn, GrantType: type as GrantType }));
  }
}

/** Makes the application's scopes those that are wanted. */
export async function saveScopes(sso: SSOAdminClient, ApplicationArn: string, before: readonly Scope[], after: readonly Scope[]): Promise<void> {
  const wanted = new Set(after.map(({ name }) => name));
  // Those that go come first, to make room within the limit.
  for (const { name } of before) {
    // oxlint-disable-next-line no-await-in-loop
    if (!wanted.has(name)) await sso.send(new DeleteApplicationAccessScopeCommand({ ApplicationArn, Scope: name }));
  }
  for (const scope of after) {
    const had = before.find(({ name }) => name === scope.name);
    // oxlint-disable-next-line no-await-in-loop
    if (had?.targets !== scope.targets) await putScope(sso, ApplicationArn, scope);
  }
}
