import { ListAccountsForProvisionedPermissionSetCommand } from '@aws-sdk/client-sso-admin';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClients } from '../../console';
import type { Instance } from '../enable/WithInstance';
import { allPages } from '../../sdk/allPages';
import { isProvisioned, type DescribedSet } from '../access/permissionSets';
import { provisionWork, underWay, type ProvisionWork } from '../access/provisioning';
import { useWorks } from '../access/useWorks';
import type { WorkProgress } from '../access/works';

export interface Provisioning {
  /** Undefined where nothing was begun, or it was dismissed. */
  progress: WorkProgress | undefined;
  /** How many accounts are not up to date; undefined while not known. */
  left: number | undefined;
  /** Share of the accounts that were behind that no longer are, 0 to 100. */
  percent: number;
  /** Brings the set to all accounts that have it; does nothing where none has. */
  begin: () => Promise<void>;
  dismiss: () => void;
}

export const accountsOfSetKey = (arn: string) => ['sso-admin', 'accounts-of-set', arn] as const;

/** How often the accounts that are behind are counted while the work goes on, in milliseconds. */
const COUNT_EVERY = 2_000;

/**
 * Brings changes of a set to the accounts, as AWS's console does after each (behaviours.md 6.4).
 * Work that is under way already, begun by another page or before this one was reloaded, is shown too.
 */
export function useProvisioning(instance: Instance, set: DescribedSet): Provisioning {
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const works = useWorks<ProvisionWork>();
  const [shown, setShown] = useState(false);
  const [most, setMost] = useState(0);
  // Changed again while the last change is still on its way.
  const again = useRef(false);
  const arn = set.PermissionSetArn;
  const [piece] = works.pieces;
  const progress = shown && piece ? works.progressOf(piece) : undefined;
  const running = progress !== undefined && !works.over;
  const { run } = works;

  const start = useCallback(
    (from?: ProvisionWork['start']) => {
      setShown(true);
      setMost(0);
      const work = provisionWork(ssoAdmin, instance, { arn, name: set.Name }, '');
      run([from ? { ...work, start: from } : work]);
    },
    [run, ssoAdmin, instance, arn, set.Name],
  );

  const begin = async () => {
    if (running) {
      again.current = true;
      return;
    }
    if (await isProvisioned(await ssoAdmin(), instance, arn, new AbortController().signal)) start();
  };

  // What goes on already is followed rather than begun.
  const before = useQuery({
    queryKey: ['sso-admin', 'under-way', arn],
    queryFn: async ({ signal }) => (await underWay(await ssoAdmin(), instance, arn, signal)) ?? null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const followed = useRef('');
  useEffect(() => {
    const status = before.data;
    if (!status?.RequestId || followed.current === status.RequestId || running) return;
    followed.current = status.RequestId;
    start(() => Promise.resolve(status));
  }, [before.data, running, start]);

  const over = shown && works.over;
  useEffect(() => {
    if (!over) return;
    void queries.invalidateQueries({ queryKey: accountsOfSetKey(arn) });
    void queries.invalidateQueries({ queryKey: ['sso-admin', 'behind', arn] });
    if (again.current) {
      again.current = false;
      start();
    }
  }, [over, queries, arn, start]);

  const { data: left } = useQuery({
    queryKey: ['sso-admin', 'behind', arn],
    enabled: shown,
    refetchInterval: running ? COUNT_EVERY : false,
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      const behind = await allPages(
        (NextToken) =>
          client.send(
            new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn: instance.arn, PermissionSetArn: arn, ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED', NextToken, MaxResults: 100 }),
            { abortSignal: signal },
          ),
        (page) => page.AccountIds,
      );
      return behind.length;
    },
  });
  if (left !== undefined && left > most) setMost(left);

  return {
    progress,
    left,
    percent: progress?.state === 'done' ? 100 : most > 0 && left !== undefined ? ((most - left) / most) * 100 : 0,
    begin,
    dismiss: () => setShown(false),
  };
}
