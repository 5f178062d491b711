import { UpdatePermissionSetCommand } from '@aws-sdk/client-sso-admin';
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
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FormModal } from '../../ui/FormModal';
import { NotThere } from '../../ui/NotThere';
import { useTab } from '../../ui/useTab';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { describeSet, durationOf, minutesOf, setArn, setKey, setsKey, type DescribedSet } from '../access/permissionSets';
import { ResourceTags } from '../access/ResourceTags';
import { SessionDuration } from '../access/SessionDuration';
import { detailsFaults, type Details } from './details';
import { DetailsFields } from './DetailsFields';
import { setMessages } from './messages';
import { Permissions } from './Permissions';
import { ProvisioningPanel } from './ProvisioningPanel';
import { SetAccounts } from './SetAccounts';
import { useDeleteSet } from './useDeleteSet';
import { useProvisioning } from './useProvisioning';

const list = '/singlesignon/permission-sets';

/** One permission set: what it allows, which accounts have it, its tags. What is changed here goes to the accounts at once. */
export function Component() {
  const t = useMessages(setMessages);
  const id = useParams().id ?? '';
  usePageTitle(id, { breadcrumbs: [{ text: t.title, href: list }] });
  return <WithInstance title={id}>{(instance) => <Loaded key={id} instance={instance} id={id} />}</WithInstance>;
}

function Loaded({ instance, id }: { instance: Instance; id: string }) {
  const t = useMessages(setMessages).page;
  const { ssoAdmin } = useClients();
  const arn = setArn(instance, id);
  const { data, error, refetch } = useQuery({
    queryKey: setKey(arn),
    queryFn: async ({ signal }) => describeSet(await ssoAdmin(), instance, arn, signal),
  });
  if (error) return <NotThere name={id} error={error} text={t.missing} list={t.all} href={list} onRetry={() => void refetch()} />;
  return data ? <SetDetails instance={instance} set={data} /> : <Spinner size="large" />;
}

function SetDetails({ instance, set }: { instance: Instance; set: DescribedSet }) {
  const words = useMessages(setMessages);
  const t = words.page;
  const format = useFormat();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { remove, dialog } = useDeleteSet(instance, () => void navigate(list));
  const provisioning = useProvisioning(instance, set);
  const [editing, setEditing] = useState(false);
  const [tab, setTab] = useTab(['permissions', 'accounts', 'tags']);
  usePageTitle(set.Name, { breadcrumbs: [{ text: words.title, href: list }] });
  const arn = set.PermissionSetArn;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<Button onClick={() => remove(set)}>{t.delete}</Button>}>
        <span className="long-words">{set.Name}</span>
      </Header>
      <ProvisioningPanel provisioning={provisioning} />
      <Container
        header={
          <Header variant="h2" actions={<Button onClick={() => setEditing(true)}>{t.edit}</Button>}>
            {t.general}
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          minColumnWidth={220}
          items={[
            { label: words.fields.description, value: <span className="long-words">{set.Description || '–'}</span> },
            { label: words.fields.session, value: <SessionDuration minutes={minutesOf(set.SessionDuration)} /> },
            { label: words.fields.relay, value: <span className="long-words">{set.RelayState || '–'}</span> },
            { label: t.arn, value: <CopyValue label={t.arn} text={arn} /> },
            { label: t.created, value: format.dateTime(set.CreatedDate) },
          ]}
        />
      </Container>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => setTab(detail.activeTabId)}
        tabs={[
          { id: 'permissions', label: t.tabs.permissions, content: <Permissions instance={instance} set={set} onChanged={provisioning.begin} /> },
          { id: 'accounts', label: t.tabs.accounts, content: <SetAccounts instance={instance} set={set} provisioning={provisioning} /> },
          { id: 'tags', label: t.tabs.tags, content: <ResourceTags instance={instance} arn={arn} /> },
        ]}
      />
      {dialog}
      {editing && (
        <EditDetails
          instance={instance}
          set={set}
          onClose={() => setEditing(false)}
          onSaved={async () => {
            void queries.invalidateQueries({ queryKey: setsKey });
            await queries.invalidateQueries({ queryKey: setKey(arn) });
            await provisioning.begin();
          }}
        />
      )}
    </SpaceBetween>
  );
}

function EditDetails({ instance, set, onClose, onSaved }: { instance: Instance; set: DescribedSet; onClose: () => void; onSaved: () => Promise<void> }) {
  const t = useMessages(setMessages).page;
  const { ssoAdmin } = useClients();
  const notify = useNotify();
  const [details, setDetails] = useState<Details>({ name: set.Name, description: set.Description ?? '', minutes: minutesOf(set.SessionDuration), relayState: set.RelayState ?? '' });
  const [tried, setTried] = useState(false);
  const faults = detailsFaults(details);
  const save = async () => {
    setTried(true);
    if (faults.length > 0) return false;
    await (await ssoAdmin()).send(
      new UpdatePermissionSetCommand({
        InstanceArn: instance.arn,
        PermissionSetArn: set.PermissionSetArn,
        SessionDuration: durationOf(details.minutes),
        // The API takes no empty text, and without one keeps what there was: a blank stands for none.
        ...((details.description || set.Description) && { Description: details.description || ' ' }),
        // Without one it forgets what there was.
        ...(details.relayState && { RelayState: details.relayState }),
      }),
    );
    notify({ type: 'success', content: t.saved });
    onClose();
    await onSaved();
    return undefined;
  };
  return (
    <FormModal title={t.editTitle} onSubmit={save} onClose={onClose}>
      <DetailsFields details={details} onChange={setDetails} faults={tried ? faults : []} nameFault={null} />
    </FormModal>
  );
}
