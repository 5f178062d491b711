import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMessages } from '../../messages';
import { Optional } from '../../ui/Optional';
import { SESSION_HOURS } from '../access/permissionSets';
import { accessMessages } from '../accessMessages';
import type { Details, DetailsFault } from './details';
import { setMessages } from './messages';

/** Name, description, session duration and relay state of a set; the name only of a new one. */
export function DetailsFields({ details, onChange, faults, nameFault }: { details: Details; onChange: (details: Details) => void; faults: readonly DetailsFault[]; /** What is wrong with the name; null where it cannot be changed. */ nameFault: string | null }) {
  const t = useMessages(setMessages).fields;
  const hours = useMessages(accessMessages).set;
  const label = (minutes: number) => (minutes % 60 === 0 ? hours.hours(minutes / 60) : hours.minutes(minutes));
  // A set that was made by API may last what no choice here is; it stays choosable.
  const options = [...new Set([...SESSION_HOURS.map((n) => n * 60), details.minutes])].toSorted((a, b) => a - b).map((minutes) => ({ value: String(minutes), label: label(minutes) }));
  return (
    <SpaceBetween size="l">
      {nameFault !== null && (
        <FormField label={t.name} constraintText={t.nameHint} errorText={nameFault}>
          <Input value={details.name} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ ...details, name: detail.value })} />
        </FormField>
      )}
      <FormField label={<Optional>{t.description}</Optional>} constraintText={t.descriptionHint} errorText={faults.includes('description') && t.descriptionWrong}>
        <Textarea value={details.description} rows={2} onChange={({ detail }) => onChange({ ...details, description: detail.value })} />
      </FormField>
      <FormField label={t.session} description={t.sessionHint}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === String(details.minutes)) ?? null}
          onChange={({ detail }) => onChange({ ...details, minutes: Number(detail.selectedOption.value) })}
        />
      </FormField>
      <FormField label={<Optional>{t.relay}</Optional>} constraintText={t.relayHint} errorText={faults.includes('relayState') && t.relayWrong}>
        <Input value={details.relayState} autoComplete={false} spellcheck={false} inputMode="url" onChange={({ detail }) => onChange({ ...details, relayState: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}
