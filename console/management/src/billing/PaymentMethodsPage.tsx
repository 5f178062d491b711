import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useConsole } from '../console';
import { useMessages } from '../messages';
import { usePageTitle } from '../page';
import { FailureAlert } from '../ui/FailureAlert';
import { messages } from './messages';
import { isExpired, usePaymentMethods, type PaymentMethod } from './paymentMethods';

const INDICATORS = { valid: 'success', pending: 'pending', declined: 'error' } as const;

/** What the account is paid with, and what is wrong with it (A-36, E-10). */
export function Component() {
  const t = useMessages(messages);
  const { session, now } = useConsole();
  const methods = usePaymentMethods();
  usePageTitle(t.methods);
  const card = ({ brand, lastFour }: PaymentMethod) => t.cardNumber(brand, lastFour);
  const change = session.kind === 'root' && session.links.paymentMethod;

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={change ? t.methodsText : `${t.methodsText} ${t.onlyRoot}`}
        actions={
          change && (
            <Button variant="primary" href={change}>
              {t.addOrChange}
            </Button>
          )
        }
      >
        {t.methods}
      </Header>
      {methods.data
        ?.filter(({ status }) => status !== 'valid')
        .map((method) => (
          <Alert
            key={method.id}
            type={method.status === 'declined' ? 'error' : 'warning'}
            header={method.status === 'declined' ? t.problem.declined(card(method)) : t.problem.pending(card(method))}
          >
            {method.error && <div className="long-words">{method.error}</div>}
            {method.status === 'declined' ? t.problem.declinedText : t.problem.pendingText}
          </Alert>
        ))}
      <Table
        variant="container"
        items={methods.data ?? []}
        trackBy="id"
        loading={methods.isLoading}
        loadingText={t.loading}
        enableKeyboardNavigation
        header={
          <Header variant="h2" counter={methods.data && `(${methods.data.length})`}>
            {t.cards}
          </Header>
        }
        empty={
          methods.error ? (
            <FailureAlert error={methods.error} onRetry={() => void methods.refetch()} />
          ) : (
            <Box textAlign="center">
              <strong>{t.empty}</strong>
              <Box color="text-body-secondary">{t.emptyText}</Box>
            </Box>
          )
        }
        columnDefinitions={[
          {
            id: 'card',
            header: t.card,
            isRowHeader: true,
            cell: (method) => (
              <SpaceBetween direction="horizontal" size="xs">
                <span>{card(method)}</span>
                {method.isDefault && <Badge color="blue">{t.isDefault}</Badge>}
              </SpaceBetween>
            ),
          },
          {
            id: 'expires',
            header: t.expires,
            cell: (method) => {
              const expiry = t.expiry(String(method.expiryMonth).padStart(2, '0'), String(method.expiryYear));
              return isExpired(method, now()) ? <StatusIndicator type="warning">{`${expiry} (${t.expired})`}</StatusIndicator> : expiry;
            },
          },
          {
            id: 'status',
            header: t.status,
            cell: ({ status }) => <StatusIndicator type={INDICATORS[status]}>{t.statuses[status]}</StatusIndicator>,
          },
        ]}
      />
    </SpaceBetween>
  );
}
