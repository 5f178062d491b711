import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Textarea from '@cloudscape-design/components/textarea';
import Tiles from '@cloudscape-design/components/tiles';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import type { Holder } from '../permissions/holders';
import { blankPolicy } from '../permissions/InlinePolicyModal';
import { ContextEditor } from './ContextEditor';
import { simulatorMessages } from './messages';
import { PrincipalSelect } from './PrincipalSelect';
import { Results } from './Results';
import { contextKeys, simulate, withKeys, words, type ContextRow, type Row, type Simulation } from './simulation';

const PolicyEditor = lazy(async () => ({ default: (await import('../../policy-editor/PolicyEditor')).PolicyEditor }));

/** The most actions that are asked about at once. */
const MOST_ACTIONS = 100;

/** Says what policies would decide, and by which statement. */
export function Component() {
  const t = useMessages(simulatorMessages);
  const { iam } = useClients();
  const [written, setWritten] = useState(false);
  const [kind, setKind] = useState<Holder['kind']>('user');
  const [principal, setPrincipal] = useState('');
  const [more, setMore] = useState(false);
  const [document, setDocument] = useState(blankPolicy);
  const [valid, setValid] = useState(false);
  const [actions, setActions] = useState('');
  const [resources, setResources] = useState('*');
  const [context, setContext] = useState<ContextRow[]>([]);
  const [noKeys, setNoKeys] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const [running, setRunning] = useState<'simulation' | 'keys' | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [result, setResult] = useState<{ asked: Simulation; rows: Row[] } | null>(null);
  const page = useRef<HTMLFormElement>(null);
  const answer = useRef<HTMLDivElement>(null);
  usePageTitle(t.title, { contentType: 'form' });

  const names = words(actions);
  const byDocument = written || more;
  const asked: Simulation = {
    principal: written ? '' : principal,
    document: byDocument ? document : '',
    actions: names,
    resources: words(resources).length > 0 ? words(resources) : ['*'],
    context,
  };
  const policyFaults = { principal: !written && principal === '', document: byDocument && !valid };
  const faults = { ...policyFaults, actions: names.length === 0 || names.length > MOST_ACTIONS || names.some((name) => !/^[\w-]+:[\w*?]+$/.test(name)) };
  const shown: Partial<typeof faults> = attempts > 0 ? faults : {};
  useEffect(() => {
    if (attempts) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  // Whoever pressed the button is brought to what it was pressed for.
  useEffect(() => {
    if (result) answer.current?.scrollIntoView({ block: 'nearest' });
  }, [result]);

  const attempt = async (what: 'simulation' | 'keys', wrong: Record<string, boolean>, ask: () => Promise<void>) => {
    if (Object.values(wrong).some(Boolean)) {
      setAttempts((n) => n + 1);
      return;
    }
    setRunning(what);
    setFailure(null);
    try {
      await ask();
    } catch (error) {
      setFailure(error);
    } finally {
      setRunning(null);
    }
  };
  const run = () =>
    attempt('simulation', faults, async () => {
      setResult({ asked, rows: await simulate(await iam(), asked) });
    });
  const askKeys = () =>
    attempt('keys', policyFaults, async () => {
      const keys = await contextKeys(await iam(), asked);
      setNoKeys(keys.length === 0);
      setContext(withKeys(context, keys));
    });

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.text}>
        {t.title}
      </Header>
      <form
        ref={page}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">{t.whose}</Header>}>
            <SpaceBetween size="m">
              <Tiles
                ariaLabel={t.whose}
                columns={2}
                value={written ? 'written' : 'existing'}
                onChange={({ detail }) => setWritten(detail.value === 'written')}
                items={[
                  { value: 'existing', label: t.existing, description: t.existingText },
                  { value: 'written', label: t.written, description: t.writtenText },
                ]}
              />
              {!written && (
                <PrincipalSelect
                  kind={kind}
                  arn={principal}
                  wrong={shown.principal === true}
                  onKind={(chosen) => {
                    setKind(chosen);
                    setPrincipal('');
                  }}
                  onArn={setPrincipal}
                />
              )}
              {!written && (
                <Checkbox checked={more} description={t.moreText} onChange={({ detail }) => setMore(detail.checked)}>
                  {t.more}
                </Checkbox>
              )}
              {byDocument && (
                <FormField stretch errorText={shown.document && t.documentWrong}>
                  <Suspense fallback={<Spinner />}>
                    <PolicyEditor value={document} onChange={setDocument} kind="identity" label={t.document} onValid={setValid} />
                  </Suspense>
                </FormField>
              )}
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">{t.what}</Header>}>
            <SpaceBetween size="m">
              <FormField label={t.actions} constraintText={t.actionsHint} errorText={shown.actions && t.actionsWrong}>
                <Textarea value={actions} rows={3} spellcheck={false} autoComplete={false} placeholder="iam:CreateUser" onChange={({ detail }) => setActions(detail.value)} />
              </FormField>
              <FormField label={t.resources} constraintText={t.resourcesHint}>
                <Textarea value={resources} rows={2} spellcheck={false} autoComplete={false} onChange={({ detail }) => setResources(detail.value)} />
              </FormField>
            </SpaceBetween>
          </Container>
          <Container
            header={
              <Header
                variant="h2"
                description={t.contextText}
                actions={
                  <Button formAction="none" loading={running === 'keys'} onClick={() => void askKeys()}>
                    {t.askKeys}
                  </Button>
                }
              >
                {t.context}
              </Header>
            }
          >
            <SpaceBetween size="s">
              {noKeys && <Alert type="info">{t.noKeys}</Alert>}
              <ContextEditor context={context} onChange={setContext} />
            </SpaceBetween>
          </Container>
          {failure !== null && <FailureAlert error={failure} />}
          <Button variant="primary" loading={running === 'simulation'}>
            {t.run}
          </Button>
        </SpaceBetween>
      </form>
      <div ref={answer}>
        {result && (
          <SpaceBetween size="s">
            {JSON.stringify(result.asked) !== JSON.stringify(asked) && <Alert type="info">{t.changed}</Alert>}
            <Results rows={result.rows} document={result.asked.document} />
          </SpaceBetween>
        )}
      </div>
    </SpaceBetween>
  );
}
