import {
  DeleteApplicationCommand,
  DescribeApplicationCommand,
  UpdateApplicationCommand,
  type DescribeApplicationResponse,
} from '@aws-sdk/client-sso-admin';
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
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { NotThere } from '../../ui/NotThere';
import { useTab } from '../../ui/useTab';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { ResourceTags } from '../access/ResourceTags';
import { accessMessages } from '../accessMessages';
import { NameFields, UrlField } from './ApplicationFields';
import { applicationsHref, applicationsKey } from './applications';
import { ApplicationState } from './ApplicationsPage';
import { AssignedTo } from './AssignedTo';
import { Authentication } from './Authentication';
import { applicationFaults, type ApplicationDetails } from './details';
import { applicationMessages } from './messages';

type Application = DescribeApplicationResponse;

const applicationKey = (arn: string) => ['sso-admin', 'application', arn] as const;

/** One application: who can use it, how it gets tokens, its tags. */
export function Component() {
  const t = useMessages(applicationMessages);
  const arn = useParams()['*'] ?? '';
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  usePageTitle(name, { breadcrumbs: [{ text: t.title, href: applicationsHref }] });
  return <WithInstance title={name} forMembers>{(instance) => <Loaded key={arn} instance={instance} arn={arn} name={name} />}</WithInstance>;
}

function Loaded({ instance, arn, name }: { instance: Instance; arn: string; name: string }) {
  const t = useMessages(applicationMessages).page;
  const { ssoAdmin } = useClients();
  const { data, error, refetch } = useQuery({
    queryKey: applicationKey(arn),
    queryFn: async ({ signal }) => (await ssoAdmin()).send(new DescribeApplicationCommand({ ApplicationArn: arn }), { abortSignal: signal }),
  });
  if (error) return <NotThere name={name} error={error} text={t.missing} list={t.all} href={applicationsHref} onRetry={() => void refetch()} />;
  return data ? <Details instance={instance} arn={arn} application={data} /> : <Spinner size="large" />;
}

function Details({ instance, arn, application }: { instance: Instance; arn: string; application: Application }) {
  const words = useMessages(applicationMessages);
  const t = words.page;
  const format = useFormat();
  const [tab, setTab] = useTab(['people', 'authentication', 'tags']);
  const [editing, setEditing] = useState(false);
  const { actions, dialog } = useLife(arn, application);
  const statusLabel = useMessages(accessMessages).status;
  const { Name: name = '', Status: status = 'ENABLED', PortalOptions } = application;
  usePageTitle(name, { breadcrumbs: [{ text: words.title, href: applicationsHref }] });
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={application.Description}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {actions}
            <Button onClick={() => setEditing(true)}>{t.edit}</Button>
          </SpaceBetween>
        }
      >
        <span className="long-words">{name}</span>
      </Header>
      <Container header={<Header variant="h2">{words.fields.details}</Header>}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={220}
          items={[
            { label: statusLabel, value: <ApplicationState status={status} /> },
            { label: words.fields.portal, value: PortalOptions?.Visibility === 'DISABLED' ? t.hidden : t.visible },
            { label: words.fields.url, value: <span className="long-words">{PortalOptions?.SignInOptions?.ApplicationUrl || '–'}</span> },
            { label: t.arn, value: <CopyValue label={t.arn} text={arn} /> },
            { label: words.owner, value: application.ApplicationAccount },
            { label: t.created, value: format.dateTime(application.CreatedDate) },
          ]}
        />
      </Container>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => setTab(detail.activeTabId)}
        tabs={[
          { id: 'people', label: t.tabs.people, content: <AssignedTo instance={instance} arn={arn} /> },
          { id: 'authentication', label: t.tabs.oauth, content: <Authentication instance={instance} arn={arn} /> },
          { id: 'tags', label: t.tabs.tags, content: <ResourceTags instance={instance} arn={arn} /> },
        ]}
      />
      {dialog}
      {editing && <EditDetails arn={arn} application={application} onClose={() => setEditing(false)} />}
    </SpaceBetween>
  );
}

/** Enabling, disabling and deleting. */
function useLife(arn: string, { Name: name = '', Status: status }: Application) {
  const t = useMessages(applicationMessages).page;
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [running, setRunning] = useState(false);
  const setStatus = async (Status: 'ENABLED' | 'DISABLED') => {
    await (await ssoAdmin()).send(new UpdateApplicationCommand({ ApplicationArn: arn, Status }));
    notify({ type: 'success', content: Status === 'ENABLED' ? t.enabled(name) : t.disabled(name) });
    void queries.invalidateQueries({ queryKey: applicationsKey });
    await queries.invalidateQueries({ queryKey: applicationKey(arn) });
  };
  const enable = async () => {
    setRunning(true);
    try {
      await setStatus('ENABLED');
    } catch (error) {
      notify({ type: 'error', content: error instanceof Error ? error.message : '' });
    }
    setRunning(false);
  };
  const disable = () => ask({ title: t.disableTitle(name), text: t.disableText, button: t.disable, reversible: true, onConfirm: () => setStatus('DISABLED') });
  const remove = () =>
    ask({
      title: t.deleteTitle(name),
      text: t.deleteText,
      confirmText: name,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeleteApplicationCommand({ ApplicationArn: arn }));
        notify({ type: 'success', content: t.deleted(name) });
        void queries.invalidateQueries({ queryKey: applicationsKey });
        void navigate(applicationsHref);
      },
    });
  return {
    dialog,
    actions: (
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={remove}>{t.delete}</Button>
        {status === 'DISABLED' ? (
          <Button loading={running} onClick={() => void enable()}>
            {t.enable}
          </Button>
        ) : (
          <Button onClick={disable}>{t.disable}</Button>
        )}
      </SpaceBetween>
    ),
  };
}

function EditDetails({ arn, application, onClose }: { arn: string; application: Application; onClose: () => void }) {
  const t = useMessages(applicationMessages).page;
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const before = application.PortalOptions?.SignInOptions?.ApplicationUrl ?? '';
  const [details, setDetails] = useState<ApplicationDetails>({ name: application.Name ?? '', description: application.Description ?? '', url: before });
  const [tried, setTried] = useState(false);
  const visible = application.PortalOptions?.Visibility !== 'DISABLED';
  const faults = applicationFaults(details, visible && before !== '');
  const save = async () => {
    setTried(true);
    if (faults.length > 0) return false;
    await (await ssoAdmin()).send(
      new UpdateApplicationCommand({
        ApplicationArn: arn,
        Name: details.name,
        ...(details.description && { Description: details.description }),
        ...(details.url !== before && { PortalOptions: { SignInOptions: details.url ? { Origin: 'APPLICATION', ApplicationUrl: details.url } : { Origin: 'IDENTITY_CENTER' } } }),
      }),
    );
    notify({ type: 'success', content: t.saved });
    void queries.invalidateQueries({ queryKey: applicationsKey });
    await queries.invalidateQueries({ queryKey: applicationKey(arn) });
    onClose();
    return undefined;
  };
  return (
    <FormModal title={t.edit} onSubmit={save} onClose={onClose}>
      <NameFields details={details} onChange={setDetails} faults={tried ? faults : []} />
      <UrlField details={details} onChange={setDetails} faults={tried ? faults : []} />
    </FormModal>
  );
}
