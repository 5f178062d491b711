import { DeleteRolePermissionsBoundaryCommand, DeleteUserPermissionsBoundaryCommand, ListEntitiesForPolicyCommand, type IAMClient } from '@aws-sdk/client-iam';
import Link from '@cloudscape-design/components/link';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { EntityTable } from '../../ui/EntityTable';
import { detachPolicy, type Holder } from '../permissions/holders';
import { policyMessages } from './messages';
import { wholeList } from '../../ui/useList';

/** Who has a policy, for what it allows or as boundary. */
export interface Entity extends Holder {
  boundary: boolean;
}

/** Everybody who has the policy, in whichever way. */
export async function entitiesOf(iam: IAMClient, arn: string, abortSignal?: AbortSignal): Promise<Entity[]> {
  const found: Entity[] = [];
  for (const boundary of [false, true]) {
    let Marker: string | undefined;
    do {
      // oxlint-disable-next-line no-await-in-loop -- a page names the next
      const page = await iam.send(
        new ListEntitiesForPolicyCommand({ PolicyArn: arn, Marker, PolicyUsageFilter: boundary ? 'PermissionsBoundary' : 'PermissionsPolicy' }),
        abortSignal && { abortSignal },
      );
      found.push(
        ...(page.PolicyUsers ?? []).map(({ UserName = '' }) => ({ kind: 'user' as const, name: UserName, boundary })),
        ...(page.PolicyGroups ?? []).map(({ GroupName = '' }) => ({ kind: 'group' as const, name: GroupName, boundary })),
        ...(page.PolicyRoles ?? []).map(({ RoleName = '' }) => ({ kind: 'role' as const, name: RoleName, boundary })),
      );
      Marker = page.IsTruncated ? page.Marker : undefined;
    } while (Marker);
  }
  return found;
}

/** Takes the policy from all of them, one after the other: the first refusal ends it. */
export async function detachFromAll(iam: IAMClient, arn: string, entities: readonly Entity[]): Promise<void> {
  for (const { boundary, ...holder } of entities) {
    // oxlint-disable no-await-in-loop
    if (!boundary) await detachPolicy(iam, holder, arn);
    else if (holder.kind === 'user') await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: holder.name }));
    else await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: holder.name }));
    // oxlint-enable no-await-in-loop
  }
}

export function AttachedEntities({ arn }: { arn: string }) {
  const t = useMessages(policyMessages);
  const { iam } = useClients();
  const query = useQuery({ queryKey: ['iam', 'entities', arn], queryFn: async ({ signal }) => entitiesOf(await iam(), arn, signal) });
  return (
    <EntityTable<Entity>
      variant="container"
      list={wholeList(query)}
      title={t.entities}
      trackBy={({ kind, name, boundary }) => `${kind}/${name}/${boundary}`}
      text={({ name }) => name}
      empty={t.noEntities}
      columns={[
        { id: 'name', header: t.entity, isRowHeader: true, sortingField: 'name', cell: ({ kind, name }) => <Link href={`/iam/${kind}s/${encodeURIComponent(name)}`}>{name}</Link> },
        { id: 'kind', header: t.type, sortingField: 'kind', cell: ({ kind, boundary }) => `${t.entityKind[kind]}${boundary ? ` (${t.entityKind.boundary})` : ''}` },
      ]}
    />
  );
}
