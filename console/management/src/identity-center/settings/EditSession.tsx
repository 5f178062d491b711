import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FormModal } from '../../ui/FormModal';
import { useIdentityCenter } from '../api';
import type { Instance } from '../enable/WithInstance';
import { authenticationMessages } from './authenticationMessages';
import { DEFAULT, inUnits, minutesOf, PRESETS } from './session';
import { settingsKey } from './useDirectorySettings';

const CUSTOM = 'custom';

/** Tells a length in words. */
export function useDuration(): (minutes: number) => string {
  const t = useMessages(authenticationMessages).session;
  return (minutes) => {
    const { unit, n } = inUnits(minutes);
    return t[unit](n);
  };
}

/** Sets how long a portal session lasts (G-56). */
export function EditSession({ instance, minutes, onClose }: { instance: Instance; minutes: number; onClose: () => void }) {
  const t = useMessages(authenticationMessages).session;
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const notify = useNotify();
  const duration = useDuration();
  const [chosen, setChosen] = useState(PRESETS.includes(minutes) ? String(minutes) : CUSTOM);
  const [typed, setTyped] = useState(String(minutes));
  const [tried, setTried] = useState(false);
  const wanted = minutesOf(chosen === CUSTOM ? typed : chosen);
  const options = [
    ...PRESETS.map((preset) => ({ value: String(preset), label: preset === DEFAULT ? t.default(duration(preset)) : duration(preset) })),
    { value: CUSTOM, label: t.custom },
  ];
  const save = async () => {
    setTried(true);
    if (wanted === undefined) return false;
    await call('UpdatePortalSession', { InstanceArn: instance.arn, Minutes: wanted });
    notify({ type: 'success', content: t.saved });
    onClose();
    await queries.invalidateQueries({ queryKey: settingsKey(instance) });
    return undefined;
  };
  return (
    <FormModal title={t.title} onSubmit={save} onClose={onClose}>
      <FormField label={t.duration} constraintText={t.hint}>
        <Select selectedOption={options.find(({ value }) => value === chosen)!} options={options} onChange={({ detail }) => setChosen(detail.selectedOption.value ?? CUSTOM)} />
      </FormField>
      {chosen === CUSTOM && (
        <FormField label={t.customField} errorText={tried && wanted === undefined && t.invalid}>
          <Input value={typed} inputMode="numeric" autoComplete={false} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      )}
    </FormModal>
  );
}
