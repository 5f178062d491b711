import { DeleteAccountPasswordPolicyCommand, UpdateAccountPasswordPolicyCommand, type PasswordPolicy } from '@aws-sdk/client-iam';
import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FormModal } from '../../ui/FormModal';
import { settingsMessages } from './messages';
import { formFaults, LIMITS, passwordPolicyKey, toForm, toPolicy, type PolicyForm } from './passwordPolicy';

type Flag = { [K in keyof PolicyForm]: PolicyForm[K] extends boolean ? K : never }[keyof PolicyForm];

export function EditPasswordPolicy({ policy, onClose }: { policy: PasswordPolicy | null; onClose: () => void }) {
  const t = useMessages(settingsMessages).password;
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const [custom, setCustom] = useState(policy !== null);
  const [form, setForm] = useState(() => toForm(policy));
  const [tried, setTried] = useState(false);
  const faults = formFaults(form);

  const save = async () => {
    setTried(true);
    if (custom && faults.length > 0) return false;
    const client = await iam();
    if (custom) {
      await client.send(new UpdateAccountPasswordPolicyCommand(toPolicy(form)));
    } else {
      await client.send(new DeleteAccountPasswordPolicyCommand({})).catch((error: unknown) => {
        if (!isNotFound(error)) throw error; // it is the default already
      });
    }
    notify({ type: 'success', content: custom ? t.saved : t.deleted });
    await queries.invalidateQueries({ queryKey: passwordPolicyKey });
    onClose();
    return undefined;
  };

  const flag = (field: Flag) => (
    <Checkbox checked={form[field]} onChange={({ detail }) => setForm({ ...form, [field]: detail.checked })}>
      {t[field]}
    </Checkbox>
  );
  const number = (field: keyof typeof LIMITS) => {
    const [least, most] = LIMITS[field];
    return (
      <FormField label={t[field]} constraintText={t.range(least, most)} errorText={tried && faults.includes(field) && t.between(least, most)}>
        <Input value={form[field]} inputMode="numeric" autoComplete={false} onChange={({ detail }) => setForm({ ...form, [field]: detail.value })} />
      </FormField>
    );
  };

  return (
    <FormModal title={t.editTitle} onSubmit={save} onClose={onClose}>
      <FormField label={t.kind} stretch>
        <RadioGroup
          value={custom ? 'custom' : 'default'}
          onChange={({ detail }) => setCustom(detail.value === 'custom')}
          items={[
            { value: 'default', label: t.default, description: t.defaultText },
            { value: 'custom', label: t.custom, description: t.customText },
          ]}
        />
      </FormField>
      {custom && (
        <SpaceBetween size="m">
          {number('length')}
          <FormField label={t.strength} stretch>
            <SpaceBetween size="xs">
              {flag('uppercase')}
              {flag('lowercase')}
              {flag('number')}
              {flag('symbol')}
            </SpaceBetween>
          </FormField>
          <FormField label={t.other} stretch>
            <SpaceBetween size="xs">
              {flag('ownChange')}
              {flag('reuse')}
              {flag('expires')}
            </SpaceBetween>
          </FormField>
          {form.reuse && number('remembered')}
          {form.expires && number('days')}
          {form.expires && flag('hardExpiry')}
          <Alert type="info">{t.expiryNow}</Alert>
        </SpaceBetween>
      )}
    </FormModal>
  );
}
