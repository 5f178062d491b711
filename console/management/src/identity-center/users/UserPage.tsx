import { DeleteUserCommand, type User } from '@aws-sdk/client-identitystore';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { NotThere } from '../../ui/NotThere';
import { useTab } from '../../ui/useTab';
import { useIdentityCenter } from '../api';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { Assignments } from './Assignments';
import { Memberships } from './Memberships';
import { userMessages } from './messages';
import { MfaDevices } from './MfaDevices';
import { Profile } from './ProfileTab';
import { ResetPassword } from './ResetPassword';
import { Sessions } from './Sessions';
import { UserSummary } from './UserSummary';
import { userKey, usersKey, useUser } from './useUsers';

export function Component() {
  const { id = '' } = useParams();
  return <WithInstance title={id}>{(instance) => <UserPage key={id} instance={instance} id={id} />}</WithInstance>;
}

function UserPage({ instance, id }: { instance: Instance; id: string }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(userMessages);
  const query = useUser(instance, id);
  const name = query.data?.UserName ?? id;
  usePageTitle(name, { breadcrumbs: [{ text: all.users, href: '/singlesignon/users' }] });
  if (query.error) return <NotThere name={id} error={query.error} text={t.notFound(id)} list={t.all} href="/singlesignon/users" onRetry={() => void query.refetch()} />;
  if (query.data) return <Details instance={instance} user={query.data} />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{name}</Header>
      <Spinner />
    </SpaceBetween>
  );
}

function Details({ instance, user }: { instance: Instance; user: User }) {
  const { UserId: id = '', UserName: name = '', UserStatus } = user;
  const t = useMessages(userMessages);
  const { identityStore } = useClients();
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [resetting, setResetting] = useState(false);
  const enabled = UserStatus !== 'DISABLED';

  const setStatus = async (Status: 'ENABLED' | 'DISABLED', done: string) => {
    await call('SetUserStatus', { InstanceArn: instance.arn, UserId: id, Status });
    notify({ type: 'success', content: done });
    // Also what hangs on it: who is disabled has no sessions left.
    await Promise.all([userKey(instance, id), usersKey(instance), ['singlesignon', 'sessions', instance.arn, id]].map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
  const disable = () =>
    ask({ title: t.disableTitle(name), text: t.disableText, button: t.disable, reversible: true, onConfirm: () => setStatus('DISABLED', t.disabledDone(1)) });
  const enable = () => setStatus('ENABLED', t.enabledDone(1)).catch((error: unknown) => notify({ type: 'error', content: <FailureAlert error={error} /> }));
  const remove = () =>
    ask({
      title: t.deleteTitle(name),
      text: t.deleteText,
      confirmText: name,
      onConfirm: async () => {
        await (await identityStore()).send(new DeleteUserCommand({ IdentityStoreId: instance.directory, UserId: id }));
        notify({ type: 'success', content: t.deleted(1) });
        void navigate('/singlesignon/users');
        queries.removeQueries({ queryKey: userKey(instance, id) });
        await queries.invalidateQueries({ queryKey: usersKey(instance) });
      },
    });

  const tabs = [
    { id: 'profile', label: t.tabs.profile, content: <Profile instance={instance} user={user} /> },
    { id: 'groups', label: t.tabs.groups, content: <Memberships instance={instance} user={id} enabled={enabled} /> },
    { id: 'accounts', label: t.tabs.accounts, content: <Assignments instance={instance} type="USER" principal={id} /> },
    { id: 'mfa', label: t.tabs.mfa, content: <MfaDevices instance={instance} user={id} /> },
    { id: 'sessions', label: t.tabs.sessions, content: <Sessions instance={instance} user={id} /> },
  ];
  const [tab, setTab] = useTab(tabs.map((each) => each.id));

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!enabled} disabledReason={t.isDisabled} onClick={() => setResetting(true)}>
              {t.reset.button}
            </Button>
            {enabled ? <Button onClick={disable}>{t.disable}</Button> : <Button onClick={() => void enable()}>{t.enable}</Button>}
            <Button onClick={remove}>{t.delete}</Button>
          </SpaceBetween>
        }
      >
        <span className="long-words">{name}</span>
      </Header>
      {!enabled && <Alert type="warning">{t.isDisabled}</Alert>}
      <UserSummary instance={instance} user={user} />
      <Tabs ariaLabel={t.tabs.label} activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {dialog}
      {resetting && <ResetPassword instance={instance} user={user} onClose={() => setResetting(false)} />}
    </SpaceBetween>
  );
}
