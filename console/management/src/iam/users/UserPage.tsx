import { GetUserCommand, TagUserCommand, UntagUserCommand, type User } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { AccessKeys } from '../../credentials/AccessKeys';
import { MfaDevices } from '../../credentials/MfaDevices';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { NotThere } from '../../ui/NotThere';
import { AccessAdvisor } from '../permissions/AccessAdvisor';
import { AttachedPolicies } from '../permissions/AttachedPolicies';
import { BoundaryEditor } from '../permissions/BoundaryEditor';
import { TagsPanel } from '../../ui/TagsPanel';
import { useTab } from '../../ui/useTab';
import { ConsoleAccess } from './ConsoleAccess';
import { useConsoleAccess } from './consoleAccessState';
import { deleteUser } from './deleteUser';
import { userMessages } from './messages';
import { SigningCertificates, SshKeys } from './PublicKeys';
import { useMfaDevices } from './useMfaDevices';
import { UserGroups } from './UserGroups';
import { userHref } from './UsersPage';
import { ViaGroups } from './ViaGroups';

export function Component() {
  const { name = '' } = useParams();
  // Another user is another page: nothing half done of one may meet the other.
  return <UserPage key={name} name={name} />;
}

function UserPage({ name }: { name: string }) {
  const t = useMessages(userMessages);
  const { iam } = useClients();
  const query = useQuery({
    queryKey: ['iam', 'user', name],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetUserCommand({ UserName: name }), { abortSignal: signal })).User!,
  });
  usePageTitle(name, { breadcrumbs: [{ text: t.title, href: '/iam/users' }] });
  if (query.error) return <NotThere name={name} error={query.error} text={t.notFound(name)} list={t.all} href="/iam/users" onRetry={() => void query.refetch()} />;
  if (query.data) return <Details user={query.data} onChanged={() => query.refetch()} />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{name}</Header>
      <Spinner />
    </SpaceBetween>
  );
}

function Details({ user, onChanged }: { user: User; onChanged: () => Promise<unknown> }) {
  const { UserName: name = '', Arn: arn = '' } = user;
  const t = useMessages(userMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const holder = { kind: 'user' as const, name };
  const returnPath = `${userHref(name)}?section=security_credentials`;

  const remove = () =>
    ask({
      title: t.deleteTitle(name),
      text: t.deleteText,
      confirmText: name,
      onConfirm: async () => {
        await deleteUser(await iam(), name);
        notify({ type: 'success', content: t.deleted(name) });
        queries.removeQueries({ queryKey: ['iam', 'user', name] });
        await queries.invalidateQueries({ queryKey: ['iam', 'users'] });
        void navigate('/iam/users');
      },
    });

  const tabs = [
    {
      id: 'permissions',
      label: t.tabs.permissions,
      content: (
        <SpaceBetween size="l">
          <AttachedPolicies holder={holder} />
          <ViaGroups user={name} />
          <BoundaryEditor holder={holder} boundary={user.PermissionsBoundary} onChanged={onChanged} />
        </SpaceBetween>
      ),
    },
    { id: 'groups', label: t.tabs.groups, content: <UserGroups user={name} /> },
    {
      id: 'tags',
      label: t.tabs.tags,
      content: (
        <TagsPanel
          tags={user.Tags ?? []}
          onSave={async ({ put, remove: TagKeys }) => {
            const client = await iam();
            if (TagKeys.length > 0) await client.send(new UntagUserCommand({ UserName: name, TagKeys }));
            if (put.length > 0) await client.send(new TagUserCommand({ UserName: name, Tags: put }));
            await onChanged();
          }}
        />
      ),
    },
    {
      id: 'security_credentials',
      label: t.tabs.credentials,
      content: (
        <SpaceBetween size="l">
          <ConsoleAccess user={user} />
          <MfaDevices user={name} returnPath={returnPath} />
          <AccessKeys user={name} />
          <SshKeys user={name} />
          <SigningCertificates user={name} />
        </SpaceBetween>
      ),
    },
    { id: 'access_advisor', label: t.tabs.advisor, content: <AccessAdvisor arn={arn} /> },
  ];
  const [tab, setTab] = useTab(tabs.map(({ id }) => id));

  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<Button onClick={remove}>{t.delete}</Button>}>
        <span className="long-words">{name}</span>
      </Header>
      <Summary user={user} />
      <Tabs ariaLabel={t.tabs.label} activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {dialog}
    </SpaceBetween>
  );
}

function Summary({ user: { UserName: name = '', Arn: arn = '', CreateDate, PasswordLastUsed, Path } }: { user: User }) {
  const t = useMessages(userMessages);
  const format = useFormat();
  return (
    <Container header={<Header variant="h2">{t.summary}</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={220}
        items={[
          { label: t.arn, value: <CopyValue label={t.arn} text={arn} /> },
          { label: t.consoleAccess, value: <ConsoleState user={name} /> },
          { label: t.lastSignIn, value: <span title={format.dateTime(PasswordLastUsed, '')}>{format.ago(PasswordLastUsed, t.never)}</span> },
          { label: t.created, value: format.dateTime(CreateDate) },
          { label: t.path, value: <span className="long-words">{Path}</span> },
        ]}
      />
    </Container>
  );
}

function ConsoleState({ user }: { user: string }) {
  const t = useMessages(userMessages);
  const access = useConsoleAccess(user);
  const devices = useMfaDevices(user);
  if (access.error) return <span title={t.unknown}>–</span>;
  if (access.data === undefined) return <Spinner />;
  if (access.data === null) return <StatusIndicator type="stopped">{t.disabled}</StatusIndicator>;
  return devices.data?.length === 0 ? <StatusIndicator type="warning">{t.enabledNoMfa}</StatusIndicator> : <StatusIndicator type="success">{t.enabled}</StatusIndicator>;
}
