/** Permission sets as lists and pickers show them (G-33). */
import { DescribePermissionSetCommand, ListAccountsForProvisionedPermissionSetCommand, ListPermissionSetsCommand, type PermissionSet, type SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useClients } from '../../console';
import { useList, type List } from '../../ui/useList';
import type { Instance } from '../enable/WithInstance';
import { mapPool } from './pool';

export type DescribedSet = PermissionSet & { Name: string; PermissionSetArn: string };

/** Every list and description of sets: invalidate it after a change to any. */
export const setsKey = ['sso-admin', 'permission-sets'] as const;

export const setKey = (arn: string) => ['sso-admin', 'permission-set', arn] as const;

/** The id that ends a set's ARN, `ps-…`. */
export const setId = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The ARN of the instance's set with that id; `arn:aws:sso:::instance/ssoins-…` gives the rest (behaviours.md 1.1). */
export const setArn = (instance: Instance, id: string): string => `${instance.arn.replace(':instance/', ':permissionSet/')}/${id}`;

export const setHref = (arn: string): string => `/singlesignon/permission-sets/${encodeURIComponent(setId(arn))}`;

const PAGE_SIZE = 50;

/** The instance's sets, a page at a time, each with its description, which the list itself does not tell. */
export function usePermissionSets(instance: Instance): List<DescribedSet> {
  const { ssoAdmin } = useClients();
  return useList(setsKey, async (NextToken, abortSignal) => {
    const client = await ssoAdmin();
    const page = await client.send(new ListPermissionSetsCommand({ InstanceArn: instance.arn, NextToken, MaxResults: PAGE_SIZE }), { abortSignal });
    return { items: await mapPool(page.PermissionSets ?? [], (arn) => describeSet(client, instance, arn, abortSignal)), marker: page.NextToken || undefined };
  });
}

export async function describeSet(client: SSOAdminClient, { arn: InstanceArn }: Instance, arn: string, abortSignal?: AbortSignal): Promise<DescribedSet> {
  const { PermissionSet: set } = await client.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: arn }), abortSignal ? { abortSignal } : {});
  const { Description, ...rest } = set ?? {};
  // A blank stands for none: the API takes no empty text in place of another.
  return { ...rest, ...(Description?.trim() && { Description }), Name: set?.Name ?? setId(arn), PermissionSetArn: arn };
}

/** How long a set's name is taken for known, in milliseconds: it cannot be changed. */
const FRESH = 300_000;

/** Names sets by their ARNs; one that may not be read, or is gone, is named by its id. */
export function useSetNames(instance: Instance): (arn: string) => Promise<string> {
  const queries = useQueryClient();
  const { ssoAdmin } = useClients();
  return useCallback(async (arn) => setName(queries, await ssoAdmin(), instance, arn), [queries, ssoAdmin, instance]);
}

function setName(queries: QueryClient, client: SSOAdminClient, instance: Instance, arn: string): Promise<string> {
  return queries.fetchQuery({
    queryKey: ['sso-admin', 'permission-set-name', arn],
    staleTime: FRESH,
    retry: false,
    queryFn: async () => {
      try {
        return (await describeSet(client, instance, arn)).Name;
      } catch {
        return setId(arn);
      }
    },
  });
}

/** Whether any account has the set. */
export async function isProvisioned(client: SSOAdminClient, { arn: InstanceArn }: Instance, PermissionSetArn: string, abortSignal: AbortSignal): Promise<boolean> {
  const { AccountIds = [] } = await client.send(new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn, PermissionSetArn, MaxResults: 1 }), { abortSignal });
  return AccountIds.length > 0;
}

/** Minutes of an ISO 8601 duration such as PT1H or PT90M; 60, the default, of what is none (G-36). */
export function minutesOf(duration: string | undefined): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration ?? '') ?? [];
  return Number(days) * 1440 + Number(hours) * 60 + Number(minutes) + Math.round(Number(seconds) / 60) || 60;
}

/** What a session may last, in hours (G-38). */
export const SESSION_HOURS: readonly number[] = Array.from({ length: 12 }, (_, i) => i + 1);

export const durationOf = (minutes: number): string => (minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`);
