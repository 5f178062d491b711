import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { CopyButton, CopyValue } from '../../../../shared/ui/CodeBlock';
import { useMessages } from '../../messages';
import type { Operations } from '../api';
import { userMessages } from './messages';

export type Issued = Operations['GenerateOneTimePassword'][1];

/** What an administrator passes on, once: where to sign in, as whom and with what (G-25, G-27). */
export function OneTimePassword({ issued: { OneTimePassword: password, PortalUrl, UserName }, onClose }: { issued: Issued; onClose: () => void }) {
  const all = useMessages(userMessages);
  const t = all.oneTime;
  const [shown, setShown] = useState(false);
  return (
    <Modal
      visible
      header={t.title}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <CopyButton label={t.copyAll} button={t.copyAll} text={t.message(PortalUrl, UserName, password)} />
            <Button variant="primary" onClick={onClose}>
              {t.close}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="info">{t.text}</Alert>
        <KeyValuePairs
          columns={1}
          items={[
            { label: t.portal, value: <CopyValue label={t.portal} text={PortalUrl} /> },
            { label: all.userName, value: <CopyValue label={all.userName} text={UserName} /> },
            {
              label: t.password,
              value: (
                <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                  <CopyValue label={t.password} text={password} shown={shown ? password : '•'.repeat(16)} />
                  <Button variant="inline-link" onClick={() => setShown(!shown)}>
                    {shown ? t.hide : t.show}
                  </Button>
                </SpaceBetween>
              ),
            },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
