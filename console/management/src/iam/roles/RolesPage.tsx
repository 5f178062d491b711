import { GetRoleCommand, ListRolesCommand, type Role } from '@aws-sdk/client-iam';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { Nothing } from '../../ui/Nothing';
import { useList } from '../../ui/useList';
import { roleMessages } from './messages';
import { deleteRole, ownerOf, roleHref, trustDocument } from './role';
import { TrustedEntities } from './TrustedEntities';

/** The account's roles, whom they trust and when they were last used. */
export function Component() {
  const t = useMessages(roleMessages);
  const { iam } = useClients();
  const [selected, setSelected] = useState<Role[]>([]);
  const { remove, dialog } = useDeleteRole(() => setSelected([]));
  usePageTitle(t.title, { contentType: 'table' });
  const list = useList<Role>(['iam', 'roles'], async (Marker, abortSignal) => {
    const page = await (await iam()).send(new ListRolesCommand({ Marker, MaxItems: 1000 }), { abortSignal });
    return { items: page.Roles ?? [], marker: page.IsTruncated ? page.Marker : undefined };
  });
  const [chosen] = selected;
  const kept = chosen !== undefined && ownerOf(chosen) === 'identityCenter';

  return (
    <>
      <EntityTable<Role>
        list={list}
        title={t.title}
        description={t.text}
        trackBy={({ RoleName = '' }) => RoleName}
        text={({ RoleName = '', Description = '', Path = '' }) => `${RoleName} ${Description} ${Path}`}
        selection={{ selected, onSelect: setSelected, type: 'single', label: ({ RoleName = '' }) => t.select(RoleName) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!chosen || kept} {...(kept && { disabledReason: t.reservedDelete })} onClick={() => chosen && remove(chosen)}>
              {t.delete}
            </Button>
            <Button variant="primary" href="/iam/roles/create">
              {t.create}
            </Button>
          </SpaceBetween>
        }
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            sortingField: 'RoleName',
            minWidth: 200,
            cell: (role) => (
              <>
                <Link href={roleHref(role.RoleName ?? '')}>
                  <span className="long-words">{role.RoleName}</span>
                </Link>{' '}
                <OwnerBadge role={role} />
              </>
            ),
          },
          { id: 'trusted', header: t.trustedEntities, minWidth: 200, cell: (role) => <TrustedEntities document={trustDocument(role)} /> },
          { id: 'last', header: t.lastActivity, minWidth: 140, cell: ({ RoleName = '' }) => <LastActivity role={RoleName} /> },
        ]}
      />
      {dialog}
    </>
  );
}

export function OwnerBadge({ role }: { role: Role }) {
  const t = useMessages(roleMessages);
  const owner = ownerOf(role);
  return owner === 'account' ? null : <Badge color="grey">{owner === 'service' ? t.linked : t.reserved}</Badge>;
}

/** ListRoles does not tell it. */
function LastActivity({ role }: { role: string }) {
  const t = useMessages(roleMessages);
  const format = useFormat();
  const { iam } = useClients();
  const { data, error } = useQuery({
    queryKey: ['iam', 'role-last-used', role],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetRoleCommand({ RoleName: role }), { abortSignal: signal })).Role?.RoleLastUsed ?? {},
  });
  if (error) {
    return (
      <span title={t.unknown} aria-label={t.unknown} role="img">
        –
      </span>
    );
  }
  if (!data) return <Spinner />;
  return data.LastUsedDate ? <span title={format.dateTime(data.LastUsedDate)}>{format.ago(data.LastUsedDate)}</span> : t.never;
}

/** Asks, and deletes with all that belongs to the role. */
export function useDeleteRole(onDeleted: () => void) {
  const t = useMessages(roleMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const remove = (role: Role) => {
    const name = role.RoleName!;
    ask({
      title: t.deleteTitle(name),
      text: ownerOf(role) === 'service' ? t.deleteServiceText : t.deleteText,
      confirmText: name,
      onConfirm: async () => {
        await deleteRole(await iam(), role, t.deleteRefused);
        notify({ type: 'success', content: t.deleted(name) });
        onDeleted();
        queries.removeQueries({ queryKey: ['iam', 'role', name] });
        await queries.invalidateQueries({ queryKey: ['iam', 'roles'] });
      },
    });
  };
  return { remove, dialog };
}
