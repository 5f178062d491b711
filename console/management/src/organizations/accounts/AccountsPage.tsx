import type { Organization } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { rootNode, type Node } from '../../ui/accountTree/nodes';
import { useTree } from '../../ui/accountTree/useTree';
import { useRoot } from '../../ui/accountTree/useRoot';
import { FailureAlert } from '../../ui/FailureAlert';
import { useMembership } from '../../ui/useMembership';
import { useTab } from '../../ui/useTab';
import { GettingStarted } from '../GettingStarted';
import { MemberHome } from '../MemberHome';
import { messages } from '../messages';
import { useIsManagement, useOrganization } from '../organization';
import { paths, targetHref } from '../paths';
import { TreeTable } from '../TreeTable';
import { unitsMessages } from '../units/messages';
import { useUnitActions } from '../units/useUnitActions';
import { VerificationNotice } from '../verification';
import { AccountsList } from './AccountsList';
import { accountsMessages } from './messages';
import { Requests } from './Requests';
import { useAccountActions } from './useAccountActions';

/** The section's first page: the accounts of the organization, or the way to one. */
export function Component() {
  usePageTitle(useMessages(accountsMessages).title);
  const { data, error, refetch } = useOrganization();
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Spinner size="large" />;
  return data ? <Within organization={data} /> : <GettingStarted />;
}

function Within({ organization }: { organization: Organization }) {
  const management = useIsManagement(organization);
  const membership = useMembership(!management);
  // A member sees whose it is; a delegated administrator also what is in it.
  if (management) return <Accounts organization={organization} />;
  return (
    <SpaceBetween size="xl">
      <MemberHome organization={organization} />
      {membership.error && <FailureAlert error={membership.error} onRetry={() => void membership.refetch()} />}
      {membership.data?.ReadsOrganization && <Accounts organization={organization} below />}
    </SpaceBetween>
  );
}

function Accounts({ organization, below = false }: { organization: Organization; below?: boolean }) {
  const t = useMessages(accountsMessages);
  const management = useIsManagement(organization);
  const tabs = [
    { id: 'tree', label: t.tree, content: <Hierarchy organization={organization} /> },
    { id: 'list', label: t.list, content: <AccountsList organization={organization} /> },
    { id: 'requests', label: t.requests, content: <Requests /> },
  ];
  const [tab, setTab] = useTab(tabs.map(({ id }) => id));
  return (
    <SpaceBetween size="l">
      <Header
        variant={below ? 'h2' : 'h1'}
        description={t.description}
        actions={
          management && (
            <Button variant="primary" href={paths.create}>
              {t.add}
            </Button>
          )
        }
      >
        {t.title}
      </Header>
      <VerificationNotice enabled={management} />
      <Tabs activeTabId={tab} ariaLabel={t.view} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
    </SpaceBetween>
  );
}

function Hierarchy({ organization }: { organization: Organization }) {
  const t = useMessages(accountsMessages);
  const { data: root, error, refetch } = useRoot();
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return root ? <Opened root={rootNode(root)} organization={organization} label={t.structure} /> : <Spinner />;
}

function Opened({ root, organization, label }: { root: Node; organization: Organization; label: string }) {
  const all = useMessages(messages);
  const t = useMessages(accountsMessages);
  const u = useMessages(unitsMessages);
  const navigate = useNavigate();
  const tree = useTree(root);
  const [selected, setSelected] = useState<Node[]>([]);
  const done = () => {
    setSelected([]);
    tree.reload();
  };
  const accounts = useAccountActions(done);
  const units = useUnitActions(done);

  const [one] = selected;
  const single = selected.length === 1 ? one : undefined;
  const chosen = selected.filter(({ kind }) => kind === 'account');
  // The management account can be moved between units, and nothing else.
  const member = single?.kind === 'account' && single.id !== organization.MasterAccountId;
  const place = single && single.kind !== 'account';
  const items: ButtonDropdownProps.Items = [
    {
      text: t.accountActions,
      items: [
        { id: 'move', text: t.move, disabled: chosen.length === 0 || chosen.length < selected.length },
        { id: 'remove', text: t.remove, disabled: !member },
        { id: 'close', text: t.close, disabled: !member },
      ],
    },
    {
      text: t.unitActions,
      items: [
        { id: 'create', text: u.create, disabled: !place },
        { id: 'rename', text: u.rename, disabled: single?.kind !== 'unit' },
        { id: 'delete', text: u.delete, disabled: single?.kind !== 'unit' },
      ],
    },
    { text: t.policyActions, items: [{ id: 'policies', text: all.nav.policies, disabled: !single }] },
  ];
  const act = (id: string) => {
    if (id === 'move') accounts.move(chosen);
    if (!single) return;
    if (id === 'remove') accounts.remove(single);
    if (id === 'close') accounts.close(single);
    if (id === 'create') units.create(single);
    if (id === 'rename') units.rename(single);
    if (id === 'delete') units.remove(single);
    if (id === 'policies') void navigate(`${targetHref(single.id)}?section=policies`);
  };

  return (
    <>
      <TreeTable
        root={root}
        tree={tree}
        managementId={organization.MasterAccountId}
        label={label}
        selection={{ type: 'multi', selected, onSelect: setSelected }}
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={t.again} onClick={() => tree.reload()} />
                <ButtonDropdown items={items} disabled={selected.length === 0} onItemClick={({ detail }) => act(detail.id)}>
                  {t.actions}
                </ButtonDropdown>
              </SpaceBetween>
            }
          >
            {label}
          </Header>
        }
      />
      {accounts.dialog}
      {units.dialog}
    </>
  );
}
