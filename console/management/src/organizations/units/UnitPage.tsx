import { DescribeOrganizationalUnitCommand, type Organization } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { rootNode, unitNode, type Node } from '../../ui/accountTree/nodes';
import { useTree } from '../../ui/accountTree/useTree';
import { useRoot } from '../../ui/accountTree/useRoot';
import { NotThere } from '../../ui/NotThere';
import { useTab } from '../../ui/useTab';
import { accountsMessages } from '../accounts/messages';
import { messages } from '../messages';
import { OfOrganization } from '../OfOrganization';
import { everything } from '../organization';
import { PathLinks } from '../PathLinks';
import { paths } from '../paths';
import { TargetPolicies } from '../policies/TargetPolicies';
import { Tags } from '../Tags';
import { TreeTable } from '../TreeTable';
import { unitsMessages } from './messages';
import { useUnitActions } from './useUnitActions';

/** The root or an organizational unit: what is in it, and what applies to it. */
export function Component() {
  const all = useMessages(messages);
  const a = useMessages(accountsMessages);
  const { id = '' } = useParams();
  const ofRoot = id.startsWith('r-');
  const { organizations } = useClients();
  const root = useRoot(ofRoot);
  const unit = useQuery({
    queryKey: [...everything, 'unit', id],
    queryFn: async ({ signal }) =>
      (await (await organizations()).send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id }), { abortSignal: signal })).OrganizationalUnit!,
    enabled: !ofRoot,
  });
  const { error, refetch } = ofRoot ? root : unit;
  const node = ofRoot ? root.data && rootNode(root.data) : unit.data && unitNode(unit.data, '');
  const title = node?.name ?? id;
  usePageTitle(title, { breadcrumbs: [{ text: a.title, href: paths.accounts }] });
  return (
    <OfOrganization title={title}>
      {(organization) =>
        error ? (
          <NotThere name={id} error={error} text={all.notThere} list={a.title} href={paths.accounts} onRetry={() => void refetch()} />
        ) : node ? (
          <Details key={node.id} node={node} organization={organization} />
        ) : (
          <Spinner size="large" />
        )
      }
    </OfOrganization>
  );
}

function Details({ node, organization }: { node: Node; organization: Organization }) {
  const t = useMessages(unitsMessages);
  const navigate = useNavigate();
  const tree = useTree(node);
  const actions = useUnitActions((did) => {
    if (did === 'remove') void navigate(paths.accounts);
    if (did === 'create') tree.reload();
  });
  const tabs = [
    {
      id: 'children',
      label: t.children,
      content: (
        <TreeTable
          root={node}
          tree={tree}
          managementId={organization.MasterAccountId}
          label={t.children}
          header={
            <Header variant="h2" actions={<Button onClick={() => actions.create(node)}>{t.createButton}</Button>}>
              {t.children}
            </Header>
          }
        />
      ),
    },
    { id: 'policies', label: t.policies, content: <TargetPolicies id={node.id} kind={node.kind} /> },
    { id: 'tags', label: t.tags, content: <Tags id={node.id} /> },
  ];
  const [tab, setTab] = useTab(tabs.map(({ id }) => id));
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          node.kind === 'unit' && (
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => actions.rename(node)}>{t.rename}</Button>
              <Button onClick={() => actions.remove(node)}>{t.delete}</Button>
            </SpaceBetween>
          )
        }
      >
        <span className="long-words">{node.name}</span>
      </Header>
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={200}
          items={[
            { label: t.id, value: <CopyValue label={t.id} text={node.id} /> },
            ...(node.kind === 'unit' ? [{ label: t.path, value: <PathLinks id={node.id} /> }] : []),
            { label: t.arn, value: <CopyValue label={t.arn} text={node.arn} /> },
          ]}
        />
      </Container>
      <Tabs activeTabId={tab} onChange={({ detail }) => setTab(detail.activeTabId)} tabs={tabs} />
      {actions.dialog}
    </SpaceBetween>
  );
}
