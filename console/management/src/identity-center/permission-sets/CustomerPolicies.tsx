import type { CustomerManagedPolicyReference } from '@aws-sdk/client-sso-admin';
import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import { useMessages } from '../../messages';
import { setMessages } from './messages';
import { referenceFaults } from './policies';

/** Policies of the accounts, by name and path; only their names are known here. */
export function CustomerPolicies({ references, onChange, tried }: { references: readonly CustomerManagedPolicyReference[]; onChange: (references: CustomerManagedPolicyReference[]) => void; /** Whether to say what is wrong. */ tried: boolean }) {
  const t = useMessages(setMessages).policies;
  const faults = referenceFaults(references);
  const fault = { wrong: t.customerWrong, twice: t.customerTwice };
  const change = (at: number, part: Partial<CustomerManagedPolicyReference>) => onChange(references.map((reference, i) => (i === at ? { ...reference, ...part } : reference)));
  return (
    <AttributeEditor<CustomerManagedPolicyReference>
      items={references}
      addButtonText={t.addCustomer}
      removeButtonText={t.remove}
      removeButtonAriaLabel={({ Name }) => `${t.remove}: ${Name ?? ''}`}
      empty={t.noneCustomer}
      onAddButtonClick={() => onChange([...references, { Name: '', Path: '/' }])}
      onRemoveButtonClick={({ detail }) => onChange(references.filter((_, i) => i !== detail.itemIndex))}
      definition={[
        {
          label: t.policyName,
          control: ({ Name = '' }, i) => <Input value={Name} autoComplete={false} spellcheck={false} ariaLabel={t.policyName} onChange={({ detail }) => change(i, { Name: detail.value })} />,
          errorText: (_, i) => tried && faults[i] && fault[faults[i]],
        },
        {
          label: t.path,
          constraintText: t.pathHint,
          control: ({ Path = '/' }, i) => <Input value={Path} autoComplete={false} spellcheck={false} ariaLabel={t.path} onChange={({ detail }) => change(i, { Path: detail.value })} />,
        },
      ]}
    />
  );
}
