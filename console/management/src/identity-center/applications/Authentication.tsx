import {
  DeleteApplicationAuthenticationMethodCommand,
  GetApplicationSessionConfigurationCommand,
  ListApplicationAccessScopesCommand,
  ListApplicationAuthenticationMethodsCommand,
  ListApplicationGrantsCommand,
  PutApplicationAuthenticationMethodCommand,
  PutApplicationSessionConfigurationCommand,
} from '@aws-sdk/client-sso-admin';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import type { Instance } from '../enable/WithInstance';
import { allPages } from '../../sdk/allPages';
import { saveGrants, saveScopes, useTokenIssuers } from './applications';
import { GrantFields } from './GrantFields';
import { applicationMessages } from './messages';
import { fromApi, grantsFaults, lines, scopeFaults, scopesFromApi, type Grants, type Scope } from './oauth';
import { ScopeFields } from './ScopeFields';

const PolicyEditor = lazy(async () => ({ default: (await import('../../policy-editor/PolicyEditor')).PolicyEditor }));

interface Props {
  instance: Instance;
  arn: string;
}

/** How the application gets tokens. */
export function Authentication(props: Props) {
  return (
    <SpaceBetween size="l">
      <GrantsPanel {...props} />
      <ScopesPanel {...props} />
      <ActorPanel {...props} />
      <SessionPanel {...props} />
    </SpaceBetween>
  );
}

function GrantsPanel({ instance, arn }: Props) {
  const words = useMessages(applicationMessages);
  const t = words.page;
  const { ssoAdmin } = useClients();
  const notify = useNotify();
  const [edited, setEdited] = useState<Grants | null>(null);
  const [tried, setTried] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['sso-admin', 'application-grants', arn],
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      const grants = await allPages(
        (NextToken) => client.send(new ListApplicationGrantsCommand({ ApplicationArn: arn, NextToken }), { abortSignal: signal }),
        (page) => page.Grants,
      );
      return fromApi(grants);
    },
  });
  const save = async () => {
    setTried(true);
    if (!edited || !data || grantsFaults(edited).length > 0) return false;
    try {
      await saveGrants(await ssoAdmin(), arn, data, edited);
    } finally {
      await refetch();
    }
    notify({ type: 'success', content: t.saved });
    setEdited(null);
    return undefined;
  };
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Table
        wrapLines
        loading={!data}
        items={data ? described(data, words.fields) : []}
        trackBy="name"
        empty={t.grantNone}
        header={
          <Header
            variant="h2"
            description={words.fields.grantsText}
            actions={
              <Button
                disabled={!data}
                onClick={() => {
                  setTried(false);
                  setEdited(data ?? null);
                }}
              >
                {t.editGrants}
              </Button>
            }
          >
            {words.fields.grants}
          </Header>
        }
        columnDefinitions={[
          { id: 'grant', header: t.grant, isRowHeader: true, minWidth: 150, cell: ({ name }) => name },
          { id: 'configuration', header: t.configuration, minWidth: 220, cell: ({ uris, issuers }) => (issuers ? <IssuerNames instance={instance} issuers={issuers} /> : <Lines of={uris ?? []} />) },
        ]}
      />
      {edited && (
        <FormModal title={t.editGrants} size="large" onSubmit={save} onClose={() => setEdited(null)}>
          <GrantFields instance={instance} grants={edited} onChange={setEdited} faults={tried ? grantsFaults(edited) : []} />
        </FormModal>
      )}
    </>
  );
}

interface GrantRow {
  name: string;
  uris?: string[];
  issuers?: Grants['issuers'];
}

function described(grants: Grants, t: Record<'code' | 'refresh' | 'jwt' | 'exchange', string>): GrantRow[] {
  return [
    ...(grants.code ? [{ name: t.code, uris: lines(grants.redirectUris) }] : []),
    ...(grants.refresh ? [{ name: t.refresh }] : []),
    ...(grants.jwt ? [{ name: t.jwt, issuers: grants.issuers }] : []),
    ...(grants.exchange ? [{ name: t.exchange }] : []),
  ];
}

function Lines({ of }: { of: readonly string[] }) {
  if (of.length === 0) return '–';
  return (
    <ul className="plain-list">
      {of.map((line) => (
        <li key={line} className="long-words">
          {line}
        </li>
      ))}
    </ul>
  );
}

function IssuerNames({ instance, issuers }: { instance: Instance; issuers: Grants['issuers'] }) {
  const { data = [] } = useTokenIssuers(instance);
  const name = (arn: string) => data.find(({ TrustedTokenIssuerArn }) => TrustedTokenIssuerArn === arn)?.Name ?? arn;
  return <Lines of={Object.entries(issuers).map(([arn, audiences]) => `${name(arn)}: ${lines(audiences).join(', ')}`)} />;
}

function ScopesPanel({ arn }: Props) {
  const words = useMessages(applicationMessages);
  const t = words.page;
  const { ssoAdmin } = useClients();
  const notify = useNotify();
  const [edited, setEdited] = useState<Scope[] | null>(null);
  const [tried, setTried] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['sso-admin', 'application-scopes', arn],
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      const scopes = await allPages(
        (NextToken) => client.send(new ListApplicationAccessScopesCommand({ ApplicationArn: arn, NextToken, MaxResults: 10 }), { abortSignal: signal }),
        (page) => page.Scopes,
      );
      return scopesFromApi(scopes);
    },
  });
  const save = async () => {
    setTried(true);
    if (!edited || !data || scopeFaults(edited).some(Boolean)) return false;
    try {
      await saveScopes(await ssoAdmin(), arn, data, edited);
    } finally {
      await refetch();
    }
    notify({ type: 'success', content: t.saved });
    setEdited(null);
    return undefined;
  };
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Table<Scope>
        wrapLines
        loading={!data}
        items={data ?? []}
        trackBy="name"
        empty={words.fields.noScopes}
        header={
          <Header
            variant="h2"
            description={words.fields.scopesText}
            actions={
              <Button
                disabled={!data}
                onClick={() => {
                  setTried(false);
                  setEdited(data ?? null);
                }}
              >
                {t.editScopes}
              </Button>
            }
          >
            {words.fields.scopes}
          </Header>
        }
        columnDefinitions={[
          { id: 'scope', header: words.fields.scope, isRowHeader: true, minWidth: 180, cell: ({ name }) => <span className="long-words">{name}</span> },
          { id: 'targets', header: words.fields.targets, minWidth: 220, cell: ({ targets }) => (targets ? <Lines of={lines(targets)} /> : t.any) },
        ]}
      />
      {edited && (
        <FormModal title={t.editScopes} size="large" onSubmit={save} onClose={() => setEdited(null)}>
          <ScopeFields scopes={edited} onChange={setEdited} tried={tried} />
        </FormModal>
      )}
    </>
  );
}

/** What a policy begins with: the application's own account, by its policies, gets tokens as the application. */
const blankActor = (arn: string): string =>
  JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${arn.split(':')[4]}:root` }, Action: 'sso-oauth:CreateTokenWithIAM', Resource: '*' }] },
    null,
    4,
  );

function ActorPanel({ arn }: Props) {
  const t = useMessages(applicationMessages).page;
  const { ssoAdmin } = useClients();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [edited, setEdited] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const { data, error, refetch } = useQuery({
    queryKey: ['sso-admin', 'application-authentication', arn],
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      const methods = await allPages(
        (NextToken) => client.send(new ListApplicationAuthenticationMethodsCommand({ ApplicationArn: arn, NextToken }), { abortSignal: signal }),
        (page) => page.AuthenticationMethods,
      );
      const policy = methods.find(({ AuthenticationMethodType }) => AuthenticationMethodType === 'IAM')?.AuthenticationMethod?.Iam?.ActorPolicy;
      return policy === undefined ? '' : JSON.stringify(policy, null, 4);
    },
  });
  const save = async () => {
    // The API takes the document itself, not its text.
    const ActorPolicy = JSON.parse(edited ?? '') as Record<string, string>;
    await (await ssoAdmin()).send(new PutApplicationAuthenticationMethodCommand({ ApplicationArn: arn, AuthenticationMethodType: 'IAM', AuthenticationMethod: { Iam: { ActorPolicy } } }));
    notify({ type: 'success', content: t.saved });
    await refetch();
    setEdited(null);
  };
  const remove = () =>
    ask({
      title: t.actorDelete,
      text: t.actorDeleteText,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeleteApplicationAuthenticationMethodCommand({ ApplicationArn: arn, AuthenticationMethodType: 'IAM' }));
        await refetch();
      },
    });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            description={t.actorText}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {Boolean(data) && <Button onClick={remove}>{t.actorDelete}</Button>}
                <Button disabled={data === undefined} onClick={() => setEdited(data || blankActor(arn))}>
                  {t.actorEdit}
                </Button>
              </SpaceBetween>
            }
          >
            {t.actor}
          </Header>
        }
      >
        {data === undefined ? <Spinner /> : data ? <pre className="policy-text">{data}</pre> : t.actorNone}
      </Container>
      {dialog}
      {edited !== null && (
        <FormModal title={t.actorEdit} size="max" disabled={!valid} onSubmit={save} onClose={() => setEdited(null)}>
          <Suspense fallback={<Spinner />}>
            <PolicyEditor value={edited} onChange={setEdited} kind="resource" label={t.actor} onValid={setValid} />
          </Suspense>
        </FormModal>
      )}
    </>
  );
}

function SessionPanel({ arn }: Props) {
  const t = useMessages(applicationMessages).page;
  const { ssoAdmin } = useClients();
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['sso-admin', 'application-session', arn],
    queryFn: async ({ signal }) =>
      (await (await ssoAdmin()).send(new GetApplicationSessionConfigurationCommand({ ApplicationArn: arn }), { abortSignal: signal })).UserBackgroundSessionApplicationStatus ?? 'DISABLED',
  });
  const on = data === 'ENABLED';
  const toggle = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await (await ssoAdmin()).send(new PutApplicationSessionConfigurationCommand({ ApplicationArn: arn, UserBackgroundSessionApplicationStatus: on ? 'DISABLED' : 'ENABLED' }));
      await refetch();
    } catch (refused) {
      setFailure(refused);
    }
    setRunning(false);
  };
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.backgroundText}
          actions={
            <Button disabled={!data} loading={running} onClick={() => void toggle()}>
              {on ? t.turnOff : t.turnOn}
            </Button>
          }
        >
          {t.background}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {failure !== null && <FailureAlert error={failure} />}
        {data ? <StatusIndicator type={on ? 'success' : 'stopped'}>{on ? t.on : t.off}</StatusIndicator> : <Spinner />}
      </SpaceBetween>
    </Container>
  );
}
