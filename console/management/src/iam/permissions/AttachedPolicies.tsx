import type { Policy } from '@aws-sdk/client-iam';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { EntityTable } from '../../ui/EntityTable';
import { Nothing } from '../../ui/Nothing';
import { wholeList } from '../../ui/useList';
import { attachedPolicies, attachPolicy, deleteInlinePolicy, detachPolicy, inlinePolicies, policyHref, type Holder } from './holders';
import { InlinePolicyModal } from './InlinePolicyModal';
import { permissionMessages } from './messages';
import { PolicyPicker } from './PolicyPicker';

/** A policy as it hangs on a user, group or role; without an ARN it is inline. */
interface Row {
  name: string;
  arn: string;
}

/** The policies of a user, group or role: attached and inline, to be added, edited and taken away. */
export function AttachedPolicies({ holder, readOnly = false }: { holder: Holder; readOnly?: boolean }) {
  const t = useMessages(permissionMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [attaching, setAttaching] = useState(false);
  const [editing, setEditing] = useState<string | null>(null);
  const queryKey = ['iam', 'attached', holder.kind, holder.name];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const client = await iam();
      const [attached, inline] = await Promise.all([attachedPolicies(client, holder, signal), inlinePolicies(client, holder, signal)]);
      return [
        ...attached.map(({ PolicyName = '', PolicyArn = '' }): Row => ({ name: PolicyName, arn: PolicyArn })),
        ...inline.map((name): Row => ({ name, arn: '' })),
      ];
    },
  });
  const changed = (text: string) => {
    notify({ type: 'success', header: text });
    return queries.invalidateQueries({ queryKey });
  };

  const detach = ({ name, arn }: Row) =>
    ask(
      arn
        ? {
            title: t.detachTitle(name, holder.name),
            text: t.detachText,
            button: t.detach,
            reversible: true,
            onConfirm: async () => {
              await detachPolicy(await iam(), holder, arn);
              await changed(t.detachedNotice(name));
            },
          }
        : {
            title: t.deleteInlineTitle(name),
            text: t.deleteInlineText,
            confirmText: name,
            onConfirm: async () => {
              await deleteInlinePolicy(await iam(), holder, name);
              await changed(t.deletedNotice(name));
            },
          },
    );

  return (
    <>
      <EntityTable<Row>
        variant="container"
        list={wholeList(query)}
        title={t.policies}
        trackBy={({ arn, name }) => arn || `inline/${name}`}
        text={({ name }) => name}
        actions={
          readOnly ? undefined : (
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => setEditing('')}>{t.createInline}</Button>
              <Button variant="primary" onClick={() => setAttaching(true)}>
                {t.attach}
              </Button>
            </SpaceBetween>
          )
        }
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            sortingField: 'name',
            minWidth: 200,
            cell: ({ name, arn }) =>
              arn ? (
                <Link href={policyHref(arn)}>
                  <span className="long-words">{name}</span>
                </Link>
              ) : (
                <Button variant="inline-link" onClick={() => setEditing(name)}>
                  {name}
                </Button>
              ),
          },
          { id: 'type', header: t.type, cell: ({ arn }) => (arn === '' ? t.scope.Inline : arn.startsWith('arn:aws:iam::aws:') ? t.scope.AWS : t.scope.Local) },
          ...(readOnly
            ? []
            : [
                {
                  id: 'remove',
                  header: t.actions,
                  cell: (row: Row) => (
                    <Button variant="inline-link" ariaLabel={`${row.arn ? t.detach : t.delete}: ${row.name}`} onClick={() => detach(row)}>
                      {row.arn ? t.detach : t.delete}
                    </Button>
                  ),
                },
              ]),
        ]}
      />
      {dialog}
      {attaching && (
        <AttachModal
          holder={holder}
          onClose={() => setAttaching(false)}
          onDone={(n) => {
            setAttaching(false);
            void changed(t.attachedNotice(n));
          }}
        />
      )}
      {editing !== null && (
        <InlinePolicyModal
          holder={holder}
          name={editing}
          readOnly={readOnly}
          onClose={() => setEditing(null)}
          onSaved={(name) => {
            setEditing(null);
            void changed(t.savedNotice(name));
          }}
        />
      )}
    </>
  );
}

function AttachModal({ holder, onClose, onDone }: { holder: Holder; onClose: () => void; onDone: (attached: number) => void }) {
  const t = useMessages(permissionMessages);
  const { iam } = useClients();
  const [selected, setSelected] = useState<Policy[]>([]);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const attach = async () => {
    setRunning(true);
    setFailure(null);
    let left = selected;
    try {
      const client = await iam();
      for (const policy of selected) {
        // oxlint-disable-next-line no-await-in-loop -- the first refusal ends it, and says what is left
        await attachPolicy(client, holder, policy.Arn!);
        left = left.filter(({ Arn }) => Arn !== policy.Arn);
      }
      onDone(selected.length);
    } catch (error) {
      setSelected(left);
      setFailure(error);
    } finally {
      setRunning(false);
    }
  };

  return (
    <Modal
      visible
      size="large"
      header={`${t.attach}: ${holder.name}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.cancel}
            </Button>
            <Button variant="primary" disabled={selected.length === 0} loading={running} onClick={() => void attach()}>
              {t.attachCount(selected.length)}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {failure !== null && <FailureAlert error={failure} />}
        <PolicyPicker selected={selected} onSelect={setSelected} />
      </SpaceBetween>
    </Modal>
  );
}
