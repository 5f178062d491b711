import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { toFailure } from '../../../shared/failure';
import { useLocale } from '../../../shared/locale';
import { FailureAlert } from '../../../shared/ui/FailureAlert';
import { Notice } from '../Notice';
import { usePortal } from '../context';
import { CredentialsDialog } from '../credentials/CredentialsDialog';
import type { Assignment } from '../credentials/snippets';
import type { Route } from '../route';
import { ShortcutDialog } from '../shortcut/ShortcutDialog';
import type { Account } from '../sso';
import { pageSorter } from '../text';
import type { Favourites } from '../useFavourites';
import { AccountRow, type RoleAction } from './AccountRow';
import { filterAccounts } from './filter';
import { useAccounts } from './useAccounts';

/** How many accounts are drawn at once; thousands may be listed. */
const ACCOUNTS_PER_PAGE = 50;

interface AccountsTabProps {
  route: Route;
  onRouteChange: (route: Route) => void;
  favourites: Favourites;
}

export function AccountsTab({ route, onRouteChange, favourites }: AccountsTabProps) {
  const { locale, t } = useLocale();
  const { signIn } = usePortal();
  const queries = useQueryClient();
  const { pages: listed, complete, error, refreshing, retry, refresh } = useAccounts();
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [moved, setMoved] = useState('');
  const [subject, setSubject] = useState<(Assignment & { action: RoleAction }) | null>(null);

  const sort = useMemo(() => pageSorter<Account>(locale), [locale]);
  const accounts = useMemo(() => sort(listed ?? []), [sort, listed]);
  const matching = useMemo(() => filterAccounts(accounts, route.filter), [accounts, route.filter]);
  const first = useMemo(() => matching.filter(({ id }) => favourites.accounts.has(id)), [matching, favourites.accounts]);
  const others = useMemo(() => matching.filter(({ id }) => !favourites.accounts.has(id)), [matching, favourites.accounts]);
  const pages = Math.max(1, Math.ceil(others.length / ACCOUNTS_PER_PAGE));
  const page = Math.min(route.page, pages);
  const shown = others.slice((page - 1) * ACCOUNTS_PER_PAGE, page * ACCOUNTS_PER_PAGE);

  const setFilter = (filter: string) => onRouteChange({ ...route, filter, page: 1 });
  const handleExpanded = useCallback((id: string, open: boolean) => {
    setExpanded((before) => {
      const next = new Set(before);
      if (open) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  const { toggle } = favourites;
  const handleFavourite = useCallback(
    (id: string) => {
      setMoved(id);
      toggle('accounts', id);
    },
    [toggle],
  );
  const handleRole = useCallback((action: RoleAction, account: Account, roleName: string) => {
    setSubject({ action, accountId: account.id, accountName: account.name, roleName });
  }, []);
  const handleRefresh = () => {
    refresh();
    void queries.invalidateQueries({ queryKey: ['roles'] });
  };
  const rows = (some: Account[]) =>
    some.map((account) => (
      <AccountRow
        key={account.id}
        account={account}
        expanded={expanded.has(account.id)}
        favourite={favourites.accounts.has(account.id)}
        moved={moved === account.id}
        onExpandedChange={handleExpanded}
        onFavourite={handleFavourite}
        onRole={handleRole}
      />
    ));

  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            counter={listed ? t.accounts.count(accounts.length) : undefined}
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
            countText={route.filter && listed ? t.accounts.matches(matching.length) : ''}
            onChange={({ detail }) => setFilter(detail.filteringText)}
          />
          {!listed && refreshing && <StatusIndicator type="loading">{t.accounts.loading}</StatusIndicator>}
          {/* That the session has ended is said at the top of the page already. */}
          {!!error && toFailure(error).kind !== 'sessionEnded' && <FailureAlert error={error} onRetry={retry} onSignIn={signIn} />}
          {complete && accounts.length === 0 && <Notice title={t.accounts.emptyTitle} text={t.accounts.emptyText} />}
          {complete && accounts.length > 0 && matching.length === 0 && (
            <Notice
              title={t.accounts.noMatchTitle}
              text={t.accounts.noMatchText}
              action={<Button onClick={() => setFilter('')}>{t.accounts.clearFilter}</Button>}
            />
          )}
          {page === 1 && first.length > 0 && (
            <section>
              <h3 className="list-heading">{t.favourites.heading}</h3>
              <ul className="account-list" aria-label={t.favourites.heading}>
                {rows(first)}
              </ul>
            </section>
          )}
          {shown.length > 0 && (
            <section>
              {first.length > 0 && <h3 className="list-heading">{t.accounts.others}</h3>}
              <ul className="account-list" aria-label={t.accounts.heading}>
                {rows(shown)}
              </ul>
            </section>
          )}
          {listed && !complete && refreshing && <StatusIndicator type="loading">{t.accounts.loadingMore(accounts.length)}</StatusIndicator>}
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
          {accounts.length > 0 && (
            <Box color="text-body-secondary" fontSize="body-s">
              {t.accounts.notListed}
            </Box>
          )}
        </SpaceBetween>
      </Container>
      {subject?.action === 'accessKeys' && <CredentialsDialog assignment={subject} onClose={() => setSubject(null)} />}
      {subject?.action === 'shortcut' && <ShortcutDialog assignment={subject} onClose={() => setSubject(null)} />}
    </>
  );
}
