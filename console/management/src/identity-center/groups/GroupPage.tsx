import { DeleteGroupCommand, UpdateGroupCommand, type AttributeOperation, type Group } from '@aws-sdk/client-identitystore';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { NotThere } from '../../ui/NotThere';
import { useTab } from '../../ui/useTab';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { Assignments } from '../users/Assignments';
import { GroupFields, groupFaults, isTaken } from './GroupFields';
import { Members } from './Members';
import { groupMessages } from './messages';
import { groupKey, groupsKey, useGroup } from './useGroups';

export function Component() {
  const { id = '' } = useParams();
  return <WithInstance title={id}>{(instance) => <GroupPage key={id} instance={instance} id={id} />}</WithInstance>;
}

function GroupPage({ instance, id }: { instance: Instance; id: string }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(groupMessages);
  const query = useGroup(instance, id);
  const name = query.data?.DisplayName ?? id;
  usePageTitle(name, { breadcrumbs: [{ text: all.groups, href: '/singlesignon/groups' }] });
  if (query.error) return <NotThere name={id} error={query.error} text={t.notFound(id)} list={t.all} href="/singlesignon/groups" onRetry={() => void query.refetch()} />;
  if (query.data) return <Details instance={instance} group={query.data} />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{name}</Header>
      <Spinner />
    </SpaceBetween>
  );
}

function Details({ instance, group }: { instance: Instance; group: Group }) {
  const { GroupId: id = '', DisplayName: name = '', Description, CreatedAt } = group;
  const t = useMessages(groupMessages);
  const format = useFormat();
  const { identityStore } = useClients();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [editing, setEditing] = useState(false);

  const remove = () =>
    ask({
      title: t.deleteTitle(name),
      text: t.deleteText,
      confirmText: name,
      onConfirm: async () => {
        await (await identityStore()).send(new DeleteGroupCommand({ IdentityStoreId: instance.directory, GroupId: id }));
        notify({ type: 'success', content: t.deleted(name) });
        void navigate('/singlesignon/groups');
        queries.removeQueries({ queryKey: groupKey(instance, id) });
        await queries.invalidateQueries({ queryKey: groupsKey(instance) });
      },
    });

  const tabs = [
    { id: 'users', label: t.tabs.users, content: <Members instance={instance} group={id} /> },
    { id: 'accounts', label: t.tabs.accounts, content: <Assignments instance={instance} type="GROUP" principal={id} /> },
  ];
  const [tab, setTab] = useTab(tabs.map((each) => each.id));

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setEditing(true)}>{t.edit}</Button>
            <Button onClick={remove}>{t.delete}</Button>
          </SpaceBetween>
        }
      >
        <span className="long-words">{name}</span>
      </Header>
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={220}
          items={[
            { label: t.description, value: <span className="long-words">{Description || '–'}</span> },
            { label: t.created, value: format.dateTime(CreatedAt) },
            { label: t.id, value: <CopyValue label={t.id} text={id} /> },
          ]}
        />
      </Container>
      <Tabs ariaLabel={t.tabs.label} activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {dialog}
      {editing && <EditGroup instance={instance} group={group} onClose={() => setEditing(false)} />}
    </SpaceBetween>
  );
}

function EditGroup({ instance, group, onClose }: { instance: Instance; group: Group; onClose: () => void }) {
  const t = useMessages(groupMessages);
  const { identityStore } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { GroupId: id = '', DisplayName = '', Description = '' } = group;
  const [values, setValues] = useState({ name: DisplayName, description: Description });
  const [tried, setTried] = useState(false);
  const [taken, setTaken] = useState('');

  const save = async () => {
    setTried(true);
    const faults = groupFaults(values);
    if (faults.name || faults.description) return false;
    const name = values.name.trim();
    const description = values.description.trim();
    const Operations: AttributeOperation[] = [];
    if (name !== DisplayName) Operations.push({ AttributePath: 'displayName', AttributeValue: name });
    // Without a value the attribute goes.
    if (description !== Description) Operations.push({ AttributePath: 'description', ...(description && { AttributeValue: description }) });
    if (Operations.length > 0) {
      try {
        await (await identityStore()).send(new UpdateGroupCommand({ IdentityStoreId: instance.directory, GroupId: id, Operations }));
      } catch (error) {
        if (!isTaken(error)) throw error;
        setTaken(values.name);
        return false;
      }
      notify({ type: 'success', content: t.saved });
      await Promise.all([groupKey(instance, id), groupsKey(instance)].map((queryKey) => queries.invalidateQueries({ queryKey })));
    }
    onClose();
    return undefined;
  };

  return (
    <FormModal title={t.edit} onSubmit={save} onClose={onClose}>
      <GroupFields values={values} onChange={setValues} tried={tried} taken={taken} />
    </FormModal>
  );
}
