import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useLocale } from '../../shared/locale';
import { usePortal } from './context';

/** How people of the directory come to a new password: by the sign-in page, which alone may ask for one (H-22, H-23). */
export function PasswordDialog({ onSignOut, onClose }: { onSignOut: () => void; onClose: () => void }) {
  const { t } = useLocale();
  const { session } = usePortal();
  return (
    <Modal
      visible
      closeAriaLabel={t.password.cancel}
      onDismiss={onClose}
      header={t.password.title}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.password.cancel}
            </Button>
            <Button variant="primary" onClick={onSignOut}>
              {t.password.signOut}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        <div>{t.password.text}</div>
        <div className="account-details">{t.password.email(session.user.email)}</div>
      </SpaceBetween>
    </Modal>
  );
}
