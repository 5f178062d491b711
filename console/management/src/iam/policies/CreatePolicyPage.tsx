import { CreatePolicyCommand } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
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
import { Optional } from '../../ui/Optional';
import { blankPolicy } from '../permissions/InlinePolicyModal';
import { policyHref } from '../permissions/holders';
import { changes, TagsEditor, type EditedTag } from '../../ui/TagsEditor';
import { explain } from '../../policy-editor/explain';
import { explainMessages } from '../../policy-editor/messages';
import { PolicyEditor } from '../../policy-editor/PolicyEditor';
import { policyMessages } from './messages';

const NAME = /^[\w+=,.@-]{1,128}$/;
const LONGEST_DESCRIPTION = 1000;

/** Creates a customer managed policy: the document, then its name, tags and a last look. */
export function Component() {
  const t = useMessages(policyMessages);
  const explaining = useMessages(explainMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const navigate = useNavigate();
  const [step, setStep] = useState(0);
  const [document, setDocument] = useState(blankPolicy);
  const [valid, setValid] = useState(false);
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [tags, setTags] = useState<EditedTag[]>([]);
  const [tried, setTried] = useState(false);
  const [taken, setTaken] = useState('');
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  usePageTitle(t.create, { breadcrumbs: [{ text: t.title, href: '/iam/policies' }], contentType: 'wizard' });

  const nameFault = !NAME.test(name) ? t.nameWrong : name === taken && t.nameTaken;
  const page = useRef<HTMLDivElement>(null);
  // What is wrong takes the focus when it keeps the policy from being created.
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    if (attempts) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);

  const create = async () => {
    setTried(true);
    if (nameFault) {
      setAttempts((n) => n + 1);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      const { Policy } = await (await iam()).send(
        new CreatePolicyCommand({
          PolicyName: name,
          PolicyDocument: document,
          ...(description && { Description: description }),
          Tags: changes([], tags).put,
        }),
      );
      void queries.invalidateQueries({ queryKey: ['iam', 'policies'] });
      notify({ type: 'success', header: t.created(name) });
      void navigate(policyHref(Policy!.Arn!));
    } catch (error) {
      if (errorCode(error).startsWith('EntityAlreadyExists')) {
        setTaken(name);
        setAttempts((n) => n + 1);
      } else setFailure(error);
      setRunning(false);
    }
  };

  return (
    <div ref={page}>
      <Wizard
        submitButtonText={t.create}
        activeStepIndex={step}
        isLoadingNextStep={running}
        onCancel={() => void navigate('/iam/policies')}
        onSubmit={() => void create()}
        onNavigate={({ detail }) => {
          setTried(true);
          if (detail.requestedStepIndex > step && !valid) return;
          setTried(false);
          setStep(detail.requestedStepIndex);
        }}
        steps={[
          {
            title: t.steps.document,
            description: t.documentHint,
            content: (
              <Container>
                <FormField stretch errorText={step === 0 && tried && !valid && t.documentMissing}>
                  <PolicyEditor value={document} onChange={setDocument} kind="identity" label={t.document} onValid={setValid} />
                </FormField>
              </Container>
            ),
          },
          {
            title: t.steps.review,
            content: (
              <SpaceBetween size="l">
                {failure !== null && <FailureAlert error={failure} />}
                <Container>
                  <SpaceBetween size="m">
                    <FormField label={t.name} constraintText={t.nameHint} errorText={step === 1 && tried && nameFault}>
                      <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} autoComplete={false} />
                    </FormField>
                    <FormField label={<Optional>{t.descriptionLabel}</Optional>} constraintText={t.descriptionHint}>
                      <Textarea value={description} onChange={({ detail }) => setDescription(detail.value.slice(0, LONGEST_DESCRIPTION))} />
                    </FormField>
                  </SpaceBetween>
                </Container>
                <Container header={<Header variant="h2">{t.inWords}</Header>}>
                  <ol className="policy-explained">
                    {explain(document, explaining)?.map(({ sid, sentences }, i) => (
                      // oxlint-disable-next-line react/no-array-index-key -- statements have no identity but their place
                      <li key={i}>
                        {sid && <code>{sid}</code>} <span className="long-words">{sentences.join(' ')}</span>
                      </li>
                    ))}
                  </ol>
                  <Box padding={{ top: 's' }}>
                    <pre className="policy-text">{document}</pre>
                  </Box>
                </Container>
                <Container header={<Header variant="h2">{t.tags}</Header>}>
                  <TagsEditor tags={tags} onChange={setTags} />
                </Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </div>
  );
}
