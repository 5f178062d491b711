import type { PermissionsBoundary } from '@aws-sdk/client-sso-admin';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMessages } from '../../messages';
import { ManagedPolicyPicker } from './ManagedPolicyPicker';
import { setMessages } from './messages';
import { boundaryName, isReference } from './policies';

type Kind = 'none' | 'aws' | 'customer';

const kindOf = (boundary: PermissionsBoundary | null): Kind => (!boundary ? 'none' : boundary.CustomerManagedPolicyReference ? 'customer' : 'aws');

/** Whether it can be a boundary, or is none. */
export const isBoundary = (boundary: PermissionsBoundary | null): boolean =>
  !boundary || (boundary.CustomerManagedPolicyReference ? isReference(boundary.CustomerManagedPolicyReference) : Boolean(boundary.ManagedPolicyArn));

/** No boundary, a policy of AWS, or one of the accounts by name and path. */
export function BoundaryChoice({ boundary, onChange, tried, optional = true }: { boundary: PermissionsBoundary | null; onChange: (boundary: PermissionsBoundary | null) => void; tried: boolean; /** Whether there may be none. */ optional?: boolean }) {
  const t = useMessages(setMessages).policies;
  const kind = kindOf(boundary);
  const wrong = tried && !isBoundary(boundary) && t.boundaryWrong;
  const reference = boundary?.CustomerManagedPolicyReference ?? { Name: '', Path: '/' };
  const arn = boundary?.ManagedPolicyArn;
  return (
    <SpaceBetween size="m">
      <FormField label={t.boundary} description={t.boundaryText} errorText={kind === 'aws' && wrong}>
        <RadioGroup
          value={kind}
          items={(optional ? (['none', 'aws', 'customer'] as const) : (['aws', 'customer'] as const)).map((value) => ({ value, label: t.boundaryKinds[value] }))}
          onChange={({ detail }) => onChange(({ none: null, aws: { ManagedPolicyArn: '' }, customer: { CustomerManagedPolicyReference: { Name: '', Path: '/' } } } as const)[detail.value as Kind])}
        />
      </FormField>
      {kind === 'aws' && (
        <ManagedPolicyPicker type="single" selected={arn ? [{ Arn: arn, Name: boundaryName({ ManagedPolicyArn: arn }) }] : []} onSelect={([policy]) => onChange({ ManagedPolicyArn: policy?.Arn ?? '' })} />
      )}
      {kind === 'customer' && (
        <SpaceBetween size="s">
          <FormField label={t.policyName} errorText={wrong && t.customerWrong}>
            <Input value={reference.Name ?? ''} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ CustomerManagedPolicyReference: { ...reference, Name: detail.value } })} />
          </FormField>
          <FormField label={t.path} constraintText={t.pathHint}>
            <Input value={reference.Path ?? '/'} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ CustomerManagedPolicyReference: { ...reference, Path: detail.value } })} />
          </FormField>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
