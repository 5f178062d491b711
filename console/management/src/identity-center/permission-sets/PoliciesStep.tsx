import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMessages } from '../../messages';
import { BoundaryChoice, isBoundary } from './BoundaryChoice';
import { CustomerPolicies } from './CustomerPolicies';
import { blankInline, InlineEditor } from './InlineEditor';
import { ManagedPolicyPicker } from './ManagedPolicyPicker';
import { setMessages } from './messages';
import { MOST_MANAGED, referenceFaults, type SetPolicies } from './policies';

export type PoliciesFault = 'nothing' | 'marked' | 'many';

/** Why a custom set cannot be made of these, if it cannot. */
export function policiesFault({ managed, customer, inline, boundary }: SetPolicies, inlineValid: boolean): PoliciesFault | undefined {
  if (referenceFaults(customer).some(Boolean) || !isBoundary(boundary) || (inline !== '' && !inlineValid)) return 'marked';
  if (managed.length + customer.length > MOST_MANAGED) return 'many';
  return managed.length + customer.length === 0 && inline === '' ? 'nothing' : undefined;
}

/** The policies and the boundary of a custom set. */
export function PoliciesStep({
  policies,
  onChange,
  inlineValid,
  onInlineValid,
  tried,
}: {
  policies: SetPolicies;
  onChange: (policies: SetPolicies) => void;
  inlineValid: boolean;
  onInlineValid: (valid: boolean) => void;
  tried: boolean;
}) {
  const words = useMessages(setMessages);
  const t = words.policies;
  const { managed, customer, inline, boundary } = policies;
  const fault = tried && policiesFault(policies, inlineValid);
  const said = fault && { nothing: words.wizard.chooseSomething, marked: words.wizard.mend, many: t.limit(MOST_MANAGED) }[fault];
  return (
    <SpaceBetween size="l">
      {said && (
        <div role="alert">
          <Alert type="error">{said}</Alert>
        </div>
      )}
      <Container header={<Header variant="h2" counter={managed.length > 0 ? `(${managed.length})` : undefined} description={t.managedText}>{t.managed}</Header>}>
        <ManagedPolicyPicker selected={managed} onSelect={(chosen) => onChange({ ...policies, managed: chosen })} />
      </Container>
      <Container header={<Header variant="h2" description={t.customerText}>{t.customer}</Header>}>
        <CustomerPolicies references={customer} tried={tried} onChange={(references) => onChange({ ...policies, customer: references })} />
      </Container>
      <Container header={<Header variant="h2" description={t.inlineText}>{t.inline}</Header>}>
        <SpaceBetween size="m">
          <Checkbox checked={inline !== ''} onChange={({ detail }) => onChange({ ...policies, inline: detail.checked ? blankInline : '' })}>
            {t.useInline}
          </Checkbox>
          {/* What was emptied by hand is still being written. */}
          {inline !== '' && <InlineEditor value={inline} onChange={(document) => onChange({ ...policies, inline: document || ' ' })} onValid={onInlineValid} />}
        </SpaceBetween>
      </Container>
      <ExpandableSection variant="container" headerText={t.boundary} defaultExpanded={boundary !== null}>
        <BoundaryChoice boundary={boundary} tried={tried} onChange={(after) => onChange({ ...policies, boundary: after })} />
      </ExpandableSection>
    </SpaceBetween>
  );
}
