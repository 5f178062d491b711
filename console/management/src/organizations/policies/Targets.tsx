import { AttachPolicyCommand, DetachPolicyCommand, type Organization, type Policy, type PolicyTargetSummary } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import { useClients } from '../../console';
import { toConsoleFailure } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { rootNode, type Node } from '../../ui/accountTree/nodes';
import { useTree } from '../../ui/accountTree/useTree';
import { useRoot } from '../../ui/accountTree/useRoot';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { wholeList } from '../../ui/useList';
import { Choice } from '../Choice';
import { messages } from '../messages';
import { useChanged } from '../organization';
import { targetHref } from '../paths';
import { TreeTable } from '../TreeTable';
import { policiesMessages } from './messages';
import { useTargets, useTypeStatus } from './policies';
import { ReachPreview } from './ReachPreview';
import type { TypeFacts } from './types';

const kinds = { ROOT: 'root', ORGANIZATIONAL_UNIT: 'unit', ACCOUNT: 'account' } as const;

/** Where a policy is attached, and attaching it elsewhere after saying whom that reaches. */
export function Targets({ facts, policy, organization }: { facts: TypeFacts; policy: Policy; organization: Organization }) {
  const all = useMessages(messages);
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const [attaching, setAttaching] = useState(false);
  const { Id = '', Name = '' } = policy.PolicySummary ?? {};
  const query = useTargets(Id);
  const status = useTypeStatus(facts.type);
  const typeName = t.names[facts.type] ?? '';

  const detach = ({ TargetId = '', Name: target = TargetId }: PolicyTargetSummary) =>
    ask({
      title: t.detachTitle(Name, target),
      text: (
        <SpaceBetween size="s">
          <div>{[t.detachText, ...(facts.type === 'SERVICE_CONTROL_POLICY' ? [t.detachScp] : [])].join(' ')}</div>
          <ReachPreview targets={[TargetId]} organization={organization} exempt={facts.authorization} />
        </SpaceBetween>
      ),
      button: t.detach,
      reversible: true,
      onConfirm: async () => {
        await (await organizations()).send(new DetachPolicyCommand({ PolicyId: Id, TargetId }));
        notify({ type: 'success', content: t.detached(Name, target) });
        await changed();
      },
    });

  return (
    <>
      <EntityTable<PolicyTargetSummary>
        variant="container"
        list={wholeList(query)}
        title={t.targets}
        description={t.targetsText}
        trackBy={({ TargetId = '' }) => TargetId}
        text={({ Name: target = '', TargetId = '' }) => `${target} ${TargetId}`}
        actions={
          <Button disabled={status !== 'ENABLED'} disabledReason={t.notEnabled(typeName)} onClick={() => setAttaching(true)}>
            {t.attach}
          </Button>
        }
        empty={t.noTargets}
        columns={[
          { id: 'name', header: t.target, isRowHeader: true, sortingField: 'Name', cell: ({ TargetId = '', Name: target }) => <Link href={targetHref(TargetId)}>{target}</Link> },
          { id: 'id', header: 'ID', cell: ({ TargetId }) => TargetId },
          { id: 'kind', header: t.targetKind, cell: ({ Type }) => (Type ? all.kinds[kinds[Type]] : all.none) },
          {
            id: 'actions',
            header: t.actions,
            cell: (target) => (
              <Button variant="inline-link" ariaLabel={t.detachOf(target.Name ?? '')} onClick={() => detach(target)}>
                {t.detach}
              </Button>
            ),
          },
        ]}
      />
      {dialog}
      {attaching && <AttachModal facts={facts} policy={policy} organization={organization} onClose={() => setAttaching(false)} />}
    </>
  );
}

function AttachModal({ facts, policy, organization, onClose }: { facts: TypeFacts; policy: Policy; organization: Organization; onClose: () => void }) {
  const t = useMessages(policiesMessages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const [chosen, setChosen] = useState<Node[]>([]);
  const [tried, setTried] = useState(false);
  const [failures, setFailures] = useState<{ node: Node; error: unknown }[]>([]);
  const { Id = '', Name = '' } = policy.PolicySummary ?? {};

  const attach = async () => {
    setTried(true);
    if (chosen.length === 0) return false;
    const client = await organizations();
    const failed: { node: Node; error: unknown }[] = [];
    for (const node of chosen) {
      try {
        // One after the other: the organization refuses two changes at once.
        // oxlint-disable-next-line no-await-in-loop
        await client.send(new AttachPolicyCommand({ PolicyId: Id, TargetId: node.id }));
      } catch (error) {
        failed.push({ node, error });
      }
    }
    if (failed.length < chosen.length) {
      notify({ type: 'success', content: t.attached(Name) });
      await changed();
    }
    setFailures(failed);
    setChosen(failed.map(({ node }) => node));
    if (failed.length === 0) onClose();
    return undefined;
  };

  return (
    <FormModal title={t.attachTitle(Name)} submit={t.attach} size="large" onSubmit={attach} onClose={onClose}>
      {failures.length === 1 && <FailureAlert error={failures[0]?.error} />}
      {failures.length > 1 && (
        <Alert type="error" header={t.notAttached(failures.length)}>
          <ul className="plain-list">
            {failures.map(({ node, error }) => (
              <li key={node.id}>
                {node.name}: {toConsoleFailure(error).detail ?? toConsoleFailure(error).code}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <Choice label={t.attachTo} errorText={tried && chosen.length === 0 && failures.length === 0 && t.attachChoose}>
        <TargetPicker selected={chosen} onSelect={setChosen} organization={organization} />
      </Choice>
      {chosen.length > 0 && <ReachPreview targets={chosen.map(({ id }) => id)} organization={organization} exempt={facts.authorization} />}
    </FormModal>
  );
}

function TargetPicker({ selected, onSelect, organization }: { selected: readonly Node[]; onSelect: (nodes: Node[]) => void; organization: Organization }) {
  const t = useMessages(policiesMessages);
  const { data: root, error, refetch } = useRoot();
  const node = root && rootNode(root);
  const tree = useTree(node);
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (!node) return <Spinner />;
  return <TreeTable root={node} tree={tree} managementId={organization.MasterAccountId} links={false} label={t.attachTo} selection={{ type: 'multi', selected, onSelect }} />;
}
