import Link from '@cloudscape-design/components/link';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { EntityTable } from '../../ui/EntityTable';
import { groupHref } from '../groups/groups';
import { attachedPolicies, inlinePolicies, policyHref } from '../permissions/holders';
import { permissionMessages } from '../permissions/messages';
import { wholeList } from '../../ui/useList';
import { userMessages } from './messages';
import { useUserGroups } from './useUserGroups';

interface Row {
  group: string;
  policy: string;
  /** '' for an inline policy of the group. */
  arn: string;
}

/** The policies that a user has by being in groups. */
export function ViaGroups({ user }: { user: string }) {
  const t = useMessages(userMessages).viaGroups;
  const words = useMessages(permissionMessages);
  const { iam } = useClients();
  const groups = useUserGroups(user);
  const names = (groups.data ?? []).map(({ GroupName = '' }) => GroupName);
  const policies = useQuery({
    queryKey: ['iam', 'via-groups', user, names],
    enabled: groups.data !== undefined,
    queryFn: async ({ signal }) => {
      const client = await iam();
      const each = await Promise.all(
        names.map(async (name) => {
          const holder = { kind: 'group' as const, name };
          const [attached, inline] = await Promise.all([attachedPolicies(client, holder, signal), inlinePolicies(client, holder, signal)]);
          return [
            ...attached.map(({ PolicyName = '', PolicyArn = '' }): Row => ({ group: name, policy: PolicyName, arn: PolicyArn })),
            ...inline.map((policy): Row => ({ group: name, policy, arn: '' })),
          ];
        }),
      );
      return each.flat();
    },
  });
  if (groups.error) return <FailureAlert error={groups.error} onRetry={() => void groups.refetch()} />;
  return (
    <EntityTable<Row>
      variant="container"
      list={wholeList(policies)}
      title={t.title}
      description={t.text}
      trackBy={({ group, policy, arn }) => `${group}/${arn || policy}`}
      text={({ group, policy }) => `${group} ${policy}`}
      empty={t.none}
      columns={[
        {
          id: 'name',
          header: words.name,
          isRowHeader: true,
          sortingField: 'policy',
          minWidth: 200,
          cell: ({ policy, arn }) => {
            const text = <span className="long-words">{policy}</span>;
            return arn ? <Link href={policyHref(arn)}>{text}</Link> : text;
          },
        },
        { id: 'type', header: words.type, cell: ({ arn }) => (arn === '' ? words.scope.Inline : arn.startsWith('arn:aws:iam::aws:') ? words.scope.AWS : words.scope.Local) },
        {
          id: 'group',
          header: t.group,
          sortingField: 'group',
          cell: ({ group }) => (
            <Link href={`${groupHref(group)}?section=permissions`}>
              <span className="long-words">{group}</span>
            </Link>
          ),
        },
      ]}
    />
  );
}
