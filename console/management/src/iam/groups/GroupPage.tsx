import { GetGroupCommand, UpdateGroupCommand, type Group } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { NotThere } from '../../ui/NotThere';
import { AccessAdvisor } from '../permissions/AccessAdvisor';
import { AttachedPolicies } from '../permissions/AttachedPolicies';
import { useTab } from '../../ui/useTab';
import { GroupName } from './GroupName';
import { deleteGroup, groupHref, isGroupName } from './groups';
import { Members } from './Members';
import { groupMessages } from './messages';

export function Component() {
  const { name = '' } = useParams();
  // Another group is another page: nothing half done of one may meet the other.
  return <GroupPage key={name} name={name} />;
}

function GroupPage({ name }: { name: string }) {
  const t = useMessages(groupMessages);
  const { iam } = useClients();
  const query = useQuery({
    queryKey: ['iam', 'group', name],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetGroupCommand({ GroupName: name, MaxItems: 1 }), { abortSignal: signal })).Group!,
  });
  usePageTitle(name, { breadcrumbs: [{ text: t.title, href: '/iam/groups' }] });
  if (query.error) return <NotThere name={name} error={query.error} text={t.notFound(name)} list={t.all} href="/iam/groups" onRetry={() => void query.refetch()} />;
  if (query.data) return <Details group={query.data} />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{name}</Header>
      <Spinner />
    </SpaceBetween>
  );
}

function Details({ group: { GroupName: name = '', Arn: arn = '', CreateDate } }: { group: Group }) {
  const t = useMessages(groupMessages);
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [renaming, setRenaming] = useState(false);

  const remove = () =>
    ask({
      title: t.deleteTitle(name),
      text: t.deleteText,
      confirmText: name,
      onConfirm: async () => {
        await deleteGroup(await iam(), name);
        notify({ type: 'success', content: t.deleted(name) });
        queries.removeQueries({ queryKey: ['iam', 'group', name] });
        await queries.invalidateQueries({ queryKey: ['iam', 'groups'] });
        void navigate('/iam/groups');
      },
    });

  const tabs = [
    { id: 'users', label: t.tabs.users, content: <Members group={name} /> },
    { id: 'permissions', label: t.tabs.permissions, content: <AttachedPolicies holder={{ kind: 'group', name }} /> },
    { id: 'access_advisor', label: t.tabs.advisor, content: <AccessAdvisor arn={arn} /> },
  ];
  const [tab, setTab] = useTab(tabs.map(({ id }) => id));

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setRenaming(true)}>{t.rename}</Button>
            <Button onClick={remove}>{t.delete}</Button>
          </SpaceBetween>
        }
      >
        <span className="long-words">{name}</span>
      </Header>
      <Container header={<Header variant="h2">{t.summary}</Header>}>
        <KeyValuePairs
          columns={2}
          minColumnWidth={220}
          items={[
            { label: t.arn, value: <CopyValue label={t.arn} text={arn} /> },
            { label: t.created, value: format.dateTime(CreateDate) },
          ]}
        />
      </Container>
      <Tabs ariaLabel={t.tabs.label} activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {dialog}
      {renaming && <Rename name={name} onClose={() => setRenaming(false)} />}
    </SpaceBetween>
  );
}

function Rename({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useMessages(groupMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const [typed, setTyped] = useState(name);
  const [fault, setFault] = useState('');
  const rename = async () => {
    if (!isGroupName(typed)) {
      setFault(t.nameWrong);
      return false;
    }
    try {
      await (await iam()).send(new UpdateGroupCommand({ GroupName: name, NewGroupName: typed }));
    } catch (error) {
      if (!errorCode(error).startsWith('EntityAlreadyExists')) throw error;
      setFault(t.nameTaken);
      return false;
    }
    notify({ type: 'success', content: t.renamed(typed) });
    await queries.invalidateQueries({ queryKey: ['iam', 'groups'] });
    void navigate(groupHref(typed), { replace: true });
    return undefined;
  };
  return (
    <FormModal title={`${t.rename}: ${name}`} submit={t.rename} disabled={typed === name} onSubmit={rename} onClose={onClose}>
      <div>{t.renameText}</div>
      <GroupName
        value={typed}
        fault={fault}
        onChange={(value) => {
          setTyped(value);
          setFault('');
        }}
      />
    </FormModal>
  );
}
