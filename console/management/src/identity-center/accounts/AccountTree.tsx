import type { Account } from '@aws-sdk/client-organizations';
import Checkbox from '@cloudscape-design/components/checkbox';
import Icon from '@cloudscape-design/components/icon';
import { useMessages } from '../../messages';
import { AccountTreeTable } from '../../ui/accountTree/AccountTreeTable';
import { rootNode } from '../../ui/accountTree/nodes';
import { useRoot } from '../../ui/accountTree/useRoot';
import { useTree } from '../../ui/accountTree/useTree';
import { FailureAlert } from '../../ui/FailureAlert';
import { accessMessages } from '../accessMessages';
import { AccountName, AccountState } from './AccountCells';
import { accountMessages } from './messages';

/** The organization with a check box by each account; units open when asked, and show more when asked (G-40). */
export function AccountTree({ owner, selected, onToggle }: { owner: string; selected: ReadonlyMap<string, Account>; onToggle: (account: Account) => void }) {
  const t = useMessages(accountMessages);
  const words = useMessages(accessMessages);
  const { data, error, refetch } = useRoot();
  const root = data && rootNode(data);
  const tree = useTree(root);
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <AccountTreeTable
      root={root}
      tree={tree}
      label={t.organization}
      words={{ loading: t.loading, expand: t.expand, collapse: t.collapse, more: words.loadMore, empty: t.empty, failed: () => t.failed, again: t.retry }}
      columns={[
        {
          id: 'name',
          header: t.organization,
          isRowHeader: true,
          minWidth: 280,
          cell: ({ id, name, kind, account }) =>
            account ? (
              <div style={{ display: 'flex', gap: 8 }}>
                <Checkbox ariaLabel={t.select(name || id)} checked={selected.has(id)} onChange={() => onToggle(account)} />
                <span>
                  <AccountName account={account} management={id === owner} />
                </span>
              </div>
            ) : (
              <>
                <Icon name="folder" ariaLabel={kind === 'root' ? t.root : t.unit} /> <span className="long-words">{name}</span>
              </>
            ),
        },
        { id: 'id', header: t.id, minWidth: 140, cell: ({ id }) => id },
        { id: 'email', header: t.email, minWidth: 180, cell: ({ account }) => account && <span className="long-words">{account.Email}</span> },
        { id: 'status', header: t.status, minWidth: 130, cell: ({ account }) => account && <AccountState account={account} /> },
      ]}
    />
  );
}
