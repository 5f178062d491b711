import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { toFailure } from '../../../shared/failure';
import { useLocale } from '../../../shared/locale';
import { FailureAlert } from '../../../shared/ui/FailureAlert';
import { usePortal } from '../context';
import { CredentialsDialog } from '../credentials/CredentialsDialog';
import type { Assignment } from '../credentials/snippets';
import type { AccountsRoute } from '../route';
import type { Account } from '../sso';
import { AccountRow } from './AccountRow';
import { filterAccounts, sortAccounts } from './filter';
import { useAccounts } from './useAccounts';

/** How many accounts are drawn at once; thousands may be listed. */
const ACCOUNTS_PER_PAGE = 50;

interface AccountsTabProps {
  route: AccountsRoute;
  onRouteChange: (route: AccountsRoute) => void;
}

export function AccountsTab({ route, onRouteChange }: AccountsTabProps) {
  const { locale, t } = useLocale();
  const { signIn } = usePortal();
  const queries = useQueryClient();
  const { accounts, complete, error, refreshing, retry, refresh } = useAccounts();
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [subject, setSubject] = useState<Assignment | null>(null);

  const sorted = useMemo(() => sortAccounts(accounts ?? [], locale), [accounts, locale]);
  const matching = useMemo(() => filterAccounts(sorted, route.filter), [sorted, route.filter]);
  const pages = Math.max(1, Math.ceil(matching.length / ACCOUNTS_PER_PAGE));
  const page = Math.min(route.page, pages);
  const shown = matching.slice((page - 1) * ACCOUNTS_PER_PAGE, page * ACCOUNTS_PER_PAGE);

  const setFilter = (filter: string) => onRouteChange({ ...route, filter, page: 1 });
  const setAccountExpanded = (id: string, open: boolean) => {
    const next = new Set(expanded);
    if (open) next.add(id);
    else next.delete(id);
    setExpanded(next);
  };
  const handleRefresh = () => {
    refresh();
    void queries.invalidateQueries({ queryKey: ['roles'] });
  };

  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            counter={accounts ? t.accounts.count(accounts.length) : undefined}
            actions={<Button iconName="refresh" ariaLabel={t.accounts.refresh} disabled={refreshing} onClick={handleRefresh} />}
          >
            {t.accounts.heading}
          </Header>
        }
      >
        <SpaceBetween size="s">
          <TextFilter
            filteringText={route.filter}
            filteringPlaceholder={t.accounts.filter}
            filteringAriaLabel={t.accounts.filter}
            countText={route.filter && accounts ? t.accounts.matches(matching.length) : ''}
            onChange={({ detail }) => setFilter(detail.filteringText)}
          />
          {!accounts && refreshing && <StatusIndicator type="loading">{t.accounts.loading}</StatusIndicator>}
          {/* That the session has ended is said at the top of the page already. */}
          {!!error && toFailure(error).kind !== 'sessionEnded' && <FailureAlert error={error} onRetry={retry} onSignIn={signIn} />}
          {accounts && complete && accounts.length === 0 && <Notice title={t.accounts.emptyTitle} text={t.accounts.emptyText} />}
          {accounts && complete && accounts.length > 0 && matching.length === 0 && (
            <Notice
              title={t.accounts.noMatchTitle}
              text={t.accounts.noMatchText}
              action={<Button onClick={() => setFilter('')}>{t.accounts.clearFilter}</Button>}
            />
          )}
          {shown.length > 0 && (
            <ul className="account-list" aria-label={t.accounts.heading}>
              {shown.map((account) => (
                <AccountRow
                  key={account.id}
                  account={account}
                  expanded={expanded.has(account.id)}
                  onExpandedChange={(open) => setAccountExpanded(account.id, open)}
                  onAccessKeys={(roleName) => setSubject(assignment(account, roleName))}
                />
              ))}
            </ul>
          )}
          {accounts && !complete && refreshing && (
            <StatusIndicator type="loading">{t.accounts.loadingMore(accounts.length)}</StatusIndicator>
          )}
          {pages > 1 && (
            <Pagination
              currentPageIndex={page}
              pagesCount={pages}
              ariaLabels={{
                nextPageLabel: t.accounts.nextPage,
                previousPageLabel: t.accounts.previousPage,
                pageLabel: t.accounts.page,
              }}
              onChange={({ detail }) => onRouteChange({ ...route, page: detail.currentPageIndex })}
            />
          )}
          {accounts && accounts.length > 0 && (
            <Box color="text-body-secondary" fontSize="body-s">
              {t.accounts.notListed}
            </Box>
          )}
        </SpaceBetween>
      </Container>
      {subject && <CredentialsDialog assignment={subject} onClose={() => setSubject(null)} />}
    </>
  );
}

function assignment(account: Account, roleName: string): Assignment {
  return { accountId: account.id, accountName: account.name, roleName };
}

function Notice({ title, text, action }: { title: string; text: string; action?: React.ReactNode }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'l' }}>
      <SpaceBetween size="xs">
        <Box variant="strong">{title}</Box>
        <Box variant="p" color="text-body-secondary">
          {text}
        </Box>
        {action}
      </SpaceBetween>
    </Box>
  );
}
