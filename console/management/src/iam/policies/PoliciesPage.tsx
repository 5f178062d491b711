import { ListPoliciesCommand, type Policy } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { EntityTable } from '../../ui/EntityTable';
import { Nothing } from '../../ui/Nothing';
import { policyHref } from '../permissions/holders';
import { useList } from '../../ui/useList';
import { policyMessages } from './messages';

type Scope = 'All' | 'AWS' | 'Local';

/** The managed policies: AWS's and the account's own. */
export function Component() {
  const t = useMessages(policyMessages);
  const format = useFormat();
  const { iam } = useClients();
  const [scope, setScope] = useState<Scope>('All');
  const [attached, setAttached] = useState(false);
  usePageTitle(t.title, { contentType: 'table' });
  const list = useList<Policy>(['iam', 'policies', scope, attached], async (Marker, abortSignal) => {
    const page = await (await iam()).send(new ListPoliciesCommand({ Scope: scope, OnlyAttached: attached, Marker, MaxItems: 1000 }), { abortSignal });
    return { items: page.Policies ?? [], marker: page.IsTruncated ? page.Marker : undefined };
  });
  const scopes = (['All', 'AWS', 'Local'] as const).map((value) => ({ value, label: t.types[value] }));
  return (
    <EntityTable<Policy>
      list={list}
      title={t.title}
      description={t.description}
      trackBy={({ Arn = '' }) => Arn}
      text={({ PolicyName = '', Description = '' }) => `${PolicyName} ${Description}`}
      actions={
        <Button variant="primary" href="/iam/policies/create">
          {t.create}
        </Button>
      }
      filters={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Select
            ariaLabel={t.type}
            selectedOption={scopes.find(({ value }) => value === scope) ?? null}
            options={scopes}
            onChange={({ detail }) => setScope(detail.selectedOption.value as Scope)}
          />
          <Checkbox checked={attached} onChange={({ detail }) => setAttached(detail.checked)}>
            {t.used}
          </Checkbox>
        </SpaceBetween>
      }
      empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
      columns={[
        {
          id: 'name',
          header: t.name,
          isRowHeader: true,
          sortingField: 'PolicyName',
          minWidth: 240,
          cell: ({ PolicyName, Arn = '' }) => (
            <Link href={policyHref(Arn)}>
              <span className="long-words">{PolicyName}</span>
            </Link>
          ),
        },
        { id: 'type', header: t.type, sortingField: 'Arn', minWidth: 140, cell: ({ Arn = '' }) => (isAwsManaged(Arn) ? t.types.AWS : t.types.Local) },
        { id: 'attached', header: t.attached, sortingField: 'AttachmentCount', cell: ({ AttachmentCount = 0 }) => AttachmentCount },
        { id: 'changed', header: t.changed, sortingField: 'UpdateDate', minWidth: 160, cell: ({ UpdateDate }) => format.date(UpdateDate) },
      ]}
    />
  );
}

export const isAwsManaged = (arn: string): boolean => arn.startsWith('arn:aws:iam::aws:');
