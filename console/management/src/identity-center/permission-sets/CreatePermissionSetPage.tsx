import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import Wizard from '@cloudscape-design/components/wizard';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { NewTagsContainer, useNewTags } from '../../ui/NewTags';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { setHref, setsKey } from '../access/permissionSets';
import { SessionDuration } from '../access/SessionDuration';
import { accessMessages } from '../accessMessages';
import { detailsFaults, type Details } from './details';
import { DetailsFields } from './DetailsFields';
import { setMessages } from './messages';
import { createSet, jobs, noPolicies, type SetPolicies } from './policies';
import { PoliciesReview } from './PoliciesReview';
import { PoliciesStep, policiesFault } from './PoliciesStep';

const list = '/singlesignon/permission-sets';

/** Makes a permission set of a predefined policy in three steps, or a custom one in four (G-34…G-38). */
export function Component() {
  const t = useMessages(setMessages);
  usePageTitle(t.create, { breadcrumbs: [{ text: t.title, href: list }], contentType: 'wizard' });
  return <WithInstance title={t.create}>{(instance) => <Create instance={instance} />}</WithInstance>;
}

type Kind = 'predefined' | 'custom';
type StepId = 'type' | 'policies' | 'details' | 'review';

const stepsOf: Record<Kind, readonly StepId[]> = { predefined: ['type', 'details', 'review'], custom: ['type', 'policies', 'details', 'review'] };

function Create({ instance }: { instance: Instance }) {
  const t = useMessages(setMessages);
  const { ssoAdmin } = useClients();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>('predefined');
  const [job, setJob] = useState(jobs[0]!);
  const [own, setOwn] = useState<SetPolicies>(noPolicies);
  const [inlineValid, setInlineValid] = useState(true);
  const [typed, setTyped] = useState<Details>({ name: '', description: '', minutes: 60, relayState: '' });
  const [named, setNamed] = useState(false);
  const [taken, setTaken] = useState('');
  const tags = useNewTags();
  const [step, setStep] = useState<StepId>('type');
  const [tried, setTried] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const page = useRef<HTMLDivElement>(null);

  // A predefined set is named after its policy, unless somebody names it.
  const details = kind === 'predefined' && !named ? { ...typed, name: job.name } : typed;
  const chosen = tags.request.Tags ?? [];
  const policies: SetPolicies = kind === 'predefined' ? { ...noPolicies, managed: [{ Name: job.name, Arn: job.arn }] } : own;
  const ids = stepsOf[kind];
  const index = ids.indexOf(step);

  const faults = detailsFaults(details);
  const nameFault = faults.includes('name') ? t.fields.nameWrong : details.name === taken ? t.wizard.nameTaken : '';
  const wrong: Record<StepId, boolean> = {
    type: false,
    policies: policiesFault(own, inlineValid) !== undefined,
    details: faults.length > 0 || nameFault !== '' || !tags.valid,
    review: false,
  };

  // The first field that is wrong takes the focus when the step is not left because of it.
  useEffect(() => {
    if (attempts) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  const stay = (at: StepId) => {
    setStep(at);
    setTried(true);
    setAttempts((n) => n + 1);
  };

  const create = async () => {
    setRunning(true);
    setFailure(null);
    try {
      const { arn, missing } = await createSet(await ssoAdmin(), instance, details, policies, chosen);
      void queries.invalidateQueries({ queryKey: setsKey });
      if (missing.length === 0) notify({ type: 'success', content: t.wizard.created(details.name) });
      else {
        notify({
          type: 'warning',
          header: t.wizard.partly(details.name),
          content: missing.map(({ what, error }) => `${what}: ${error instanceof Error ? error.message : errorCode(error)}`).join('\n'),
        });
      }
      void navigate(missing.length === 0 ? list : setHref(arn));
    } catch (error) {
      setRunning(false);
      if (errorCode(error).startsWith('Conflict')) {
        setTaken(details.name);
        stay('details');
      } else setFailure(error);
    }
  };

  const contents: Record<StepId, { title: string; content: React.ReactNode }> = {
    type: { title: t.wizard.type, content: <TypeStep kind={kind} setKind={setKind} job={job.name} setJob={(name) => setJob(jobs.find((j) => j.name === name)!)} /> },
    policies: { title: t.wizard.policies, content: <PoliciesStep policies={own} onChange={setOwn} onInlineValid={setInlineValid} inlineValid={inlineValid} tried={tried && step === 'policies'} /> },
    details: {
      title: t.wizard.details,
      content: (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">{t.page.general}</Header>}>
            <DetailsFields
              details={details}
              faults={tried && step === 'details' ? faults : []}
              nameFault={tried && step === 'details' ? nameFault : ''}
              onChange={(after) => {
                setTyped(after);
                if (after.name !== details.name) setNamed(true);
              }}
            />
          </Container>
          <NewTagsContainer of={tags} tried={tried && step === 'details'} />
        </SpaceBetween>
      ),
    },
    review: {
      title: t.wizard.review,
      content: (
        <SpaceBetween size="l">
          {failure !== null && <FailureAlert error={failure} />}
          <Container header={<ReviewHeader n={1} title={t.wizard.type} onEdit={() => setStep('type')} />}>
            <KeyValuePairs
              columns={2}
              items={[
                { label: t.wizard.setType, value: t.wizard[kind] },
                ...(kind === 'predefined' ? [{ label: t.wizard.awsPolicy, value: `${job.name} (${t.jobs[job.name]![0]})` }] : []),
              ]}
            />
          </Container>
          {kind === 'custom' && (
            <Container header={<ReviewHeader n={2} title={t.wizard.policies} onEdit={() => setStep('policies')} />}>
              <PoliciesReview policies={own} />
            </Container>
          )}
          <Container header={<ReviewHeader n={ids.indexOf('details') + 1} title={t.wizard.details} onEdit={() => setStep('details')} />}>
            <KeyValuePairs
              columns={2}
              items={[
                { label: t.fields.name, value: <span className="long-words">{details.name}</span> },
                { label: t.fields.session, value: <SessionDuration minutes={details.minutes} /> },
                { label: t.fields.description, value: <span className="long-words">{details.description || '–'}</span> },
                { label: t.fields.relay, value: <span className="long-words">{details.relayState || '–'}</span> },
                { label: t.fields.tags, value: chosen.length ? chosen.map(({ Key, Value }) => <div key={Key} className="long-words">{`${Key} = ${Value}`}</div>) : '–' },
              ]}
            />
          </Container>
        </SpaceBetween>
      ),
    },
  };

  return (
    <div ref={page}>
      <Wizard
        submitButtonText={t.wizard.submit}
        isLoadingNextStep={running}
        activeStepIndex={index}
        onNavigate={({ detail: { requestedStepIndex } }) => {
          if (requestedStepIndex > index && wrong[step]) {
            stay(step);
            return;
          }
          setTried(false);
          setFailure(null);
          setStep(ids[requestedStepIndex]!);
        }}
        onCancel={() => void navigate(list)}
        onSubmit={() => void create()}
        steps={ids.map((id) => contents[id])}
      />
    </div>
  );
}

function ReviewHeader({ n, title, onEdit }: { n: number; title: string; onEdit: () => void }) {
  const t = useMessages(setMessages).wizard;
  const words = useMessages(accessMessages);
  return (
    <Header
      variant="h2"
      actions={
        <Button ariaLabel={`${words.edit}: ${title}`} onClick={onEdit}>
          {words.edit}
        </Button>
      }
    >
      {t.step(n, title)}
    </Header>
  );
}

function TypeStep({ kind, setKind, job, setJob }: { kind: Kind; setKind: (kind: Kind) => void; job: string; setJob: (name: string) => void }) {
  const t = useMessages(setMessages);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t.wizard.setType}</Header>}>
        <Tiles
          ariaLabel={t.wizard.setType}
          columns={2}
          value={kind}
          onChange={({ detail }) => setKind(detail.value as Kind)}
          items={[
            { value: 'predefined', label: t.wizard.predefined, description: t.wizard.predefinedText },
            { value: 'custom', label: t.wizard.custom, description: t.wizard.customText },
          ]}
        />
      </Container>
      {kind === 'predefined' && (
        <Container header={<Header variant="h2">{t.wizard.policy}</Header>}>
          <SpaceBetween size="m">
            <Alert type="info">{t.wizard.leastPrivilege}</Alert>
            <RadioGroup
              ariaLabel={t.wizard.policy}
              value={job}
              onChange={({ detail }) => setJob(detail.value)}
              items={jobs.map(({ name }) => ({ value: name, label: `${name} – ${t.jobs[name]![0]}`, description: t.jobs[name]![1] }))}
            />
          </SpaceBetween>
        </Container>
      )}
    </SpaceBetween>
  );
}
