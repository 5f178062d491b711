import { GetRoleCommand, TagRoleCommand, UntagRoleCommand, UpdateAssumeRolePolicyCommand, UpdateRoleCommand, type Role } from '@aws-sdk/client-iam';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import Textarea from '@cloudscape-design/components/textarea';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients, useSession } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { NotThere } from '../../ui/NotThere';
import { AccessAdvisor } from '../permissions/AccessAdvisor';
import { AttachedPolicies } from '../permissions/AttachedPolicies';
import { BoundaryEditor } from '../permissions/BoundaryEditor';
import { TagsPanel } from '../../ui/TagsPanel';
import { useAlias } from '../signInUrl';
import { useTab } from '../../ui/useTab';
import { roleMessages } from './messages';
import { ownerOf, switchUrl, trustDocument } from './role';
import { RevokeSessions } from './RevokeSessions';
import { OwnerBadge, useDeleteRole } from './RolesPage';
import { switchable } from './trust';
import { TrustedEntities } from './TrustedEntities';

const PolicyEditor = lazy(async () => ({ default: (await import('../../policy-editor/PolicyEditor')).PolicyEditor }));

/** One role: whom it trusts, what it may, and how to get into it. */
export function Component() {
  const t = useMessages(roleMessages);
  const name = useParams().name ?? '';
  const { iam } = useClients();
  const { data, error, refetch } = useQuery({
    queryKey: ['iam', 'role', name],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetRoleCommand({ RoleName: name }), { abortSignal: signal })).Role!,
  });
  usePageTitle(name, { breadcrumbs: [{ text: t.title, href: '/iam/roles' }] });
  if (error) return <NotThere name={name} error={error} text={t.missing} list={t.all} href="/iam/roles" onRetry={() => void refetch()} />;
  return data ? <Details key={name} role={data} /> : <Spinner size="large" />;
}

function Details({ role }: { role: Role }) {
  const t = useMessages(roleMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { remove, dialog } = useDeleteRole(() => void navigate('/iam/roles'));
  const [editing, setEditing] = useState(false);
  const name = role.RoleName!;
  const owner = ownerOf(role);
  const readOnly = owner !== 'account';
  const changed = () => queries.invalidateQueries({ queryKey: ['iam', 'role', name] });

  const tabs = [
    {
      id: 'permissions',
      label: t.tabs.permissions,
      content: (
        <SpaceBetween size="l">
          <AttachedPolicies holder={{ kind: 'role', name }} readOnly={readOnly} />
          <BoundaryEditor holder={{ kind: 'role', name }} boundary={role.PermissionsBoundary} onChanged={changed} readOnly={readOnly} />
        </SpaceBetween>
      ),
    },
    { id: 'trust_relationships', label: t.tabs.trust, content: <TrustTab role={role} readOnly={readOnly} onChanged={changed} /> },
    {
      id: 'tags',
      label: t.tabs.tags,
      content: (
        <TagsPanel
          tags={role.Tags ?? []}
          readOnly={readOnly}
          onSave={async ({ put, remove: keys }) => {
            const client = await iam();
            if (keys.length > 0) await client.send(new UntagRoleCommand({ RoleName: name, TagKeys: keys }));
            if (put.length > 0) await client.send(new TagRoleCommand({ RoleName: name, Tags: put }));
            await changed();
          }}
        />
      ),
    },
    { id: 'access_advisor', label: t.tabs.advisor, content: <AccessAdvisor arn={role.Arn!} /> },
    ...(readOnly ? [] : [{ id: 'revoke_sessions', label: t.tabs.sessions, content: <RevokeSessions role={name} /> }]),
  ];
  const [tab, setTab] = useTab(tabs.map(({ id }) => id));

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={role.Description || t.noDescription}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {owner !== 'identityCenter' && <Button onClick={() => remove(role)}>{t.delete}</Button>}
            {!readOnly && <Button onClick={() => setEditing(true)}>{t.edit}</Button>}
          </SpaceBetween>
        }
      >
        <span className="long-words">{name}</span> <OwnerBadge role={role} />
      </Header>
      {readOnly && <Alert type="info">{owner === 'service' ? t.linkedText : t.reservedText}</Alert>}
      <Summary role={role} />
      <Tabs activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {dialog}
      {editing && <EditRole role={role} onClose={() => setEditing(false)} onChanged={changed} />}
    </SpaceBetween>
  );
}

function Summary({ role }: { role: Role }) {
  const t = useMessages(roleMessages);
  const format = useFormat();
  const session = useSession();
  const alias = useAlias().data ?? session.alias;
  const { LastUsedDate, Region } = role.RoleLastUsed ?? {};
  return (
    <Container header={<Header variant="h2">{t.summary}</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={220}
        items={[
          { label: t.created, value: format.dateTime(role.CreateDate) },
          { label: t.lastActivity, value: LastUsedDate ? `${format.ago(LastUsedDate)}${Region ? ` (${Region})` : ''}` : t.never },
          { label: t.duration, value: <Duration seconds={role.MaxSessionDuration ?? 3600} /> },
          { label: t.arn, value: <CopyValue label={t.arn} text={role.Arn ?? ''} /> },
          {
            label: t.switchLink,
            value: switchable(trustDocument(role)) ? (
              <CopyValue label={t.switchLink} text={switchUrl(session.links.switchRole, location.origin, alias || session.accountId, role)} />
            ) : (
              t.notSwitchable
            ),
          },
        ]}
      />
    </Container>
  );
}

function Duration({ seconds }: { seconds: number }) {
  const t = useMessages(roleMessages);
  return seconds % 3600 === 0 ? t.hours(seconds / 3600) : t.minutes(Math.round(seconds / 60));
}

function EditRole({ role, onClose, onChanged }: { role: Role; onClose: () => void; onChanged: () => Promise<unknown> }) {
  const t = useMessages(roleMessages);
  const { iam } = useClients();
  const notify = useNotify();
  const before = role.MaxSessionDuration ?? 3600;
  const [description, setDescription] = useState(role.Description ?? '');
  const [seconds, setSeconds] = useState(before);
  const hours = Array.from({ length: 12 }, (_, i) => (i + 1) * 3600);
  const options = [...new Set([...hours, before])]
    .toSorted((a, b) => a - b)
    .map((value) => ({ value: String(value), label: value % 3600 === 0 ? t.hours(value / 3600) : t.minutes(Math.round(value / 60)) }));

  const save = async () => {
    await (await iam()).send(new UpdateRoleCommand({ RoleName: role.RoleName, Description: description, MaxSessionDuration: seconds }));
    notify({ type: 'success', content: t.saved });
    await onChanged();
    onClose();
  };
  return (
    <FormModal title={t.editTitle} onSubmit={save} onClose={onClose}>
      <FormField label={t.descriptionLabel} constraintText={t.descriptionHint}>
        <Textarea value={description} onChange={({ detail }) => setDescription(detail.value.slice(0, 1000))} />
      </FormField>
      <FormField label={t.duration} description={t.durationHint}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === String(seconds)) ?? null}
          onChange={({ detail }) => setSeconds(Number(detail.selectedOption.value))}
        />
      </FormField>
    </FormModal>
  );
}

function TrustTab({ role, readOnly, onChanged }: { role: Role; readOnly: boolean; onChanged: () => Promise<unknown> }) {
  const words = useMessages(roleMessages);
  const t = words.trust;
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const [typed, setTyped] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const document = trustDocument(role);
  const changed = typed !== null && typed !== document;

  const save = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await (await iam()).send(new UpdateAssumeRolePolicyCommand({ RoleName: role.RoleName, PolicyDocument: typed! }));
      await Promise.all([onChanged(), queries.invalidateQueries({ queryKey: ['iam', 'roles'] })]);
      setTyped(null);
      notify({ type: 'success', content: t.saved });
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
          description={t.text}
          actions={
            !readOnly && (
              <Button variant="primary" disabled={!changed || !valid} disabledReason={changed ? t.invalid : t.unchanged} loading={running} onClick={() => void save()}>
                {t.save}
              </Button>
            )
          }
        >
          {t.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <div>
          <TrustedEntities document={typed ?? document} />
        </div>
        {failure !== null && <FailureAlert error={failure} />}
        <Suspense fallback={<Spinner />}>
          <PolicyEditor value={typed ?? document} onChange={setTyped} kind="trust" label={t.document} onValid={setValid} readOnly={readOnly} />
        </Suspense>
      </SpaceBetween>
    </Container>
  );
}
