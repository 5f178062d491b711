import { ListPoliciesCommand, type Policy } from '@aws-sdk/client-iam';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { EntityTable } from '../../ui/EntityTable';
import { useList, useWhole } from '../../ui/useList';
import { permissionMessages } from './messages';

type Scope = 'All' | 'AWS' | 'Local';

/** Managed policies to choose from: AWS's and the account's own. */
export function PolicyPicker({
  selected,
  onSelect,
  type = 'multi',
  title,
}: {
  selected: readonly Policy[];
  onSelect: (policies: Policy[]) => void;
  type?: 'single' | 'multi';
  title?: string;
}) {
  const t = useMessages(permissionMessages);
  const { iam } = useClients();
  const [scope, setScope] = useState<Scope>('All');
  // Whole, for who looks for a policy by its name is to find it, wherever the server's pages end.
  const list = useWhole(
    useList(['iam', 'policies', scope], async (Marker, abortSignal) => {
      const page = await (await iam()).send(new ListPoliciesCommand({ Scope: scope, Marker, MaxItems: 1000 }), { abortSignal });
      return { items: page.Policies ?? [], marker: page.IsTruncated ? page.Marker : undefined };
    }),
  );
  const options = (['All', 'AWS', 'Local'] as const).map((value) => ({ value, label: t.scope[value] }));
  return (
    <EntityTable<Policy>
      variant="embedded"
      list={list}
      title={title ?? t.policies}
      trackBy={({ Arn = '' }) => Arn}
      text={({ PolicyName = '', Description = '' }) => `${PolicyName} ${Description}`}
      selection={{ selected, onSelect, type, label: ({ PolicyName = '' }) => PolicyName }}
      empty={t.noPolicies}
      filters={
        <Select
          ariaLabel={t.type}
          selectedOption={options.find(({ value }) => value === scope) ?? null}
          options={options}
          onChange={({ detail }) => {
            setScope(detail.selectedOption.value as Scope);
            onSelect([...selected]);
          }}
        />
      }
      columns={[
        { id: 'name', header: t.name, isRowHeader: true, sortingField: 'PolicyName', minWidth: 200, cell: ({ PolicyName }) => <span className="long-words">{PolicyName}</span> },
        { id: 'type', header: t.type, minWidth: 150, cell: ({ Arn = '' }) => (Arn.startsWith('arn:aws:iam::aws:') ? t.scope.AWS : t.scope.Local) },
        { id: 'attached', header: t.attached, sortingField: 'AttachmentCount', cell: ({ AttachmentCount }) => AttachmentCount ?? 0 },
      ]}
    />
  );
}
