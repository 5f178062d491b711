import type { PolicySummary } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { EntityTable } from '../../ui/EntityTable';
import { wholeList } from '../../ui/useList';
import { messages } from '../messages';
import { OfOrganization } from '../OfOrganization';
import { paths } from '../paths';
import { policiesMessages } from './messages';
import { OfType } from './OfType';
import { usePolicies, useTypeStatus } from './policies';
import type { TypeFacts } from './types';
import { useTypeSwitch } from './useTypeSwitch';

/** The policies of one type. */
export function Component() {
  const t = useMessages(policiesMessages);
  return <OfType>{(facts) => <OfOrganization title={t.names[facts.type] ?? ''}>{() => <OneType facts={facts} />}</OfOrganization>}</OfType>;
}

function OneType({ facts }: { facts: TypeFacts }) {
  const all = useMessages(messages);
  const t = useMessages(policiesMessages);
  const { type } = facts;
  const name = t.names[type] ?? '';
  usePageTitle(name, { breadcrumbs: [{ text: t.title, href: paths.policies }] });
  const status = useTypeStatus(type);
  const query = usePolicies(type);
  const { toggle, dialog } = useTypeSwitch();
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.purposes[type]}
        actions={status === 'ENABLED' && <Button onClick={() => toggle(facts, false)}>{t.disable(name)}</Button>}
      >
        {name}
      </Header>
      {status === 'DISABLED' && (
        <Alert type="info" header={t.notEnabled(name)} action={<Button onClick={() => toggle(facts, true)}>{t.enable(name)}</Button>}>
          {t.notEnabledText}
        </Alert>
      )}
      <EntityTable<PolicySummary>
        variant="container"
        list={wholeList(query)}
        title={t.available}
        trackBy={({ Id = '' }) => Id}
        text={({ Name = '', Id = '', Description = '' }) => `${Name} ${Id} ${Description}`}
        actions={
          <Button variant="primary" href={paths.createPolicy(type)}>
            {t.create}
          </Button>
        }
        empty={t.none}
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            sortingField: 'Name',
            cell: ({ Id = '', Name }) => <Link href={paths.policy(type, Id)}>{Name}</Link>,
          },
          { id: 'kind', header: t.kind, cell: ({ AwsManaged }) => (AwsManaged ? t.awsManaged : t.customerManaged) },
          { id: 'description', header: t.policyDescription, cell: ({ Description }) => <span className="long-words">{Description || all.none}</span> },
          { id: 'id', header: t.policyId, cell: ({ Id }) => Id },
        ]}
      />
      {dialog}
    </SpaceBetween>
  );
}
