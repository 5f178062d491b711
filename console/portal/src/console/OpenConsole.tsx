import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocale } from '../../../shared/locale';
import { RoleFailure } from '../accounts/RoleFailure';
import type { ConsoleRequest } from '../route';
import { openConsole } from './openConsole';

interface OpenConsoleProps {
  request: ConsoleRequest;
  /** Leaves for the console; replaces this page, so that Back does not open it again. */
  leave?: (address: string) => void;
  /** Asks the server for this page again: it sends to sign in, and back to the same address. */
  signIn?: () => void;
}

/** The page between the portal and the console: it stays only when the role cannot be opened (H-16). */
export function OpenConsole({ request, leave = (to) => location.replace(to), signIn = () => location.reload() }: OpenConsoleProps) {
  const { t } = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['console', request],
    queryFn: ({ signal }) => openConsole(request, signal),
    gcTime: 0,
  });

  useEffect(() => {
    document.title = t.console.opening(request.roleName);
  }, [t, request.roleName]);
  useEffect(() => {
    if (data) leave(data);
  }, [data, leave]);

  return (
    <main className="portal-main">
      <SpaceBetween size="l">
        <Box variant="h1">{t.console.title}</Box>
        {error ? (
          <>
            <RoleFailure accountId={request.accountId} error={error} onRetry={() => void refetch()} onSignIn={signIn} />
            <Link href="/start">{t.console.back}</Link>
          </>
        ) : (
          <StatusIndicator type="loading">{t.console.opening(request.roleName)}</StatusIndicator>
        )}
      </SpaceBetween>
    </main>
  );
}
