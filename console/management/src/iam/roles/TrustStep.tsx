import { ListOpenIDConnectProvidersCommand, ListSAMLProvidersCommand } from '@aws-sdk/client-iam';
import Alert from '@cloudscape-design/components/alert';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tiles from '@cloudscape-design/components/tiles';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useClients, useSession } from '../../console';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { Optional } from '../../ui/Optional';
import { policyName } from '../permissions/holders';
import { roleMessages } from './messages';
import { issuerOf, type Trust, type TrustField } from './trust';

const PolicyEditor = lazy(async () => ({ default: (await import('../../policy-editor/PolicyEditor')).PolicyEditor }));

export const EC2 = 'ec2.amazonaws.com';

/** The services that roles are made for most; any other can be typed. */
const services: readonly (readonly [string, string])[] = [
  ['EC2', EC2],
  ['Lambda', 'lambda.amazonaws.com'],
  ['API Gateway', 'apigateway.amazonaws.com'],
  ['Batch', 'batch.amazonaws.com'],
  ['CloudFormation', 'cloudformation.amazonaws.com'],
  ['CodeBuild', 'codebuild.amazonaws.com'],
  ['CodePipeline', 'codepipeline.amazonaws.com'],
  ['ECS tasks', 'ecs-tasks.amazonaws.com'],
  ['EKS', 'eks.amazonaws.com'],
  ['EKS pods', 'pods.eks.amazonaws.com'],
  ['EventBridge', 'events.amazonaws.com'],
  ['EventBridge Scheduler', 'scheduler.amazonaws.com'],
  ['Firehose', 'firehose.amazonaws.com'],
  ['Glue', 'glue.amazonaws.com'],
  ['RDS monitoring', 'monitoring.rds.amazonaws.com'],
  ['SageMaker', 'sagemaker.amazonaws.com'],
  ['Step Functions', 'states.amazonaws.com'],
  ['Systems Manager', 'ssm.amazonaws.com'],
];

export type TrustFaults = Partial<Record<TrustField | 'document', string>>;

/** The first step of the wizard: whom the role is for. */
export function TrustStep({ trust, faults, onChange, onValid }: { trust: Trust; faults: TrustFaults; onChange: (change: Partial<Trust>) => void; onValid: (valid: boolean) => void }) {
  const t = useMessages(roleMessages).wizard;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t.kind}</Header>}>
        <Tiles
          ariaLabel={t.kind}
          columns={3}
          value={trust.kind}
          onChange={({ detail }) => onChange({ kind: detail.value as Trust['kind'] })}
          items={(['account', 'service', 'oidc', 'saml', 'custom'] as const).map((value) => ({ value, label: t.kinds[value], description: t.kindTexts[value] }))}
        />
      </Container>
      <Container header={<Header variant="h2">{trust.kind === 'account' ? t.which : t.kinds[trust.kind]}</Header>}>
        {trust.kind === 'account' && <AccountFields trust={trust} faults={faults} onChange={onChange} />}
        {trust.kind === 'service' && <ServiceField trust={trust} faults={faults} onChange={onChange} />}
        {(trust.kind === 'oidc' || trust.kind === 'saml') && <ProviderFields key={trust.kind} kind={trust.kind} trust={trust} faults={faults} onChange={onChange} />}
        {trust.kind === 'custom' && (
          <FormField stretch errorText={faults.document}>
            <Suspense fallback={<Spinner />}>
              <PolicyEditor value={trust.document} onChange={(document) => onChange({ document })} kind="trust" label={t.kinds.custom} onValid={onValid} />
            </Suspense>
          </FormField>
        )}
      </Container>
    </SpaceBetween>
  );
}

interface FieldsProps {
  trust: Trust;
  faults: TrustFaults;
  onChange: (change: Partial<Trust>) => void;
}

function AccountFields({ trust, faults, onChange }: FieldsProps) {
  const t = useMessages(roleMessages).wizard;
  const { accountId } = useSession();
  return (
    <SpaceBetween size="m">
      <RadioGroup
        ariaLabel={t.which}
        value={trust.other ? 'other' : 'this'}
        onChange={({ detail }) => onChange({ other: detail.value === 'other' })}
        items={[
          { value: 'this', label: t.thisAccount(accountId) },
          { value: 'other', label: t.otherAccount },
        ]}
      />
      {trust.other && (
        <FormField label={t.accountId} constraintText={t.accountHint} errorText={faults.account}>
          <Input value={trust.account} inputMode="numeric" autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ account: detail.value })} />
        </FormField>
      )}
      <Checkbox checked={trust.external} description={t.externalText} onChange={({ detail }) => onChange({ external: detail.checked })}>
        {t.external}
      </Checkbox>
      {trust.external && (
        <FormField label={t.externalId} constraintText={t.externalHint} errorText={faults.externalId}>
          <Input value={trust.externalId} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ externalId: detail.value })} />
        </FormField>
      )}
      <Checkbox checked={trust.mfa} description={t.mfaText} onChange={({ detail }) => onChange({ mfa: detail.checked })}>
        {t.mfa}
      </Checkbox>
    </SpaceBetween>
  );
}

function ServiceField({ trust, faults, onChange }: FieldsProps) {
  const t = useMessages(roleMessages).wizard;
  return (
    <SpaceBetween size="m">
      <FormField label={t.service} constraintText={t.serviceHint} errorText={faults.service}>
        <Autosuggest
          value={trust.service}
          options={services.map(([label, value]) => ({ value, labelTag: label }))}
          enteredTextLabel={t.useService}
          onChange={({ detail }) => onChange({ service: detail.value })}
        />
      </FormField>
      {trust.service.trim() === EC2 && <Alert type="info">{t.ec2}</Alert>}
    </SpaceBetween>
  );
}

function ProviderFields({ kind, trust, faults, onChange }: FieldsProps & { kind: 'oidc' | 'saml' }) {
  const t = useMessages(roleMessages).wizard;
  const { iam } = useClients();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['iam', 'providers', kind],
    queryFn: async ({ signal }) => {
      const client = await iam();
      const options = { abortSignal: signal };
      const list =
        kind === 'oidc'
          ? (await client.send(new ListOpenIDConnectProvidersCommand({}), options)).OpenIDConnectProviderList
          : (await client.send(new ListSAMLProvidersCommand({}), options)).SAMLProviderList;
      return (list ?? []).map(({ Arn = '' }) => Arn);
    },
  });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  const options = (data ?? []).map((arn) => ({ value: arn, label: kind === 'oidc' ? issuerOf(arn) : policyName(arn) }));
  return (
    <SpaceBetween size="m">
      <FormField
        label={t.provider}
        errorText={faults.provider}
        description={
          data?.length === 0 && (
            <>
              {t.noProviders} <Link href="/iam/identity-providers/create">{t.createProvider}</Link>
            </>
          )
        }
      >
        <Select
          placeholder={t.chooseProvider}
          statusType={isPending ? 'loading' : 'finished'}
          options={options}
          empty={t.noProviders}
          selectedOption={options.find(({ value }) => value === trust.provider[kind]) ?? null}
          onChange={({ detail }) => onChange({ provider: { ...trust.provider, [kind]: detail.selectedOption.value ?? '' } })}
        />
      </FormField>
      {kind === 'oidc' && (
        <FormField label={t.audience} constraintText={t.audienceHint} errorText={faults.audience}>
          <Input value={trust.audience} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ audience: detail.value })} />
        </FormField>
      )}
      {kind === 'oidc' && (
        <FormField label={<Optional>{t.subject}</Optional>} constraintText={t.subjectHint}>
          <Input value={trust.subject} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ subject: detail.value })} />
        </FormField>
      )}
    </SpaceBetween>
  );
}
