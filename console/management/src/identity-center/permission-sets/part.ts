/** The parts of a permission set that are read and changed on their own: its lists of policies, its document, its boundary. */
import { useQueryClient } from '@tanstack/react-query';
import type { DescribedSet } from '../access/permissionSets';
import type { Instance } from '../enable/WithInstance';

export interface PartProps {
  instance: Instance;
  set: DescribedSet;
  /** Called after each change, which is to go to the accounts. */
  onChanged: () => Promise<void>;
}

export interface Part {
  /** Names the set to its APIs. */
  of: { InstanceArn: string; PermissionSetArn: string };
  queryKey: readonly string[];
  /** Reads the part anew, after a change. */
  changed: () => Promise<void>;
}

export function usePart(part: string, { instance, set, onChanged }: PartProps): Part {
  const queries = useQueryClient();
  const queryKey = ['sso-admin', 'set-permissions', set.PermissionSetArn, part] as const;
  return {
    of: { InstanceArn: instance.arn, PermissionSetArn: set.PermissionSetArn },
    queryKey,
    changed: async () => {
      await queries.invalidateQueries({ queryKey });
      await onChanged();
    },
  };
}

/** Changes of one set, which the server does one at a time. The first that fails ends it. */
export async function inTurn<T>(items: readonly T[], change: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) {
    // oxlint-disable-next-line no-await-in-loop
    await change(item);
  }
}
