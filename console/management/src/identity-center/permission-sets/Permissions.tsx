import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  type AttachedManagedPolicy,
  type CustomerManagedPolicyReference,
  type PermissionsBoundary,
} from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';
import { useMessages } from '../../messages';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { wholeList } from '../../ui/useList';
import type { Instance } from '../enable/WithInstance';
import { allPages } from '../access/pages';
import type { DescribedSet } from '../access/permissionSets';
import { BoundaryChoice, isBoundary } from './BoundaryChoice';
import { CustomerPolicies } from './CustomerPolicies';
import { blankInline, InlineEditor } from './InlineEditor';
import { ManagedPolicyPicker } from './ManagedPolicyPicker';
import { setMessages } from './messages';
import { boundaryName, MOST_MANAGED, referenceFaults } from './policies';

interface Props {
  instance: Instance;
  set: DescribedSet;
  /** Called after each change, which is to go to the accounts. */
  onChanged: () => Promise<void>;
}

/** Everything that a set allows, each part to be changed on its own. */
export function Permissions(props: Props) {
  return (
    <SpaceBetween size="l">
      <Managed {...props} />
      <Customer {...props} />
      <Inline {...props} />
      <Boundary {...props} />
    </SpaceBetween>
  );
}

/** The part of the set that the query reads, and how to read it anew after a change. */
function useChanged(part: string, { set, onChanged }: Props): { queryKey: readonly string[]; changed: () => Promise<void> } {
  const queries = useQueryClient();
  const queryKey = ['sso-admin', 'set-permissions', set.PermissionSetArn, part] as const;
  return {
    queryKey,
    changed: async () => {
      await queries.invalidateQueries({ queryKey });
      await onChanged();
    },
  };
}

const ofSet = ({ instance, set }: Props) => ({ InstanceArn: instance.arn, PermissionSetArn: set.PermissionSetArn });

function Managed(props: Props) {
  const t = useMessages(setMessages).policies;
  const { ssoAdmin } = useClients();
  const { ask, dialog } = useConfirmDelete();
  const { queryKey, changed } = useChanged('managed', props);
  const [selected, setSelected] = useState<AttachedManagedPolicy[]>([]);
  const [chosen, setChosen] = useState<AttachedManagedPolicy[] | null>(null);
  const of = ofSet(props);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      return allPages(
        (NextToken) => client.send(new ListManagedPoliciesInPermissionSetCommand({ ...of, NextToken, MaxResults: 100 }), { abortSignal: signal }),
        (page) => page.AttachedManagedPolicies,
      );
    },
  });
  const has = new Set(query.data?.map(({ Arn }) => Arn));
  const attach = async () => {
    const client = await ssoAdmin();
    try {
      for (const { Arn } of chosen ?? []) {
        // oxlint-disable-next-line no-await-in-loop -- changes of one set, which the server does one at a time
        if (!has.has(Arn)) await client.send(new AttachManagedPolicyToPermissionSetCommand({ ...of, ManagedPolicyArn: Arn }));
      }
      setChosen(null);
    } finally {
      // Also when one failed: those before it are there.
      await changed();
    }
  };
  const detach = () =>
    ask({
      title: t.detachTitle(selected.length),
      text: t.detachText,
      button: t.detach,
      reversible: true,
      onConfirm: async () => {
        const client = await ssoAdmin();
        try {
          for (const { Arn } of selected) {
            // oxlint-disable-next-line no-await-in-loop
            await client.send(new DetachManagedPolicyFromPermissionSetCommand({ ...of, ManagedPolicyArn: Arn }));
          }
        } finally {
          setSelected([]);
          await changed();
        }
      },
    });
  return (
    <>
      <EntityTable<AttachedManagedPolicy>
        variant="container"
        list={wholeList(query)}
        title={t.managed}
        description={t.managedText}
        trackBy={({ Arn = '' }) => Arn}
        text={({ Name = '' }) => Name}
        empty={t.noneManaged}
        selection={{ selected, onSelect: setSelected, label: ({ Name = '' }) => t.selectPolicy(Name) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={detach}>
              {t.detach}
            </Button>
            <Button onClick={() => setChosen([])}>{t.attach}</Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'name',
            header: t.policyName,
            isRowHeader: true,
            minWidth: 200,
            cell: ({ Name, Arn = '' }) => (
              <Link href={`/iam/policies/details/${Arn}`}>
                <span className="long-words">{Name}</span>
              </Link>
            ),
          },
          { id: 'arn', header: 'ARN', minWidth: 220, cell: ({ Arn }) => <span className="long-words">{Arn}</span> },
        ]}
      />
      {dialog}
      {chosen && (
        <FormModal title={t.attachTitle} submit={t.attach} size="large" disabled={chosen.length === 0 || chosen.length + has.size > MOST_MANAGED} onSubmit={attach} onClose={() => setChosen(null)}>
          {chosen.length + has.size > MOST_MANAGED && <Alert type="error">{t.limit(MOST_MANAGED)}</Alert>}
          <ManagedPolicyPicker selected={chosen} onSelect={setChosen} />
        </FormModal>
      )}
    </>
  );
}

const referenceKey = ({ Name = '', Path = '/' }: CustomerManagedPolicyReference): string => `${Path}${Name}`;

function Customer(props: Props) {
  const t = useMessages(setMessages).policies;
  const { ssoAdmin } = useClients();
  const { ask, dialog } = useConfirmDelete();
  const { queryKey, changed } = useChanged('customer', props);
  const [selected, setSelected] = useState<CustomerManagedPolicyReference[]>([]);
  const [added, setAdded] = useState<CustomerManagedPolicyReference[] | null>(null);
  const [tried, setTried] = useState(false);
  const of = ofSet(props);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const client = await ssoAdmin();
      return allPages(
        (NextToken) => client.send(new ListCustomerManagedPolicyReferencesInPermissionSetCommand({ ...of, NextToken, MaxResults: 100 }), { abortSignal: signal }),
        (page) => page.CustomerManagedPolicyReferences,
      );
    },
  });
  const attach = async () => {
    setTried(true);
    if (!added || added.length === 0 || referenceFaults(added).some(Boolean)) return false;
    const client = await ssoAdmin();
    try {
      for (const reference of added) {
        // oxlint-disable-next-line no-await-in-loop -- changes of one set, which the server does one at a time
        await client.send(new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({ ...of, CustomerManagedPolicyReference: reference }));
      }
      setAdded(null);
    } finally {
      await changed();
    }
    return undefined;
  };
  const detach = () =>
    ask({
      title: t.detachTitle(selected.length),
      text: t.detachText,
      button: t.detach,
      reversible: true,
      onConfirm: async () => {
        const client = await ssoAdmin();
        try {
          for (const reference of selected) {
            // oxlint-disable-next-line no-await-in-loop
            await client.send(new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({ ...of, CustomerManagedPolicyReference: reference }));
          }
        } finally {
          setSelected([]);
          await changed();
        }
      },
    });
  return (
    <>
      <EntityTable<CustomerManagedPolicyReference>
        variant="container"
        list={wholeList(query)}
        title={t.customer}
        description={t.customerText}
        trackBy={referenceKey}
        text={referenceKey}
        empty={t.noneCustomer}
        selection={{ selected, onSelect: setSelected, label: (reference) => t.selectPolicy(referenceKey(reference)) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={detach}>
              {t.detach}
            </Button>
            <Button
              onClick={() => {
                setTried(false);
                setAdded([{ Name: '', Path: '/' }]);
              }}
            >
              {t.attach}
            </Button>
          </SpaceBetween>
        }
        columns={[
          { id: 'name', header: t.policyName, isRowHeader: true, minWidth: 200, cell: ({ Name }) => <span className="long-words">{Name}</span> },
          { id: 'path', header: t.path, cell: ({ Path }) => <span className="long-words">{Path ?? '/'}</span> },
        ]}
      />
      {dialog}
      {added && (
        <FormModal title={t.attachCustomerTitle} submit={t.attach} size="large" onSubmit={attach} onClose={() => setAdded(null)}>
          <div>{t.customerText}</div>
          <CustomerPolicies references={added} onChange={setAdded} tried={tried} />
        </FormModal>
      )}
    </>
  );
}

function Inline(props: Props) {
  const words = useMessages(setMessages);
  const t = words.policies;
  const { ssoAdmin } = useClients();
  const { ask, dialog } = useConfirmDelete();
  const { queryKey, changed } = useChanged('inline', props);
  const [edited, setEdited] = useState<string | null>(null);
  const [valid, setValid] = useState(true);
  const of = ofSet(props);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await (await ssoAdmin()).send(new GetInlinePolicyForPermissionSetCommand(of), { abortSignal: signal })).InlinePolicy ?? '',
  });
  const save = async () => {
    await (await ssoAdmin()).send(new PutInlinePolicyToPermissionSetCommand({ ...of, InlinePolicy: edited ?? '' }));
    setEdited(null);
    await changed();
  };
  const remove = () =>
    ask({
      title: t.inlineDelete,
      text: t.inlineDeleteText,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeleteInlinePolicyFromPermissionSetCommand(of));
        await changed();
      },
    });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            description={t.inlineText}
            actions={
              data !== undefined && (
                <SpaceBetween direction="horizontal" size="xs">
                  {data && <Button onClick={remove}>{t.inlineDelete}</Button>}
                  <Button onClick={() => setEdited(data || blankInline)}>{data ? t.inlineEdit : t.inlineCreate}</Button>
                </SpaceBetween>
              )
            }
          >
            {t.inline}
          </Header>
        }
      >
        {data === undefined ? <Spinner /> : data ? <pre className="policy-text">{pretty(data)}</pre> : t.inlineNone}
      </Container>
      {dialog}
      {edited !== null && (
        <FormModal title={data ? t.inlineEdit : t.inlineCreate} size="max" disabled={!valid} onSubmit={save} onClose={() => setEdited(null)}>
          <InlineEditor value={edited} onChange={setEdited} onValid={setValid} />
        </FormModal>
      )}
    </>
  );
}

/** A document that was written by a program on one line, as people read it; one that has lines as it is. */
function pretty(document: string): string {
  if (document.includes('\n')) return document;
  try {
    return JSON.stringify(JSON.parse(document), null, 4);
  } catch {
    return document;
  }
}

function Boundary(props: Props) {
  const t = useMessages(setMessages).policies;
  const { ssoAdmin } = useClients();
  const { ask, dialog } = useConfirmDelete();
  const { queryKey, changed } = useChanged('boundary', props);
  const [edited, setEdited] = useState<PermissionsBoundary | null>(null);
  const [tried, setTried] = useState(false);
  const of = ofSet(props);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      try {
        return (await (await ssoAdmin()).send(new GetPermissionsBoundaryForPermissionSetCommand(of), { abortSignal: signal })).PermissionsBoundary ?? null;
      } catch (failure) {
        // A set without a boundary is told so.
        if (isNotFound(failure)) return null;
        throw failure;
      }
    },
  });
  const save = async () => {
    setTried(true);
    if (!edited || !isBoundary(edited)) return false;
    await (await ssoAdmin()).send(new PutPermissionsBoundaryToPermissionSetCommand({ ...of, PermissionsBoundary: edited }));
    setEdited(null);
    await changed();
    return undefined;
  };
  const remove = () =>
    ask({
      title: t.boundaryRemove,
      text: t.boundaryRemoveText,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeletePermissionsBoundaryFromPermissionSetCommand(of));
        await changed();
      },
    });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            description={t.boundaryText}
            actions={
              data !== undefined && (
                <SpaceBetween direction="horizontal" size="xs">
                  {data && <Button onClick={remove}>{t.boundaryRemove}</Button>}
                  <Button
                    onClick={() => {
                      setTried(false);
                      setEdited(data ?? { ManagedPolicyArn: '' });
                    }}
                  >
                    {data ? t.boundaryChange : t.boundarySet}
                  </Button>
                </SpaceBetween>
              )
            }
          >
            {t.boundary}
          </Header>
        }
      >
        {data === undefined ? <Spinner /> : data ? <span className="long-words">{boundaryName(data)}</span> : t.boundaryNone}
      </Container>
      {dialog}
      {edited && (
        <FormModal title={data ? t.boundaryChange : t.boundarySet} size="large" onSubmit={save} onClose={() => setEdited(null)}>
          <BoundaryChoice boundary={edited} onChange={setEdited} tried={tried} optional={false} />
        </FormModal>
      )}
    </>
  );
}
