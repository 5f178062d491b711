import Alert from '@cloudscape-design/components/alert';
import { useQuery } from '@tanstack/react-query';
import { toFailure } from '../../../shared/failure';
import { useLocale } from '../../../shared/locale';
import { FailureAlert } from '../../../shared/ui/FailureAlert';
import { accountStatus } from '../person';

interface RoleFailureProps {
  accountId: string;
  error: unknown;
  onRetry: () => void;
  onSignIn: () => void;
}

/**
 * Says why a role cannot be had. The API refuses an account that is suspended or closed
 * as it refuses one to which nobody is assigned; who is assigned is told which it is.
 */
export function RoleFailure({ accountId, error, onRetry, onSignIn }: RoleFailureProps) {
  const { t } = useLocale();
  const refused = toFailure(error).kind === 'forbidden';
  const { data: status, isLoading } = useQuery({
    queryKey: ['standing', accountId],
    queryFn: ({ signal }) => accountStatus(accountId, signal),
    enabled: refused,
    staleTime: 0,
  });
  if (isLoading) return null;
  const text = refused ? reason(status) : undefined;
  if (!text) return <FailureAlert error={error} onRetry={onRetry} onSignIn={onSignIn} />;
  return (
    <div role="alert">
      <Alert type="warning" header={t.accounts.outOfUse.title}>
        {t.accounts.outOfUse[text]}
      </Alert>
    </div>
  );
}

function reason(status: string | undefined): 'suspended' | 'closed' | 'notYet' | undefined {
  switch (status) {
    case 'SUSPENDED':
      return 'suspended';
    case 'CLOSED':
      return 'closed';
    case 'PENDING_ACTIVATION':
      return 'notYet';
    default:
      return undefined;
  }
}
