import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { changes, TagsEditor, type EditedTag } from '../../ui/TagsEditor';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { AssignmentChoice, NameFields, UrlField } from './ApplicationFields';
import { applicationHref, applicationsHref, applicationsKey, createApplication } from './applications';
import { applicationFaults, type ApplicationDetails } from './details';
import { GrantFields } from './GrantFields';
import { applicationMessages } from './messages';
import { grantsFaults, noGrants, scopeFaults, type Scope } from './oauth';
import { ScopeFields } from './ScopeFields';

/** Registers an application of one's own that gets tokens by OAuth 2.0. */
export function Component() {
  const t = useMessages(applicationMessages);
  usePageTitle(t.create.title, { breadcrumbs: [{ text: t.title, href: applicationsHref }], contentType: 'form' });
  return <WithInstance title={t.create.title} forMembers>{(instance) => <Create instance={instance} />}</WithInstance>;
}

function Create({ instance }: { instance: Instance }) {
  const words = useMessages(applicationMessages);
  const t = words.fields;
  const { ssoAdmin } = useClients();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const [details, setDetails] = useState<ApplicationDetails>({ name: '', description: '', url: '' });
  const [visible, setVisible] = useState(true);
  const [assignmentRequired, setAssignmentRequired] = useState(true);
  const [grants, setGrants] = useState(noGrants);
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [tags, setTags] = useState<EditedTag[]>([]);
  const [tagsValid, setTagsValid] = useState(true);
  const [tried, setTried] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const page = useRef<HTMLDivElement>(null);
  const faults = applicationFaults(details, visible);
  const wrong = faults.length > 0 || grantsFaults(grants).length > 0 || scopeFaults(scopes).some(Boolean) || !tagsValid;
  const shown = tried ? faults : [];

  // The first field that is wrong takes the focus.
  useEffect(() => {
    if (attempts) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);

  const create = async () => {
    setTried(true);
    if (wrong) {
      setAttempts((n) => n + 1);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      const { arn, missing } = await createApplication(await ssoAdmin(), instance, { ...details, visible, assignmentRequired, grants, scopes }, words.create.assignment, changes([], tags).put);
      void queries.invalidateQueries({ queryKey: applicationsKey });
      if (missing.length === 0) notify({ type: 'success', content: words.create.created(details.name) });
      else {
        notify({
          type: 'warning',
          header: words.create.partly(details.name),
          content: missing.map(({ what, error }) => `${what}: ${error instanceof Error ? error.message : errorCode(error)}`).join('\n'),
        });
      }
      void navigate(applicationHref(arn));
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };

  return (
    <div ref={page}>
      <form
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void create();
        }}
      >
        <Form
          header={
            <Header variant="h1" description={words.saml}>
              {words.create.title}
            </Header>
          }
          errorText={tried && wrong && words.create.mend}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" href={applicationsHref}>
                {words.create.cancel}
              </Button>
              <Button variant="primary" loading={running}>
                {words.create.submit}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            {failure !== null && <FailureAlert error={failure} />}
            <Container header={<Header variant="h2">{t.details}</Header>}>
              <NameFields details={details} onChange={setDetails} faults={shown} />
            </Container>
            <Container header={<Header variant="h2">{t.portal}</Header>}>
              <SpaceBetween size="m">
                <Checkbox checked={visible} description={t.visibilityHint} onChange={({ detail }) => setVisible(detail.checked)}>
                  {t.visibility}
                </Checkbox>
                <UrlField details={details} onChange={setDetails} faults={shown} />
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">{t.access}</Header>}>
              <AssignmentChoice required={assignmentRequired} onChange={setAssignmentRequired} />
            </Container>
            <Container header={<Header variant="h2" description={t.grantsText}>{t.grants}</Header>}>
              <GrantFields instance={instance} grants={grants} onChange={setGrants} faults={tried ? grantsFaults(grants) : []} />
            </Container>
            <Container header={<Header variant="h2" description={t.scopesText}>{`${t.scopes} - ${t.optional}`}</Header>}>
              <ScopeFields scopes={scopes} onChange={setScopes} tried={tried} />
            </Container>
            <Container header={<Header variant="h2">{`${t.tags} - ${t.optional}`}</Header>}>
              <FormField errorText={tried && !tagsValid && t.tagsWrong} stretch>
                <TagsEditor tags={tags} onChange={setTags} onValid={setTagsValid} />
              </FormField>
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </div>
  );
}
