import type { Policy } from '@aws-sdk/client-iam';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Textarea from '@cloudscape-design/components/textarea';
import Wizard from '@cloudscape-design/components/wizard';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useClients, useSession } from '../../console';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { Optional } from '../../ui/Optional';
import { PolicyPicker } from '../permissions/PolicyPicker';
import { changes, TagsEditor, type EditedTag } from '../../ui/TagsEditor';
import { roleMessages } from './messages';
import { createRole, isRoleName, roleHref } from './role';
import { blankTrust, trustFaults, trustPolicy, type Trust } from './trust';
import { EC2, TrustStep, type TrustFaults } from './TrustStep';
import { TrustedEntities } from './TrustedEntities';

type Field = keyof TrustFaults | 'boundary' | 'name' | 'tags';

/** What a custom trust policy begins with: everybody of this account whom its policies let. */
function initialTrust(accountId: string, provider: string): Trust {
  const trust: Trust = { ...blankTrust, document: trustPolicy(blankTrust, accountId) };
  if (provider.includes(':oidc-provider/')) return { ...trust, kind: 'oidc', provider: { oidc: provider, saml: '' } };
  if (provider.includes(':saml-provider/')) return { ...trust, kind: 'saml', provider: { oidc: '', saml: provider } };
  return trust;
}

/** Makes a role in three steps: whom it trusts, what it may, its name and a last look. `?provider=<arn>` begins with a provider. */
export function Component() {
  const words = useMessages(roleMessages);
  const t = words.wizard;
  const { accountId } = useSession();
  const { iam } = useClients();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const [query] = useSearchParams();
  const [trust, setTrust] = useState<Trust>(() => initialTrust(accountId, query.get('provider') ?? ''));
  const [trustValid, setTrustValid] = useState(true);
  const [policies, setPolicies] = useState<Policy[]>([]);
  const [bounded, setBounded] = useState(false);
  const [boundary, setBoundary] = useState<Policy | null>(null);
  const [name, setName] = useState('');
  const [taken, setTaken] = useState('');
  const [description, setDescription] = useState('');
  const [tags, setTags] = useState<EditedTag[]>([]);
  const [tagsValid, setTagsValid] = useState(true);
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const page = useRef<HTMLDivElement>(null);
  usePageTitle(words.create, { breadcrumbs: [{ text: words.title, href: '/iam/roles' }], contentType: 'wizard' });

  const wrong = { account: t.accountWrong, externalId: t.externalWrong, service: t.serviceWrong, provider: t.providerWrong, audience: t.audienceWrong };
  const faults: Record<number, Partial<Record<Field, string>>> = {
    0: {
      ...Object.fromEntries(trustFaults(trust).map((field) => [field, wrong[field]])),
      ...(trust.kind === 'custom' && !trustValid && { document: words.trust.invalid }),
    },
    1: { ...(bounded && !boundary && { boundary: t.boundaryWrong }) },
    2: {
      ...(!isRoleName(name) ? { name: t.nameWrong } : name === taken && { name: t.nameTaken }),
      ...(!tagsValid && { tags: t.tagsWrong }),
    },
  };
  const shown = tried ? faults[step]! : {};

  // The first field that is wrong takes the focus when the step is not left because of it.
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    if (attempts) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  const mayLeave = (): boolean => {
    const clean = Object.keys(faults[step]!).length === 0;
    setTried(!clean);
    if (!clean) setAttempts((n) => n + 1);
    return clean;
  };

  const document = trustPolicy(trust, accountId);
  const create = async () => {
    if (!mayLeave()) return;
    setRunning(true);
    setFailure(null);
    try {
      const missing = await createRole(await iam(), {
        name,
        description,
        trust: document,
        policies,
        boundary: bounded ? boundary : null,
        tags: changes([], tags).put,
        instanceProfile: trust.kind === 'service' && trust.service.trim() === EC2,
      });
      void queries.invalidateQueries({ queryKey: ['iam', 'roles'] });
      if (missing.length === 0) notify({ type: 'success', content: t.created(name) });
      else {
        notify({
          type: 'warning',
          header: t.partly(name),
          content: missing.map(({ what, error }) => `${what}: ${error instanceof Error ? error.message : errorCode(error)}`).join('\n'),
        });
      }
      void navigate(roleHref(name));
    } catch (error) {
      if (errorCode(error).startsWith('EntityAlreadyExists')) {
        setTaken(name);
        setTried(true);
        setAttempts((n) => n + 1);
      } else setFailure(error);
      setRunning(false);
    }
  };

  return (
    <div ref={page}>
      <Wizard
        submitButtonText={words.create}
        isLoadingNextStep={running}
        activeStepIndex={step}
        onNavigate={({ detail: { requestedStepIndex } }) => {
          if (requestedStepIndex > step && !mayLeave()) return;
          setTried(false);
          setFailure(null);
          setStep(requestedStepIndex);
        }}
        onCancel={() => void navigate('/iam/roles')}
        onSubmit={() => void create()}
        steps={[
          {
            title: t.trusted,
            content: <TrustStep trust={trust} faults={shown} onChange={(change) => setTrust((before) => ({ ...before, ...change }))} onValid={setTrustValid} />,
          },
          {
            title: t.permissions,
            content: (
              <SpaceBetween size="l">
                <Container>
                  <PolicyPicker selected={policies} onSelect={setPolicies} />
                </Container>
                <ExpandableSection variant="container" headerText={t.boundary} defaultExpanded={bounded}>
                  <SpaceBetween size="m">
                    <Checkbox checked={bounded} onChange={({ detail }) => setBounded(detail.checked)}>
                      {t.useBoundary}
                    </Checkbox>
                    {bounded && (
                      <FormField errorText={shown.boundary} stretch>
                        <PolicyPicker type="single" selected={boundary ? [boundary] : []} onSelect={([chosen]) => setBoundary(chosen ?? null)} />
                      </FormField>
                    )}
                  </SpaceBetween>
                </ExpandableSection>
              </SpaceBetween>
            ),
          },
          {
            title: t.review,
            content: (
              <SpaceBetween size="l">
                {failure !== null && <FailureAlert error={failure} />}
                <Container header={<Header variant="h2">{t.details}</Header>}>
                  <SpaceBetween size="m">
                    <FormField label={words.name} constraintText={t.nameHint} errorText={shown.name}>
                      <Input value={name} autoComplete={false} spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
                    </FormField>
                    <FormField label={<Optional>{words.descriptionLabel}</Optional>} constraintText={words.descriptionHint}>
                      <Textarea value={description} onChange={({ detail }) => setDescription(detail.value.slice(0, 1000))} />
                    </FormField>
                  </SpaceBetween>
                </Container>
                <Container header={<Header variant="h2">{t.step(1, t.trusted)}</Header>}>
                  <SpaceBetween size="s">
                    <div>
                      <TrustedEntities document={document} />
                    </div>
                    <pre className="policy-text">{document}</pre>
                  </SpaceBetween>
                </Container>
                <Table
                  variant="container"
                  wrapLines
                  header={<Header variant="h2">{t.step(2, t.permissions)}</Header>}
                  items={[
                    ...policies.map(({ PolicyName = '' }) => ({ policy: PolicyName, boundary: false })),
                    ...(bounded && boundary ? [{ policy: boundary.PolicyName ?? '', boundary: true }] : []),
                  ]}
                  trackBy={(row) => `${row.policy}/${row.boundary}`}
                  empty={t.noPolicies}
                  columnDefinitions={[
                    { id: 'policy', header: t.policy, isRowHeader: true, cell: ({ policy }) => <span className="long-words">{policy}</span> },
                    { id: 'type', header: t.type, cell: (row) => (row.boundary ? t.asBoundary : t.asPolicy) },
                  ]}
                />
                <Container header={<Header variant="h2">{t.tags}</Header>}>
                  <FormField errorText={shown.tags} stretch>
                    <TagsEditor tags={tags} onChange={setTags} onValid={setTagsValid} />
                  </FormField>
                </Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </div>
  );
}
