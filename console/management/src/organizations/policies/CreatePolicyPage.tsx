import { CreatePolicyCommand } from '@aws-sdk/client-organizations';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { PolicyEditor } from '../../policy-editor/PolicyEditor';
import { FailureAlert } from '../../ui/FailureAlert';
import { NewTagsContainer, useNewTags } from '../../ui/NewTags';
import { Optional } from '../../ui/Optional';
import { OfOrganization } from '../OfOrganization';
import { useChanged } from '../organization';
import { paths } from '../paths';
import { policiesMessages } from './messages';
import { OfType } from './OfType';
import { LONGEST_DESCRIPTION, LONGEST_NAME, type TypeFacts } from './types';

/** Creates a policy; it applies nowhere until it is attached. */
export function Component() {
  const t = useMessages(policiesMessages);
  return <OfType>{(facts) => <OfOrganization title={t.create}>{() => <Form key={facts.type} facts={facts} />}</OfOrganization>}</OfType>;
}

function Form({ facts }: { facts: TypeFacts }) {
  const t = useMessages(policiesMessages);
  const { type } = facts;
  const typeName = t.names[type] ?? '';
  usePageTitle(t.create, {
    breadcrumbs: [
      { text: t.title, href: paths.policies },
      { text: typeName, href: paths.policyType(type) },
    ],
  });
  const { organizations } = useClients();
  const navigate = useNavigate();
  const notify = useNotify();
  const changed = useChanged();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [document, setDocument] = useState(facts.blank);
  const [valid, setValid] = useState(true);
  const tags = useNewTags();
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const wrongName = name.trim() === '' || name.trim().length > LONGEST_NAME;

  const create = async () => {
    setTried(true);
    if (wrongName || !valid || !tags.valid) return;
    setRunning(true);
    setFailure(null);
    try {
      const { Policy } = await (
        await organizations()
      ).send(new CreatePolicyCommand({ Name: name.trim(), Description: description.trim(), Type: type, Content: document, ...tags.request }));
      notify({ type: 'success', content: t.created(name.trim()) });
      void changed();
      void navigate(`${paths.policy(type, Policy?.PolicySummary?.Id ?? '')}?section=targets`);
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.purposes[type]}>
        {t.createTitle(typeName)}
      </Header>
      {failure !== null && <FailureAlert error={failure} />}
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <SpaceBetween size="m">
          <FormField label={t.name} constraintText={t.nameHint} errorText={tried && wrongName && t.nameMissing}>
            <Input value={name} autoComplete={false} spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
          <FormField
            label={<Optional>{t.policyDescription}</Optional>}
            constraintText={t.descriptionHint}
          >
            <Textarea value={description} rows={2} onChange={({ detail }) => setDescription(detail.value.slice(0, LONGEST_DESCRIPTION))} />
          </FormField>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{t.document}</Header>}>
        <FormField stretch errorText={tried && !valid && t.documentMissing}>
          <PolicyEditor value={document} onChange={setDocument} kind={facts.kind} label={t.document} onValid={setValid} />
        </FormField>
      </Container>
      <NewTagsContainer of={tags} tried={tried} />
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" href={paths.policyType(type)}>
            {t.cancel}
          </Button>
          <Button variant="primary" loading={running} onClick={() => void create()}>
            {t.create}
          </Button>
        </SpaceBetween>
      </Box>
    </SpaceBetween>
  );
}
