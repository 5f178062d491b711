import type { Organization } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { useRoot } from '../../ui/accountTree/useRoot';
import { FailureAlert } from '../../ui/FailureAlert';
import { OfOrganization } from '../OfOrganization';
import { paths } from '../paths';
import { policiesMessages } from './messages';
import { policyTypes, type TypeFacts } from './types';
import { useTypeSwitch } from './useTypeSwitch';

/** The types of policies, and which of them are in use. */
export function Component() {
  const t = useMessages(policiesMessages);
  usePageTitle(t.title);
  return <OfOrganization title={t.title}>{(organization) => <Types organization={organization} />}</OfOrganization>;
}

function Types({ organization }: { organization: Organization }) {
  const t = useMessages(policiesMessages);
  const { error, refetch } = useRoot();
  const billing = organization.FeatureSet === 'CONSOLIDATED_BILLING';
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.description}>
        {t.title}
      </Header>
      {error && <FailureAlert error={error} onRetry={() => void refetch()} />}
      {billing && (
        <Alert type="info" header={t.needsAll} action={<Button href={paths.settings}>{t.settings}</Button>}>
          {t.needsAllText}
        </Alert>
      )}
      <TypesTable title={t.authorization} types={policyTypes.filter(({ authorization }) => authorization)} />
      <TypesTable title={t.management} description={t.kept} types={policyTypes.filter(({ authorization }) => !authorization)} />
    </SpaceBetween>
  );
}

function TypesTable({ title, description, types }: { title: string; description?: string; types: readonly TypeFacts[] }) {
  const t = useMessages(policiesMessages);
  const { data: root } = useRoot();
  const { toggle, dialog } = useTypeSwitch();
  const statusOf = (type: string) => root?.PolicyTypes?.find(({ Type }) => Type === type)?.Status ?? 'DISABLED';
  return (
    <>
      <Table<TypeFacts>
        variant="container"
        wrapLines
        items={types}
        trackBy="type"
        header={
          <Header variant="h2" description={description}>
            {title}
          </Header>
        }
        columnDefinitions={[
          { id: 'name', header: t.type, isRowHeader: true, minWidth: 160, cell: ({ type }) => <Link href={paths.policyType(type)}>{t.names[type]}</Link> },
          {
            id: 'status',
            header: t.status,
            minWidth: 120,
            cell: ({ type }) =>
              root && <StatusIndicator type={statusOf(type) === 'ENABLED' ? 'success' : statusOf(type) === 'DISABLED' ? 'stopped' : 'in-progress'}>{t.statuses[statusOf(type)]}</StatusIndicator>,
          },
          { id: 'purpose', header: t.purpose, minWidth: 220, cell: ({ type }) => t.purposes[type] },
          {
            id: 'actions',
            header: t.actions,
            minWidth: 150,
            cell: (facts) =>
              root && (
                <Button variant="inline-link" onClick={() => toggle(facts, statusOf(facts.type) === 'DISABLED')}>
                  {statusOf(facts.type) === 'DISABLED' ? t.enable(t.names[facts.type] ?? '') : t.disable(t.names[facts.type] ?? '')}
                </Button>
              ),
          },
        ]}
      />
      {dialog}
    </>
  );
}
