import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import { useLocale } from '../../../shared/locale';
import { CrashBoundary } from '../../../shared/ui/CrashBoundary';
import { RoleFailure } from '../accounts/RoleFailure';
import { usePortal } from '../context';
import { IdentityCenterSection } from './IdentityCenterSection';
import { ShortTermSection } from './ShortTermSection';
import { shells, type Shell } from './quoting';
import type { Assignment } from './snippets';
import { useRoleCredentials } from './useRoleCredentials';

/** The shell of the person's own system, to begin with; many on Windows use PowerShell, but AWS begins with cmd. */
function likelyShell(): Shell {
  return /Windows/.test(navigator.userAgent) ? 'cmd' : 'posix';
}

/** The ways to use one role from a program, for one operating system at a time (I-14…I-20). */
export function CredentialsDialog({ assignment, onClose }: { assignment: Assignment; onClose: () => void }) {
  const { t } = useLocale();
  const { signIn } = usePortal();
  const [shell, setShell] = useState(likelyShell);
  const [credentials, refresh] = useRoleCredentials(assignment);
  return (
    <Modal
      visible
      size="large"
      closeAriaLabel={t.credentials.close}
      onDismiss={onClose}
      header={
        <>
          {t.credentials.title}{' '}
          <span className="dialog-subject">
            {assignment.accountName} (#{assignment.accountId}) | {assignment.roleName}
          </span>
        </>
      }
      footer={
        <Box float="right">
          <Button onClick={onClose}>{t.credentials.close}</Button>
        </Box>
      }
    >
      <CrashBoundary>
        <SpaceBetween size="m">
          <Box variant="p" padding="n">
            {t.credentials.intro}
          </Box>
          {/* At the top: further down it would be out of sight. */}
          {credentials.status === 'failed' && (
            <RoleFailure accountId={assignment.accountId} error={credentials.error} onRetry={refresh} onSignIn={signIn} />
          )}
          <Tabs
            ariaLabel={t.credentials.systems}
            activeTabId={shell}
            onChange={({ detail }) => setShell(detail.activeTabId as Shell)}
            tabs={shells.map((id) => ({
              id,
              label: t.credentials[id],
              content: (
                <SpaceBetween size="l">
                  <IdentityCenterSection shell={id} assignment={assignment} />
                  {credentials.status !== 'failed' && (
                    <ShortTermSection shell={id} assignment={assignment} state={credentials} onRefresh={refresh} />
                  )}
                </SpaceBetween>
              ),
            }))}
          />
        </SpaceBetween>
      </CrashBoundary>
    </Modal>
  );
}
