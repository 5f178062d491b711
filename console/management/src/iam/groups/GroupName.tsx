import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useMessages } from '../../messages';
import { groupMessages } from './messages';

export function GroupName({ value, fault, onChange }: { value: string; fault: string; onChange: (name: string) => void }) {
  const t = useMessages(groupMessages);
  return (
    <FormField label={t.name} constraintText={t.nameHint} errorText={fault}>
      <Input value={value} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange(detail.value)} />
    </FormField>
  );
}
