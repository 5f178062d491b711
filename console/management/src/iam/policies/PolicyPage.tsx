import {
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
  type Policy,
  type PolicyVersion,
} from '@aws-sdk/client-iam';
import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { NotThere } from '../../ui/NotThere';
import { policyName } from '../permissions/holders';
import { TagsPanel } from '../../ui/TagsPanel';
import { PolicyEditor } from '../../policy-editor/PolicyEditor';
import { pretty } from '../../policy-editor/pretty';
import { useTab } from '../../ui/useTab';
import { AttachedEntities, entitiesOf, detachFromAll } from './AttachedEntities';
import { isAwsManaged } from './PoliciesPage';
import { policyMessages } from './messages';

/** One managed policy: what it says, its versions, and who has it. */
export function Component() {
  const t = useMessages(policyMessages);
  const arn = useParams()['*'] ?? '';
  const { iam } = useClients();
  const { data, error, refetch } = useQuery({
    queryKey: ['iam', 'policy', arn],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetPolicyCommand({ PolicyArn: arn }), { abortSignal: signal })).Policy!,
  });
  usePageTitle(data?.PolicyName ?? arn, { breadcrumbs: [{ text: t.title, href: '/iam/policies' }] });
  if (error) return <NotThere name={policyName(arn)} error={error} text={t.missing} list={t.all} href="/iam/policies" onRetry={() => void refetch()} />;
  return data ? <Details policy={data} /> : <Spinner size="large" />;
}

function Details({ policy }: { policy: Policy }) {
  const t = useMessages(policyMessages);
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const navigate = useNavigate();
  const { ask, dialog } = useConfirmDelete();
  const arn = policy.Arn!;
  const name = policy.PolicyName!;
  const managed = isAwsManaged(arn);

  const remove = () =>
    ask({
      title: t.deleteTitle(name),
      text: t.deleteText(policy.AttachmentCount ?? 0),
      confirmText: name,
      onConfirm: async () => {
        const client = await iam();
        await detachFromAll(client, arn, await entitiesOf(client, arn));
        const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
        await Promise.all(
          Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).map(({ VersionId }) => client.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId }))),
        );
        await client.send(new DeletePolicyCommand({ PolicyArn: arn }));
        void queries.invalidateQueries({ queryKey: ['iam', 'policies'] });
        notify({ type: 'success', header: t.deleted(name) });
        void navigate('/iam/policies');
      },
    });

  const saveTags = async ({ put, remove: TagKeys }: { put: { Key: string; Value: string }[]; remove: string[] }) => {
    const client = await iam();
    if (TagKeys.length > 0) await client.send(new UntagPolicyCommand({ PolicyArn: arn, TagKeys }));
    if (put.length > 0) await client.send(new TagPolicyCommand({ PolicyArn: arn, Tags: put }));
    await queries.invalidateQueries({ queryKey: ['iam', 'policy', arn] });
  };

  const tabs = [
    { id: 'permissions', label: t.permissions, content: <PermissionsTab policy={policy} readOnly={managed} /> },
    { id: 'entities_attached', label: t.entities, content: <AttachedEntities arn={arn} /> },
    { id: 'policy_versions', label: t.versions, content: <VersionsTab policy={policy} readOnly={managed} /> },
    ...(managed ? [] : [{ id: 'tags', label: t.tags, content: <TagsPanel tags={policy.Tags ?? []} onSave={saveTags} /> }]),
  ];
  const [tab, setTab] = useTab(tabs.map(({ id }) => id));

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={policy.Description || t.noDescription} actions={!managed && <Button onClick={remove}>{t.delete}</Button>}>
        <span className="long-words">{name}</span>
      </Header>
      {managed && <Alert type="info">{t.awsManaged}</Alert>}
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <KeyValuePairs
          columns={4}
          minColumnWidth={180}
          items={[
            { label: t.type, value: managed ? t.types.AWS : t.types.Local },
            { label: t.createdAt, value: format.dateTime(policy.CreateDate) },
            { label: t.changed, value: format.dateTime(policy.UpdateDate) },
            { label: t.defaultVersion, value: policy.DefaultVersionId ?? '' },
            { label: t.arn, value: <CopyValue label={t.arn} text={arn} /> },
          ]}
        />
      </Container>
      <Tabs activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {dialog}
    </SpaceBetween>
  );
}

function useDocument(arn: string, version: string) {
  const { iam } = useClients();
  return useQuery({
    queryKey: ['iam', 'policy-version', arn, version],
    queryFn: async ({ signal }) => {
      const { PolicyVersion: found } = await (await iam()).send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version }), { abortSignal: signal });
      return pretty(decodeURIComponent(found?.Document ?? ''));
    },
  });
}

function PermissionsTab({ policy, readOnly }: { policy: Policy; readOnly: boolean }) {
  const t = useMessages(policyMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const arn = policy.Arn!;
  const { data, error, refetch } = useDocument(arn, policy.DefaultVersionId!);
  const [typed, setTyped] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Spinner />;
  const changed = typed !== null && typed !== data;

  const save = async () => {
    setRunning(true);
    setFailure(null);
    try {
      const { PolicyVersion: made } = await (await iam()).send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: typed!, SetAsDefault: true }));
      setTyped(null);
      await queries.invalidateQueries({ queryKey: ['iam'] });
      notify({ type: 'success', header: t.savedVersion(made?.VersionId ?? '') });
    } catch (refused) {
      setFailure(refused);
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
            !readOnly && (
              <Button variant="primary" disabled={!changed || !valid} disabledReason={changed ? t.documentMissing : t.unchanged} loading={running} onClick={() => void save()}>
                {t.saveVersion}
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
        <PolicyEditor value={typed ?? data} onChange={setTyped} kind="identity" label={t.document} onValid={setValid} readOnly={readOnly} />
      </SpaceBetween>
    </Container>
  );
}

function VersionsTab({ policy, readOnly }: { policy: Policy; readOnly: boolean }) {
  const t = useMessages(policyMessages);
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [viewed, setViewed] = useState('');
  const arn = policy.Arn!;
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['iam', 'policy-versions', arn],
    queryFn: async ({ signal }) => (await (await iam()).send(new ListPolicyVersionsCommand({ PolicyArn: arn }), { abortSignal: signal })).Versions ?? [],
  });
  const changed = (text: string) => {
    notify({ type: 'success', header: text });
    return queries.invalidateQueries({ queryKey: ['iam'] });
  };

  const makeDefault = (id: string) =>
    ask({
      title: t.setDefaultTitle(id),
      text: t.setDefaultText,
      button: t.setDefault,
      reversible: true,
      onConfirm: async () => {
        await (await iam()).send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: id }));
        await changed(t.savedVersion(id));
      },
    });
  const remove = (id: string) =>
    ask({
      title: t.deleteVersionTitle(id),
      text: t.deleteVersionText,
      onConfirm: async () => {
        await (await iam()).send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: id }));
        await changed(t.deletedVersion(id));
      },
    });

  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <SpaceBetween size="m">
      <Table<PolicyVersion>
        items={data ?? []}
        loading={isPending}
        trackBy="VersionId"
        wrapLines
        header={
          <Header variant="h2" description={t.versionsHint}>
            {t.versions}
          </Header>
        }
        columnDefinitions={[
          {
            id: 'id',
            header: t.version,
            isRowHeader: true,
            cell: ({ VersionId = '', IsDefaultVersion }) => (
              <>
                {VersionId} {IsDefaultVersion && <Badge color="blue">{t.isDefault}</Badge>}
              </>
            ),
          },
          { id: 'created', header: t.createdAt, cell: ({ CreateDate }) => format.dateTime(CreateDate) },
          {
            id: 'actions',
            header: t.actions,
            cell: ({ VersionId = '', IsDefaultVersion }) => (
              <SpaceBetween direction="horizontal" size="xxs">
                <Button variant="link" ariaLabel={`${t.view}: ${VersionId}`} onClick={() => setViewed(VersionId)}>
                  {t.view}
                </Button>
                {!readOnly && !IsDefaultVersion && (
                  <>
                    <Button variant="link" ariaLabel={`${t.setDefault}: ${VersionId}`} onClick={() => makeDefault(VersionId)}>
                      {t.setDefault}
                    </Button>
                    <Button variant="link" ariaLabel={`${t.deleteVersion}: ${VersionId}`} onClick={() => remove(VersionId)}>
                      {t.deleteVersion}
                    </Button>
                  </>
                )}
              </SpaceBetween>
            ),
          },
        ]}
      />
      {viewed && <Version arn={arn} id={viewed} />}
      {dialog}
    </SpaceBetween>
  );
}

function Version({ arn, id }: { arn: string; id: string }) {
  const t = useMessages(policyMessages);
  const { data, error, refetch } = useDocument(arn, id);
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <Container header={<Header variant="h3">{`${t.version} ${id}`}</Header>}>{data === undefined ? <Spinner /> : <Box><pre className="policy-text">{data}</pre></Box>}</Container>
  );
}
