import { DeleteGroupMembershipCommand } from '@aws-sdk/client-identitystore';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useClients } from '../../console';
import { useNotify } from '../../notify';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FormModal } from '../../ui/FormModal';
import { PagedTable } from '../../ui/PagedTable';
import type { Paged } from '../../ui/usePaged';
import { mapPool } from '../access/pool';
import type { Instance } from '../enable/WithInstance';
import { join } from './join';
import { everyMembersKey, everyMembershipsKey } from './useGroups';

/** A page's names are asked for one by one. */
export const MEMBERSHIPS_PAGE = 20;

/** That a person is in a group, as one of the two sees it. */
export interface Membership {
  id: string;
  /** The id of the other, who is listed. */
  other: string;
  name: string;
  /** A person's display name, a group's description. */
  detail: string;
}

export interface MembershipWords {
  title: string;
  description?: string;
  none: string;
  /** The column heads of the name and the detail. */
  name: string;
  detail: string;
  select: (name: string) => string;
  remove: string;
  removeTitle: (n: number) => string;
  removeText: string;
  removed: (n: number) => string;
  add: string;
  /** Said when the dialog is sent without a choice. */
  needed: string;
  added: (n: number) => string;
}

/** The people of a group or the groups of a person, to be added and removed. */
export function MembershipTable<T>({
  instance,
  list,
  words: t,
  href,
  noAdding,
  picker,
  toJoin,
}: {
  instance: Instance;
  list: Paged<Membership>;
  words: MembershipWords;
  /** The page of who is listed. */
  href: (id: string) => string;
  /** Why none can be added, where none can. */
  noAdding?: string | undefined;
  /** Chooses whom to add. */
  picker: (chosen: readonly T[], onChoose: (chosen: T[]) => void) => ReactNode;
  /** Who joins what when one of those that were chosen is added. */
  toJoin: (chosen: T) => { group: string; user: string };
}) {
  const { identityStore } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const [selected, setSelected] = useState<Membership[]>([]);
  const [adding, setAdding] = useState(false);
  // The other side's pages show the same.
  const changed = () => Promise.all([everyMembersKey(instance), everyMembershipsKey(instance)].map((queryKey) => queries.invalidateQueries({ queryKey })));

  const remove = () =>
    ask({
      title: t.removeTitle(selected.length),
      text: t.removeText,
      button: t.remove,
      reversible: true,
      onConfirm: async () => {
        const client = await identityStore();
        try {
          await mapPool(selected, ({ id }) => client.send(new DeleteGroupMembershipCommand({ IdentityStoreId: instance.directory, MembershipId: id })));
          notify({ type: 'success', content: t.removed(selected.length) });
          setSelected([]);
        } finally {
          await changed();
        }
      },
    });
  const add = async (chosen: readonly T[]) => {
    const client = await identityStore();
    await mapPool(chosen, (one) => {
      const { group, user } = toJoin(one);
      return join(client, instance, group, user);
    });
    setAdding(false);
    notify({ type: 'success', content: t.added(chosen.length) });
    void changed();
  };

  return (
    <>
      <PagedTable<Membership>
        variant="container"
        list={list}
        title={t.title}
        description={t.description}
        trackBy={({ id }) => id}
        selection={{ selected, onSelect: setSelected, label: ({ name }) => t.select(name) }}
        empty={t.none}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={remove}>
              {t.remove}
            </Button>
            <Button {...(noAdding && { disabled: true, disabledReason: noAdding })} onClick={() => setAdding(true)}>
              {t.add}
            </Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            cell: ({ other, name }) => (
              <Link href={href(other)}>
                <span className="long-words">{name}</span>
              </Link>
            ),
          },
          { id: 'detail', header: t.detail, cell: ({ detail }) => <span className="long-words">{detail || '–'}</span> },
        ]}
      />
      {dialog}
      {adding && <AddMemberships<T> words={t} picker={picker} onAdd={add} onClose={() => setAdding(false)} />}
    </>
  );
}

function AddMemberships<T>({
  words: t,
  picker,
  onAdd,
  onClose,
}: {
  words: MembershipWords;
  picker: (chosen: readonly T[], onChoose: (chosen: T[]) => void) => ReactNode;
  onAdd: (chosen: readonly T[]) => Promise<void>;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState<T[]>([]);
  const [tried, setTried] = useState(false);
  const add = async () => {
    setTried(true);
    if (chosen.length === 0) return false;
    return onAdd(chosen);
  };
  return (
    <FormModal title={t.add} submit={t.add} size="large" onSubmit={add} onClose={onClose}>
      <FormField errorText={tried && chosen.length === 0 && t.needed} stretch>
        {picker(chosen, setChosen)}
      </FormField>
    </FormModal>
  );
}
