import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useLocale } from '../../../shared/locale';
import { CodeBlock } from '../../../shared/ui/CodeBlock';
import { usePortal } from '../context';
import type { Assignment } from '../credentials/snippets';
import { isConsoleAddress, shortcutAddress } from './shortcut';

/** Makes the address by which a role's console is opened from anywhere, to be copied. */
export function ShortcutDialog({ assignment, onClose }: { assignment: Assignment; onClose: () => void }) {
  const { t } = useLocale();
  const { session } = usePortal();
  const [typed, setTyped] = useState('');
  const destination = typed.trim();
  const wrong = destination !== '' && !isConsoleAddress(destination, session.startUrl);
  return (
    <Modal
      visible
      closeAriaLabel={t.shortcut.close}
      onDismiss={onClose}
      header={t.shortcut.title}
      footer={
        <Box float="right">
          <Button onClick={onClose}>{t.shortcut.close}</Button>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box variant="p" padding="n">
          {t.shortcut.text}
        </Box>
        <KeyValuePairs
          columns={2}
          items={[
            { label: t.shortcut.account, value: <span className="account-name">{`${assignment.accountName} (#${assignment.accountId})`}</span> },
            { label: t.shortcut.role, value: <span className="account-name">{assignment.roleName}</span> },
          ]}
        />
        <FormField label={t.shortcut.destination} description={t.shortcut.destinationHint} errorText={wrong && t.shortcut.destinationError}>
          <Input type="url" value={typed} placeholder="https://" onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
        <div>
          <Box variant="awsui-key-label">{t.shortcut.address}</Box>
          <CodeBlock
            label={t.shortcut.address}
            text={shortcutAddress(session.startUrl, assignment.accountId, assignment.roleName, wrong ? '' : destination)}
          />
        </div>
      </SpaceBetween>
    </Modal>
  );
}
