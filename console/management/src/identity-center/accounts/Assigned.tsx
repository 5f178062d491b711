import { ListAccountAssignmentsCommand, ListAccountAssignmentsForPrincipalCommand, ListPermissionSetsProvisionedToAccountCommand } from '@aws-sdk/client-sso-admin';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { useList } from '../../ui/useList';
import type { Instance } from '../enable/WithInstance';
import { allPages } from '../../sdk/allPages';
import { setHref, useSetNames, type DescribedSet } from '../access/permissionSets';
import { PermissionSetPicker } from '../access/PermissionSetPicker';
import { mapPool } from '../access/pool';
import { principalHref, principalKey, usePrincipalNames, type Principal } from '../access/principals';
import { useWorks, type Works } from '../access/useWorks';
import { WorksProgress } from '../access/WorksProgress';
import { accessMessages } from '../accessMessages';
import { assignmentWork, type Assignment, type AssignmentWork } from './assignment';
import { accountMessages } from './messages';
import { quotaKey } from './quotas';

type Target = Assignment['account'];

const rowKey = ({ principal, set }: Assignment): string => `${set.arn}/${principalKey(principal)}`;

const assignedKey = (account: string) => ['sso-admin', 'account-assignments', account] as const;

/** Who has access to the account, by which set; to be changed and taken away. */
export function Assigned({ instance, account }: { instance: Instance; account: Target }) {
  const words = useMessages(accessMessages);
  const t = useMessages(accountMessages).account;
  const queries = useQueryClient();
  const { ssoAdmin } = useClients();
  const list = useAssigned(instance, account);
  const [selected, setSelected] = useState<Assignment[]>([]);
  const [changing, setChanging] = useState<Principal | null>(null);
  const works = useWorks<AssignmentWork>();
  const [work, setWork] = useState<{ title: string; success: string } | null>(null);
  const { ask, dialog } = useConfirmDelete();

  const begin = (pieces: AssignmentWork[], title: string, success: string) => {
    setSelected([]);
    setChanging(null);
    if (pieces.length === 0) return;
    setWork({ title, success });
    works.run(pieces);
  };
  const over = work !== null && works.over;
  useEffect(() => {
    if (!over) return;
    void queries.invalidateQueries({ queryKey: assignedKey(account.id) });
    void queries.invalidateQueries({ queryKey: ['sso-admin', 'provisioned', account.id] });
    void queries.invalidateQueries({ queryKey: quotaKey });
  }, [over, queries, account.id]);

  const remove = () =>
    ask({
      title: t.removeTitle,
      text: t.removeText(selected.length, account.name),
      button: t.remove,
      reversible: true,
      onConfirm: () => {
        begin(
          selected.map((row) => assignmentWork(ssoAdmin, instance, row, false)),
          t.removing,
          t.removed,
        );
        return Promise.resolve();
      },
    });

  const principals = new Map(selected.map(({ principal }) => [principalKey(principal), principal]));
  const [chosen] = principals.values();
  return (
    <>
      <EntityTable<Assignment>
        variant="container"
        list={list}
        title={t.assigned}
        description={t.assignedText}
        trackBy={rowKey}
        text={({ principal, set }) => `${principal.name} ${principal.detail} ${set.name}`}
        empty={t.noneAssigned}
        selection={{ selected, onSelect: setSelected, label: ({ principal, set }) => t.select(`${principal.name} – ${set.name}`) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={remove}>
              {t.remove}
            </Button>
            <Button disabled={principals.size !== 1} onClick={() => setChanging(chosen ?? null)}>
              {t.change}
            </Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'principal',
            header: t.principal,
            isRowHeader: true,
            minWidth: 180,
            sortingComparator: (a, b) => a.principal.name.localeCompare(b.principal.name),
            cell: ({ principal }) => (
              <Link href={principalHref(principal)}>
                <span className="long-words">{principal.name}</span>
              </Link>
            ),
          },
          { id: 'type', header: t.type, cell: ({ principal }) => words.principal[principal.type] },
          { id: 'detail', header: words.description, cell: ({ principal }) => <span className="long-words">{principal.detail || '–'}</span> },
          {
            id: 'set',
            header: words.set.name,
            minWidth: 180,
            sortingComparator: (a, b) => a.set.name.localeCompare(b.set.name),
            cell: ({ set }) => (
              <Link href={setHref(set.arn)}>
                <span className="long-words">{set.name}</span>
              </Link>
            ),
          },
        ]}
      />
      {dialog}
      {changing && <ChangeSets key={principalKey(changing)} instance={instance} account={account} principal={changing} onClose={() => setChanging(null)} onChange={(pieces) => begin(pieces, t.changing, t.changed)} />}
      {work && <Progress {...work} works={works} onClose={() => setWork(null)} />}
    </>
  );
}

/** So many rows at least make a page of the table, however few each set has. */
const ENOUGH = 50;

/** What is left to ask of an account: the sets, and where to go on in the first of them. */
interface Left {
  sets: readonly string[];
  token?: string | undefined;
}

/** The account's assignments, set by set, as the server tells them. */
function useAssigned(instance: Instance, account: Target) {
  const { ssoAdmin } = useClients();
  const name = usePrincipalNames(instance);
  const nameSet = useSetNames(instance);
  return useList<Assignment>(assignedKey(account.id), async (marker, abortSignal) => {
    const client = await ssoAdmin();
    const input = { InstanceArn: instance.arn, AccountId: account.id };
    let { sets, token }: Left = marker
      ? (JSON.parse(marker) as Left)
      : {
          sets: await allPages(
            (NextToken) => client.send(new ListPermissionSetsProvisionedToAccountCommand({ ...input, NextToken, MaxResults: 100 }), { abortSignal }),
            (page) => page.PermissionSets,
          ),
        };
    const items: Assignment[] = [];
    for (let [arn] = sets; arn !== undefined && items.length < ENOUGH; [arn] = sets) {
      // oxlint-disable-next-line no-await-in-loop -- a page names the next
      const page = await client.send(new ListAccountAssignmentsCommand({ ...input, PermissionSetArn: arn, NextToken: token, MaxResults: 100 }), { abortSignal });
      // oxlint-disable-next-line no-await-in-loop
      const set = { arn, name: await nameSet(arn) };
      // oxlint-disable-next-line no-await-in-loop
      items.push(...(await mapPool(page.AccountAssignments ?? [], async ({ PrincipalType = 'USER', PrincipalId = '' }) => ({ account, set, principal: await name(PrincipalType, PrincipalId) }))));
      token = page.NextToken || undefined;
      if (!token) sets = sets.slice(1);
    }
    return { items, marker: sets.length > 0 ? JSON.stringify({ sets, token }) : undefined };
  });
}

/** Sets to give a principal and to take from it, in one account. */
function ChangeSets({ instance, account, principal, onClose, onChange }: { instance: Instance; account: Target; principal: Principal; onClose: () => void; onChange: (pieces: AssignmentWork[]) => void }) {
  const t = useMessages(accountMessages).account;
  const { ssoAdmin } = useClients();
  const nameSet = useSetNames(instance);
  const [edited, setEdited] = useState<DescribedSet[] | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['sso-admin', 'sets-of', account.id, principalKey(principal)],
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      const all = await allPages(
        (NextToken) =>
          client.send(
            new ListAccountAssignmentsForPrincipalCommand({ InstanceArn: instance.arn, PrincipalId: principal.id, PrincipalType: principal.type, Filter: { AccountId: account.id }, NextToken, MaxResults: 100 }),
            { abortSignal: signal },
          ),
        (page) => page.AccountAssignments,
      );
      // Of a user the server also tells what comes by way of groups, which is not the user's to change.
      const arns = all.filter(({ PrincipalType, PrincipalId }) => PrincipalType === principal.type && PrincipalId === principal.id).map(({ PermissionSetArn = '' }) => PermissionSetArn);
      return mapPool(arns, async (PermissionSetArn): Promise<DescribedSet> => ({ PermissionSetArn, Name: await nameSet(PermissionSetArn) }));
    },
  });
  const selected = edited ?? data ?? [];
  const work = ({ PermissionSetArn, Name }: DescribedSet, gives: boolean) => assignmentWork(ssoAdmin, instance, { account, principal, set: { arn: PermissionSetArn, name: Name } }, gives);
  const save = () => {
    const before = new Map((data ?? []).map((set) => [set.PermissionSetArn, set]));
    const after = new Map(selected.map((set) => [set.PermissionSetArn, set]));
    // What is new comes first, so that nobody is without access between the two.
    onChange([
      ...[...after.values()].filter(({ PermissionSetArn }) => !before.has(PermissionSetArn)).map((set) => work(set, true)),
      ...[...before.values()].filter(({ PermissionSetArn }) => !after.has(PermissionSetArn)).map((set) => work(set, false)),
    ]);
    return Promise.resolve();
  };
  return (
    <FormModal title={t.changeTitle(principal.name)} size="large" disabled={!data} onSubmit={save} onClose={onClose}>
      <div>{t.changeText(account.name)}</div>
      {error ? <FailureAlert error={error} onRetry={() => void refetch()} /> : data ? <PermissionSetPicker instance={instance} selected={selected} onSelect={setEdited} /> : <Spinner />}
    </FormModal>
  );
}

/** A dialog over the page while assignments are made and taken away; it closes only when that is over. */
function Progress({ title, success, works, onClose }: { title: string; success: string; works: Works<AssignmentWork>; onClose: () => void }) {
  const words = useMessages(accessMessages);
  const t = useMessages(accountMessages).account;
  return (
    <Modal visible size="large" header={title} onDismiss={() => works.over && onClose()}>
      <WorksProgress<AssignmentWork>
        works={works}
        title={words.works.progress}
        success={success}
        text={({ principal, set }) => `${principal.name} ${set.name}`}
        actions={
          <Button variant="primary" onClick={onClose}>
            {words.close}
          </Button>
        }
        columns={[
          { id: 'principal', header: t.principal, isRowHeader: true, minWidth: 160, cell: ({ principal }) => <span className="long-words">{principal.name}</span> },
          { id: 'action', header: t.action, minWidth: 180, cell: ({ set, gives }) => <span className="long-words">{gives ? t.give(set.name) : t.take(set.name)}</span> },
        ]}
      />
    </Modal>
  );
}
