import { ListPoliciesCommand } from '@aws-sdk/client-iam';
import type { AttachedManagedPolicy } from '@aws-sdk/client-sso-admin';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { EntityTable } from '../../ui/EntityTable';
import { useList, useWhole } from '../../ui/useList';
import { setMessages } from './messages';

/** AWS's managed policies, to choose one or several. */
export function ManagedPolicyPicker({
  selected,
  onSelect,
  type = 'multi',
}: {
  selected: readonly AttachedManagedPolicy[];
  onSelect: (policies: AttachedManagedPolicy[]) => void;
  type?: 'single' | 'multi';
}) {
  const t = useMessages(setMessages).policies;
  const { iam } = useClients();
  // Whole, for who looks for a policy by its name is to find it, wherever the server's pages end.
  const list = useWhole(
    useList<AttachedManagedPolicy>(['iam', 'aws-policies'], async (Marker, abortSignal) => {
      const page = await (await iam()).send(new ListPoliciesCommand({ Scope: 'AWS', Marker, MaxItems: 1000 }), { abortSignal });
      return { items: (page.Policies ?? []).map(({ PolicyName: Name, Arn }) => ({ Name, Arn })), marker: page.IsTruncated ? page.Marker : undefined };
    }),
  );
  return (
    <EntityTable<AttachedManagedPolicy>
      variant="embedded"
      list={list}
      title={t.findManaged}
      trackBy={({ Arn = '' }) => Arn}
      text={({ Name = '' }) => Name}
      selection={{ selected, onSelect, type, label: ({ Name = '' }) => t.selectPolicy(Name) }}
      empty={t.noneManaged}
      columns={[
        { id: 'name', header: t.policyName, isRowHeader: true, sortingField: 'Name', minWidth: 200, cell: ({ Name }) => <span className="long-words">{Name}</span> },
        { id: 'arn', header: 'ARN', minWidth: 220, cell: ({ Arn }) => <span className="long-words">{Arn}</span> },
      ]}
    />
  );
}
