import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useConsole } from '../console';
import { useMessages } from '../messages';
import { useIsManagement, useOrganization } from '../organizations/organization';
import { paths } from '../organizations/paths';
import { usePageTitle } from '../page';
import { groupedAccountId } from '../session';
import { FailureAlert } from '../ui/FailureAlert';
import { messages } from './messages';
import { needsAttention, usePaymentMethods } from './paymentMethods';

/** The dashboard, which shows the account's name and who pays for it (F-10). */
export function Component() {
  const t = useMessages(messages);
  const { session, now } = useConsole();
  const methods = usePaymentMethods();
  usePageTitle(t.title);
  const wrong = methods.data?.some((method) => needsAttention(method, now()));
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.title}</Header>
      <ColumnLayout columns={2} minColumnWidth={280}>
        <Container fitHeight header={<Header variant="h2">{t.account}</Header>}>
          <KeyValuePairs
            columns={1}
            items={[
              { label: t.accountName, value: <span className="long-words">{session.accountName}</span> },
              { label: t.accountId, value: groupedAccountId(session.accountId) },
            ]}
          />
        </Container>
        <Container fitHeight header={<Header variant="h2">{t.methods}</Header>}>
          <SpaceBetween size="s">
            {methods.isLoading && <StatusIndicator type="loading">{t.loading}</StatusIndicator>}
            {methods.error && <FailureAlert error={methods.error} onRetry={() => void methods.refetch()} />}
            {methods.data && methods.data.length === 0 && <StatusIndicator type="warning">{t.empty}</StatusIndicator>}
            {methods.data && methods.data.length > 0 && (
              <StatusIndicator type={wrong ? 'error' : 'success'}>{wrong ? t.wrong : t.fine}</StatusIndicator>
            )}
            <Link href="/billing/payment-methods">{t.view}</Link>
          </SpaceBetween>
        </Container>
      </ColumnLayout>
      <ConsolidatedBilling />
      <Container header={<Header variant="h2">{t.bills}</Header>}>
        <Box color="text-body-secondary">{t.billsText}</Box>
      </Container>
    </SpaceBetween>
  );
}

/** Who pays for an organization's accounts; nothing for an account on its own, or for who may not see the organization. */
function ConsolidatedBilling() {
  const t = useMessages(messages);
  const { data: organization } = useOrganization();
  const pays = useIsManagement(organization);
  if (!organization?.MasterAccountId) return null;
  const payer = groupedAccountId(organization.MasterAccountId);
  return (
    <Container
      header={
        <Header variant="h2" description={pays ? t.paysForAll : t.isPaidFor}>
          {t.consolidated}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <KeyValuePairs
          columns={2}
          items={[
            { label: t.payer, value: pays ? t.thisAccount(payer) : payer },
            { label: t.organization, value: organization.Id },
          ]}
        />
        {pays && <Link href={paths.accounts}>{t.viewAccounts}</Link>}
      </SpaceBetween>
    </Container>
  );
}
