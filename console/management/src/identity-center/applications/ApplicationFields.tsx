import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMessages } from '../../messages';
import { Optional } from '../../ui/Optional';
import type { ApplicationDetails, ApplicationFault } from './details';
import { applicationMessages } from './messages';

/** Name and description of an application. */
export function NameFields({ details, onChange, faults }: { details: ApplicationDetails; onChange: (details: ApplicationDetails) => void; faults: readonly ApplicationFault[] }) {
  const t = useMessages(applicationMessages).fields;
  return (
    <SpaceBetween size="m">
      <FormField label={t.name} constraintText={t.nameHint} errorText={faults.includes('name') && t.nameWrong}>
        <Input value={details.name} autoComplete={false} onChange={({ detail }) => onChange({ ...details, name: detail.value })} />
      </FormField>
      <FormField
        label={<Optional>{t.description}</Optional>}
        constraintText={t.descriptionHint}
        errorText={faults.includes('description') && t.descriptionWrong}
      >
        <Input value={details.description} autoComplete={false} onChange={({ detail }) => onChange({ ...details, description: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}

/** Where the portal sends people. */
export function UrlField({ details, onChange, faults }: { details: ApplicationDetails; onChange: (details: ApplicationDetails) => void; faults: readonly ApplicationFault[] }) {
  const t = useMessages(applicationMessages).fields;
  return (
    <FormField label={t.url} constraintText={t.urlHint} errorText={faults.includes('url') && (details.url === '' ? t.urlNeeded : t.urlWrong)}>
      <Input value={details.url} type="url" autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ ...details, url: detail.value.trim() })} />
    </FormField>
  );
}

/** Whether only those who are assigned can use the application. */
export function AssignmentChoice({ required, onChange }: { required: boolean; onChange: (required: boolean) => void }) {
  const t = useMessages(applicationMessages).fields;
  return (
    <RadioGroup
      ariaLabel={t.access}
      value={String(required)}
      onChange={({ detail }) => onChange(detail.value === 'true')}
      items={[
        { value: 'true', label: t.required, description: t.requiredText },
        { value: 'false', label: t.notRequired, description: t.notRequiredText },
      ]}
    />
  );
}
