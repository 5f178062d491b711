import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FormModal } from '../../ui/FormModal';
import { useIdentityCenter, type MfaSettings } from '../api';
import type { Instance } from '../enable/WithInstance';
import { authenticationMessages } from './authenticationMessages';
import { settingsKey } from './useDirectorySettings';

const PROMPTS: readonly MfaSettings['Prompt'][] = ['CONTEXT_AWARE', 'ALWAYS_ON', 'DISABLED'];
const TYPES: readonly MfaSettings['Types'][number][] = ['WEBAUTHN', 'TOTP'];
const NO_DEVICE: readonly MfaSettings['NoDevice'][] = ['REQUIRE_REGISTRATION', 'EMAIL_OTP', 'BLOCK', 'ALLOW'];

/** Every choice of behaviours.md 6.7. While nobody is prompted, the others are kept and say nothing. */
export function EditMfa({ instance, mfa: saved, onClose }: { instance: Instance; mfa: MfaSettings; onClose: () => void }) {
  const t = useMessages(authenticationMessages).mfa;
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const notify = useNotify();
  const [mfa, setMfa] = useState(saved);
  const [tried, setTried] = useState(false);
  const off = mfa.Prompt === 'DISABLED';
  const change = (part: Partial<MfaSettings>) => setMfa({ ...mfa, ...part });
  const save = async () => {
    setTried(true);
    if (mfa.Types.length === 0) return false;
    await call('UpdateMfaSettings', { InstanceArn: instance.arn, Mfa: mfa });
    notify({ type: 'success', content: t.saved });
    onClose();
    await queries.invalidateQueries({ queryKey: settingsKey(instance) });
    return undefined;
  };
  return (
    <FormModal title={t.title} size="large" onSubmit={save} onClose={onClose}>
      <FormField label={t.prompt} stretch>
        <RadioGroup
          value={mfa.Prompt}
          onChange={({ detail }) => change({ Prompt: detail.value as MfaSettings['Prompt'] })}
          items={PROMPTS.map((value) => ({ value, label: t.prompts[value], description: t.promptTexts[value] }))}
        />
      </FormField>
      <FormField label={t.types} errorText={tried && mfa.Types.length === 0 && t.typeNeeded} stretch>
        <SpaceBetween size="xs">
          {TYPES.map((type) => (
            <Checkbox
              key={type}
              disabled={off}
              checked={mfa.Types.includes(type)}
              description={t.typeTexts[type]}
              onChange={({ detail }) => change({ Types: TYPES.filter((each) => (each === type ? detail.checked : mfa.Types.includes(each))) })}
            >
              {t.typeNames[type]}
            </Checkbox>
          ))}
        </SpaceBetween>
      </FormField>
      <FormField label={t.noDevice} stretch>
        <RadioGroup
          value={mfa.NoDevice}
          onChange={({ detail }) => change({ NoDevice: detail.value as MfaSettings['NoDevice'] })}
          items={NO_DEVICE.map((value) => ({ value, label: t.noDevices[value], description: t.noDeviceTexts[value], disabled: off }))}
        />
      </FormField>
      <FormField label={t.manage} stretch>
        <Checkbox checked={mfa.SelfService} disabled={off} onChange={({ detail }) => change({ SelfService: detail.checked })}>
          {t.selfService}
        </Checkbox>
      </FormField>
    </FormModal>
  );
}
