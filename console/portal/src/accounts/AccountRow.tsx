import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Link from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { memo } from 'react';
import { toFailure } from '../../../shared/failure';
import { useLocale } from '../../../shared/locale';
import { FavouriteButton } from '../FavouriteButton';
import { usePortal } from '../context';
import { consoleHash } from '../route';
import type { Account } from '../sso';
import { RoleFailure } from './RoleFailure';
import { useRoles } from './useAccounts';

/** What can be done with a role beside opening its console. */
export type RoleAction = 'accessKeys' | 'shortcut';

interface AccountRowProps {
  account: Account;
  expanded: boolean;
  favourite: boolean;
  /** The row was just moved by its star, which keeps the focus. */
  moved: boolean;
  onExpandedChange: (id: string, expanded: boolean) => void;
  onFavourite: (id: string) => void;
  onRole: (action: RoleAction, account: Account, roleName: string) => void;
}

/** One account; opened, the roles that the person may take in it (H-14, H-15). Drawn anew only when it changes: pages of others come all the time. */
export const AccountRow = memo(function AccountRow({ account, expanded, favourite, moved, onExpandedChange, onFavourite, onRole }: AccountRowProps) {
  const details = account.email ? `#${account.id} | ${account.email}` : `#${account.id}`;
  return (
    <li className="account-row">
      <div className="account-section">
        <ExpandableSection
          headerText={<span className="account-name">{account.name}</span>}
          headerDescription={details}
          headingTagOverride="h3"
          expanded={expanded}
          onChange={({ detail }) => onExpandedChange(account.id, detail.expanded)}
        >
          {expanded && <Roles account={account} onRole={onRole} />}
        </ExpandableSection>
      </div>
      <FavouriteButton name={account.name} marked={favourite} focused={moved} onToggle={() => onFavourite(account.id)} />
    </li>
  );
});

function Roles({ account, onRole }: Pick<AccountRowProps, 'account' | 'onRole'>) {
  const { t } = useLocale();
  const { signIn } = usePortal();
  const { data: roles, error, isFetching, refetch } = useRoles(account.id, true);

  if (!roles && isFetching) return <StatusIndicator type="loading">{t.accounts.loadingRoles}</StatusIndicator>;
  // That the session has ended is said at the top of the page already.
  if (error && toFailure(error).kind === 'sessionEnded') return null;
  if (error) return <RoleFailure accountId={account.id} error={error} onRetry={() => void refetch()} onSignIn={signIn} />;
  if (!roles?.length) return <Box color="text-body-secondary">{t.accounts.noRoles}</Box>;
  const console = (roleName: string) => `/start${consoleHash({ accountId: account.id, roleName, destination: '' })}`;
  return (
    <ul className="role-list" aria-label={t.accounts.roles(account.name)}>
      {roles.map((role) => (
        <li key={role} className="role-row">
          <span className="role-name">
            <Link href={console(role)} target="_blank" rel="noopener" ariaLabel={t.accounts.roleFor(role, account.name)}>
              {role}
            </Link>
          </span>
          <Link href={console(role)} target="_blank" rel="noopener" ariaLabel={t.accounts.consoleFor(role, account.name)}>
            {t.accounts.console}
          </Link>
          <Button
            variant="inline-link"
            iconName="key"
            ariaLabel={t.accounts.accessKeysFor(role, account.name)}
            onClick={() => onRole('accessKeys', account, role)}
          >
            {t.accounts.accessKeys}
          </Button>
          <Button
            variant="inline-link"
            iconName="share"
            ariaLabel={t.accounts.shortcutFor(role, account.name)}
            onClick={() => onRole('shortcut', account, role)}
          >
            {t.accounts.shortcut}
          </Button>
        </li>
      ))}
    </ul>
  );
}
