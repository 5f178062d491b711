import { AttachPolicyCommand, DescribeEffectivePolicyCommand, DetachPolicyCommand, type EffectivePolicyType, type PolicySummary } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { pretty } from '../../policy-editor/pretty';
import { useRoot } from '../../ui/accountTree/useRoot';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { wholeList } from '../../ui/useList';
import { Choice } from '../Choice';
import { everything, useChanged, useOrganization } from '../organization';
import { paths, targetHref } from '../paths';
import { usePath, type Step } from '../usePath';
import { policiesMessages } from './messages';
import { attachedTo, usePolicies } from './policies';
import { ReachPreview } from './ReachPreview';
import { policyTypes, type TypeFacts } from './types';

/** What applies to the root, a unit or an account: attached there, inherited, and for an account what comes out of both. */
export function TargetPolicies({ id, kind, exempt = false }: { id: string; kind: 'root' | 'unit' | 'account'; /** Of the management account. */ exempt?: boolean }) {
  const t = useMessages(policiesMessages);
  const { data: root, error, refetch } = useRoot();
  const [chosen, setChosen] = useState<string>();
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (!root) return <Spinner />;
  const enabled = policyTypes.filter(({ type }) => root.PolicyTypes?.some(({ Type, Status }) => Type === type && Status === 'ENABLED'));
  const facts = enabled.find(({ type }) => type === chosen) ?? enabled[0];
  if (!facts) return <Alert type="info" action={<Button href={paths.policies}>{t.title}</Button>}>{t.noneEnabled}</Alert>;
  const options = enabled.map(({ type }) => ({ value: type, label: t.names[type] ?? type }));
  return (
    <SpaceBetween size="l">
      <FormField label={t.type}>
        <Select selectedOption={options.find(({ value }) => value === facts.type) ?? null} options={options} onChange={({ detail }) => setChosen(detail.selectedOption.value)} />
      </FormField>
      {exempt && facts.authorization && <Alert type="info">{t.exempt}</Alert>}
      {facts.type === 'SERVICE_CONTROL_POLICY' && <Box color="text-body-secondary">{t.scpRule}</Box>}
      <Attached key={facts.type} id={id} facts={facts} />
      {kind !== 'root' && <Inherited id={id} facts={facts} />}
      {kind === 'account' && !facts.authorization && <Effective id={id} type={facts.type as EffectivePolicyType} />}
    </SpaceBetween>
  );
}

function Attached({ id, facts }: { id: string; facts: TypeFacts }) {
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const { data: organization } = useOrganization();
  const [attaching, setAttaching] = useState(false);
  const { type } = facts;
  const query = useQuery({ queryKey: [...everything, 'attached', id, type], queryFn: async ({ signal }) => attachedTo(await organizations(), id, type, signal) });

  const detach = ({ Id = '', Name = '' }: PolicySummary) =>
    ask({
      title: t.detachTitle(Name, id),
      text: (
        <SpaceBetween size="s">
          <div>{[t.detachText, ...(type === 'SERVICE_CONTROL_POLICY' ? [t.detachScp] : [])].join(' ')}</div>
          {organization && <ReachPreview targets={[id]} organization={organization} exempt={facts.authorization} />}
        </SpaceBetween>
      ),
      button: t.detach,
      reversible: true,
      onConfirm: async () => {
        await (await organizations()).send(new DetachPolicyCommand({ PolicyId: Id, TargetId: id }));
        notify({ type: 'success', content: t.detached(Name, id) });
        await changed();
      },
    });

  return (
    <>
      <EntityTable<PolicySummary>
        variant="container"
        list={wholeList(query)}
        title={t.attachedHere}
        trackBy={({ Id = '' }) => Id}
        text={({ Name = '', Id = '' }) => `${Name} ${Id}`}
        actions={<Button onClick={() => setAttaching(true)}>{t.attach}</Button>}
        empty={t.noneHere}
        columns={[
          { id: 'name', header: t.name, isRowHeader: true, cell: ({ Id = '', Name }) => <Link href={paths.policy(type, Id)}>{Name}</Link> },
          { id: 'kind', header: t.kind, cell: ({ AwsManaged }) => (AwsManaged ? t.awsManaged : t.customerManaged) },
          {
            id: 'actions',
            header: t.actions,
            cell: (policy) => (
              <Button variant="inline-link" ariaLabel={`${t.detach}: ${policy.Name ?? ''}`} onClick={() => detach(policy)}>
                {t.detach}
              </Button>
            ),
          },
        ]}
      />
      {dialog}
      {attaching && <AttachHere id={id} facts={facts} attached={query.data ?? []} onClose={() => setAttaching(false)} />}
    </>
  );
}

function AttachHere({ id, facts, attached, onClose }: { id: string; facts: TypeFacts; attached: readonly PolicySummary[]; onClose: () => void }) {
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { data: organization } = useOrganization();
  const query = usePolicies(facts.type);
  const [chosen, setChosen] = useState<PolicySummary[]>([]);
  const [tried, setTried] = useState(false);
  const there = new Set(attached.map(({ Id }) => Id));
  const list = wholeList(query);

  const attach = async () => {
    setTried(true);
    if (chosen.length === 0) return false;
    const client = await organizations();
    for (const { Id, Name = '' } of chosen) {
      // The first refusal ends it, and says what is left.
      // oxlint-disable-next-line no-await-in-loop
      await client.send(new AttachPolicyCommand({ PolicyId: Id, TargetId: id }));
      notify({ type: 'success', content: t.attached(Name) });
      setChosen((left) => left.filter((policy) => policy.Id !== Id));
    }
    onClose();
    await changed();
    return undefined;
  };

  return (
    <FormModal title={t.attachPolicies} submit={t.attach} size="large" onSubmit={attach} onClose={onClose}>
      <Choice label={t.available} errorText={tried && chosen.length === 0 && t.choosePolicies}>
        <EntityTable<PolicySummary>
          variant="embedded"
          list={{ ...list, items: list.items.filter(({ Id }) => !there.has(Id)) }}
          title={t.available}
          trackBy={({ Id = '' }) => Id}
          text={({ Name = '', Id = '' }) => `${Name} ${Id}`}
          empty={t.none}
          selection={{ selected: chosen, onSelect: setChosen, label: ({ Name = '' }) => Name }}
          columns={[
            { id: 'name', header: t.name, isRowHeader: true, cell: ({ Name }) => <span className="long-words">{Name}</span> },
            { id: 'kind', header: t.kind, cell: ({ AwsManaged }) => (AwsManaged ? t.awsManaged : t.customerManaged) },
          ]}
        />
      </Choice>
      {chosen.length > 0 && organization && <ReachPreview targets={[id]} organization={organization} exempt={facts.authorization} />}
    </FormModal>
  );
}

interface FromAbove extends PolicySummary {
  from: Step;
}

function Inherited({ id, facts }: { id: string; facts: TypeFacts }) {
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const { data: path, error } = usePath(id);
  const query = useQuery({
    queryKey: [...everything, 'inherited', id, facts.type, path],
    queryFn: async ({ signal }) => {
      const client = await organizations();
      const levels = await Promise.all((path ?? []).map(async (from) => (await attachedTo(client, from.id, facts.type, signal)).map((policy): FromAbove => ({ ...policy, from }))));
      return levels.flat();
    },
    enabled: path !== undefined,
  });
  if (error) return <FailureAlert error={error} />;
  return (
    <EntityTable<FromAbove>
      variant="container"
      list={wholeList(query)}
      title={t.inherited}
      description={t.inheritedText}
      trackBy={({ Id = '', from }) => `${from.id}/${Id}`}
      text={({ Name = '', Id = '', from }) => `${Name} ${Id} ${from.name}`}
      empty={t.noneInherited}
      columns={[
        { id: 'name', header: t.name, isRowHeader: true, cell: ({ Id = '', Name }) => <Link href={paths.policy(facts.type, Id)}>{Name}</Link> },
        { id: 'from', header: t.from, cell: ({ from }) => <Link href={targetHref(from.id)}>{from.name}</Link> },
        { id: 'kind', header: t.kind, cell: ({ AwsManaged }) => (AwsManaged ? t.awsManaged : t.customerManaged) },
      ]}
    />
  );
}

function Effective({ id, type }: { id: string; type: EffectivePolicyType }) {
  const t = useMessages(policiesMessages);
  const format = useFormat();
  const { organizations } = useClients();
  const { data, error, refetch } = useQuery({
    queryKey: [...everything, 'effective', id, type],
    queryFn: async ({ signal }) => {
      try {
        return (await (await organizations()).send(new DescribeEffectivePolicyCommand({ PolicyType: type, TargetId: id }), { abortSignal: signal })).EffectivePolicy ?? null;
      } catch (refused) {
        if (errorCode(refused) === 'EffectivePolicyNotFoundException') return null;
        throw refused;
      }
    },
  });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <Container
      header={
        <Header variant="h2" description={t.effectiveText}>
          {t.effective}
        </Header>
      }
    >
      {data === undefined ? (
        <Spinner />
      ) : data === null ? (
        t.noEffective
      ) : (
        <SpaceBetween size="xs">
          <pre className="policy-text" tabIndex={0} aria-label={t.effective}>
            {pretty(data.PolicyContent ?? '')}
          </pre>
          <Box color="text-body-secondary">{t.updated(format.dateTime(data.LastUpdatedTimestamp))}</Box>
        </SpaceBetween>
      )}
    </Container>
  );
}
