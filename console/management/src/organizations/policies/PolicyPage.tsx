import { DeletePolicyCommand, UpdatePolicyCommand, type Organization, type Policy } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { PolicyEditor } from '../../policy-editor/PolicyEditor';
import { pretty } from '../../policy-editor/pretty';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { NotThere } from '../../ui/NotThere';
import { useTab } from '../../ui/useTab';
import { messages } from '../messages';
import { OfOrganization } from '../OfOrganization';
import { useChanged } from '../organization';
import { paths } from '../paths';
import { Tags } from '../Tags';
import { policiesMessages } from './messages';
import { OfType } from './OfType';
import { usePolicy, useTargets } from './policies';
import { ReachPreview } from './ReachPreview';
import { Targets } from './Targets';
import { LONGEST_DESCRIPTION, LONGEST_NAME, type TypeFacts } from './types';

/** One policy: what it says and where it applies. */
export function Component() {
  const t = useMessages(policiesMessages);
  return <OfType>{(facts) => <OfOrganization title={t.title}>{(organization) => <One facts={facts} organization={organization} />}</OfOrganization>}</OfType>;
}

function One({ facts, organization }: { facts: TypeFacts; organization: Organization }) {
  const all = useMessages(messages);
  const t = useMessages(policiesMessages);
  const { id = '' } = useParams();
  const { data, error, refetch } = usePolicy(id);
  const typeName = t.names[facts.type] ?? '';
  usePageTitle(data?.PolicySummary?.Name ?? id, {
    breadcrumbs: [
      { text: t.title, href: paths.policies },
      { text: typeName, href: paths.policyType(facts.type) },
    ],
  });
  if (error) return <NotThere name={id} error={error} text={all.notThere} list={typeName} href={paths.policyType(facts.type)} onRetry={() => void refetch()} />;
  return data ? <Details facts={facts} policy={data} organization={organization} /> : <Spinner size="large" />;
}

interface DetailsProps {
  facts: TypeFacts;
  policy: Policy;
  organization: Organization;
}

function Details({ facts, policy, organization }: DetailsProps) {
  const all = useMessages(messages);
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const navigate = useNavigate();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const [editing, setEditing] = useState(false);
  const { Id = '', Name = '', Description, Arn = '', AwsManaged = false } = policy.PolicySummary ?? {};

  const remove = () =>
    ask({
      title: t.deleteTitle(Name),
      text: t.deleteText,
      confirmText: Name,
      onConfirm: async () => {
        await (await organizations()).send(new DeletePolicyCommand({ PolicyId: Id }));
        notify({ type: 'success', content: t.deleted(Name) });
        void navigate(paths.policyType(facts.type));
        await changed();
      },
    });

  const tabs = [
    { id: 'content', label: t.content, content: <Content facts={facts} policy={policy} organization={organization} /> },
    { id: 'targets', label: t.targets, content: <Targets facts={facts} policy={policy} organization={organization} /> },
    ...(AwsManaged ? [] : [{ id: 'tags', label: t.tags, content: <Tags id={Id} /> }]),
  ];
  const [tab, setTab] = useTab(tabs.map(({ id }) => id));

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={Description}
        actions={
          !AwsManaged && (
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => setEditing(true)}>{t.edit}</Button>
              <Button onClick={remove}>{t.delete}</Button>
            </SpaceBetween>
          )
        }
      >
        <span className="long-words">{Name}</span>
      </Header>
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={200}
          items={[
            { label: t.type, value: t.names[facts.type] ?? all.none },
            { label: t.kind, value: AwsManaged ? t.awsManaged : t.customerManaged },
            { label: t.policyId, value: <CopyValue label={t.policyId} text={Id} /> },
            { label: t.arn, value: <CopyValue label={t.arn} text={Arn} /> },
          ]}
        />
      </Container>
      <Tabs activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {dialog}
      {editing && <EditModal policy={policy} onClose={() => setEditing(false)} />}
    </SpaceBetween>
  );
}

function Content({ facts, policy, organization }: DetailsProps) {
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { Id = '', Name = '', AwsManaged = false } = policy.PolicySummary ?? {};
  const { data: targets } = useTargets(Id);
  const document = pretty(policy.Content ?? '');
  const [typed, setTyped] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const [asking, setAsking] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const edited = typed !== null && typed !== document;

  const save = async () => {
    await (await organizations()).send(new UpdatePolicyCommand({ PolicyId: Id, Content: typed! }));
    notify({ type: 'success', content: t.saved(Name) });
    setAsking(false);
    await changed();
    setTyped(null);
  };
  // What applies somewhere is saved only after saying where; what applies nowhere at once.
  const start = async () => {
    if (targets === undefined || targets.length > 0) {
      setAsking(true);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      await save();
    } catch (error) {
      setFailure(error);
    } finally {
      setRunning(false);
    }
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            !AwsManaged && (
              <Button variant="primary" disabled={!edited || !valid} disabledReason={edited ? t.documentMissing : t.unchanged} loading={running} onClick={() => void start()}>
                {t.save}
              </Button>
            )
          }
        >
          {t.document}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {failure !== null && <FailureAlert error={failure} />}
        <PolicyEditor value={typed ?? document} onChange={setTyped} kind={facts.kind} label={t.document} onValid={setValid} readOnly={AwsManaged} />
      </SpaceBetween>
      {asking && (
        <FormModal title={t.reach.confirmTitle(Name)} submit={t.reach.confirm} onSubmit={save} onClose={() => setAsking(false)}>
          {targets && <ReachPreview targets={targets.map(({ TargetId = '' }) => TargetId)} organization={organization} exempt={facts.authorization} />}
        </FormModal>
      )}
    </Container>
  );
}

function EditModal({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { Id = '', Name = '', Description = '' } = policy.PolicySummary ?? {};
  const [name, setName] = useState(Name);
  const [description, setDescription] = useState(Description);
  const [tried, setTried] = useState(false);
  const wrong = name.trim() === '' || name.trim().length > LONGEST_NAME;
  const save = async () => {
    setTried(true);
    if (wrong) return false;
    await (await organizations()).send(new UpdatePolicyCommand({ PolicyId: Id, Name: name.trim(), Description: description.trim() }));
    notify({ type: 'success', content: t.saved(name.trim()) });
    onClose();
    await changed();
    return undefined;
  };
  return (
    <FormModal title={t.edit} onSubmit={save} onClose={onClose}>
      <FormField label={t.name} constraintText={t.nameHint} errorText={tried && wrong && t.nameMissing}>
        <Input value={name} autoComplete={false} spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label={t.policyDescription} constraintText={t.descriptionHint}>
        <Textarea value={description} rows={2} onChange={({ detail }) => setDescription(detail.value.slice(0, LONGEST_DESCRIPTION))} />
      </FormField>
    </FormModal>
  );
}
