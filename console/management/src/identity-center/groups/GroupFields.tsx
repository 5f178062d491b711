import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Textarea from '@cloudscape-design/components/textarea';
import { useMessages } from '../../messages';
import { groupMessages } from './messages';

export interface GroupValues {
  name: string;
  description: string;
}

const MOST = 1024;

/** Which fields identitystore would refuse; the server alone knows which names are taken. */
export function groupFaults({ name, description }: GroupValues): { name: boolean; description: boolean } {
  return { name: name.trim() === '' || [...name.trim()].length > MOST, description: [...description.trim()].length > MOST };
}

export function GroupFields({ values, onChange, tried, taken }: { values: GroupValues; onChange: (values: GroupValues) => void; tried: boolean; /** The name that the server refused. */ taken: string }) {
  const t = useMessages(groupMessages);
  const faults = groupFaults(values);
  return (
    <>
      <FormField label={t.name} constraintText={t.nameHint} errorText={(tried && faults.name && t.nameNeeded) || (taken !== '' && taken === values.name && t.nameTaken)}>
        <Input value={values.name} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ ...values, name: detail.value })} />
      </FormField>
      <FormField
        label={
          <>
            {t.description} <i>- {t.optional}</i>
          </>
        }
        errorText={tried && faults.description && t.descriptionLong}
      >
        <Textarea value={values.description} rows={3} onChange={({ detail }) => onChange({ ...values, description: detail.value })} />
      </FormField>
    </>
  );
}

/** Whether the server refused a group because another has its name. */
export const isTaken = (error: unknown): boolean => error instanceof Error && error.name === 'ConflictException' && /display\s?name/i.test(error.message);
