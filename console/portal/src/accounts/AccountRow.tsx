import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Link from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useLocale } from '../../../shared/locale';
import { toFailure } from '../../../shared/failure';
import { FailureAlert } from '../../../shared/ui/FailureAlert';
import { usePortal } from '../context';
import { consoleHash } from '../route';
import type { Account } from '../sso';
import { useRoles } from './useAccounts';

interface AccountRowProps {
  account: Account;
  expanded: boolean;
  onExpandedChange: (expanded: boolean) => void;
  onAccessKeys: (roleName: string) => void;
}

/** One account; opened, the roles that the person may take in it (H-14, H-15). */
export function AccountRow({ account, expanded, onExpandedChange, onAccessKeys }: AccountRowProps) {
  const details = account.email ? `#${account.id} | ${account.email}` : `#${account.id}`;
  return (
    <li className="account-row">
      <ExpandableSection
        headerText={<span className="account-name">{account.name}</span>}
        headerDescription={details}
        headingTagOverride="h3"
        expanded={expanded}
        onChange={({ detail }) => onExpandedChange(detail.expanded)}
      >
        {expanded && <Roles account={account} onAccessKeys={onAccessKeys} />}
      </ExpandableSection>
    </li>
  );
}

function Roles({ account, onAccessKeys }: Pick<AccountRowProps, 'account' | 'onAccessKeys'>) {
  const { t } = useLocale();
  const { signIn } = usePortal();
  const { data: roles, error, isFetching, refetch } = useRoles(account.id, true);

  if (!roles && isFetching) return <StatusIndicator type="loading">{t.accounts.loadingRoles}</StatusIndicator>;
  // That the session has ended is said at the top of the page already.
  if (error && toFailure(error).kind === 'sessionEnded') return null;
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} onSignIn={signIn} />;
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
            onClick={() => onAccessKeys(role)}
          >
            {t.accounts.accessKeys}
          </Button>
        </li>
      ))}
    </ul>
  );
}
