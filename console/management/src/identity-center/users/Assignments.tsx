import { ListAccountAssignmentsForPrincipalCommand, type PrincipalType } from '@aws-sdk/client-sso-admin';
import { DescribeAccountCommand, type OrganizationsClient } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import { useQueryClient } from '@tanstack/react-query';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { groupedAccountId } from '../../session';
import { PagedTable } from '../../ui/PagedTable';
import { usePaged } from '../../ui/usePaged';
import { setHref, useSetNames } from '../access/permissionSets';
import { mapPool } from '../access/pool';
import { usePrincipalNames } from '../access/principals';
import type { Instance } from '../enable/WithInstance';
import { groupHref } from '../groups/useGroups';
import { peopleMessages } from '../peopleMessages';

/** A page's names are asked for one by one. */
const PAGE = 20;
/** How long an account's name is taken for known, in milliseconds. */
const FRESH = 300_000;

interface Assignment {
  account: string;
  accountName: string;
  set: string;
  setName: string;
  /** The group by which a person has it; undefined where it was given directly. */
  group: { id: string; name: string } | undefined;
}

/** Which accounts a person or group enters, and with which permission set; of a person also by groups. */
export function Assignments({ instance, type, principal }: { instance: Instance; type: PrincipalType; principal: string }) {
  const t = useMessages(peopleMessages).assignments;
  const { ssoAdmin, organizations } = useClients();
  const queries = useQueryClient();
  const setName = useSetNames(instance);
  const named = usePrincipalNames(instance);
  const list = usePaged<Assignment>(['singlesignon', 'assignments', instance.arn, principal], async (token, signal) => {
    const { AccountAssignments = [], NextToken } = await (await ssoAdmin()).send(
      new ListAccountAssignmentsForPrincipalCommand({ InstanceArn: instance.arn, PrincipalId: principal, PrincipalType: type, MaxResults: PAGE, NextToken: token }),
      { abortSignal: signal },
    );
    const client = await organizations();
    const accountName = (id: string) => queries.fetchQuery({ queryKey: ['singlesignon', 'account-name', id], staleTime: FRESH, retry: false, queryFn: () => nameOf(client, id) });
    const items = await mapPool(AccountAssignments, async ({ AccountId = '', PermissionSetArn = '', PrincipalId = '', PrincipalType }) => ({
      account: AccountId,
      accountName: await accountName(AccountId),
      set: PermissionSetArn,
      setName: await setName(PermissionSetArn),
      group: type === 'USER' && PrincipalType === 'GROUP' ? { id: PrincipalId, name: (await named('GROUP', PrincipalId)).name } : undefined,
    }));
    return { items, marker: NextToken };
  });
  return (
    <PagedTable<Assignment>
      variant="container"
      list={list}
      title={t.title}
      description={t.text}
      trackBy={({ account, set, group }) => [account, set, group?.id ?? ''].join()}
      empty={t.none}
      actions={<Button href="/singlesignon/accounts">{t.assign}</Button>}
      columns={[
        {
          id: 'account',
          header: t.account,
          isRowHeader: true,
          cell: ({ account, accountName }) => (
            <>
              <Link href={`/singlesignon/accounts/${account}`}>
                <span className="long-words">{accountName || groupedAccountId(account)}</span>
              </Link>
              {accountName && <div>{groupedAccountId(account)}</div>}
            </>
          ),
        },
        { id: 'set', header: t.set, cell: ({ set, setName: name }) => <Link href={setHref(set)}>{name}</Link> },
        ...(type === 'USER'
          ? [{ id: 'through', header: t.through, cell: ({ group }: Assignment) => (group ? <Link href={groupHref(group.id)}>{group.name}</Link> : t.direct) }]
          : []),
      ]}
    />
  );
}

/** '' where the person may not read it, or the account is in no organization: the number then stands alone. */
async function nameOf(client: OrganizationsClient, AccountId: string): Promise<string> {
  try {
    return (await client.send(new DescribeAccountCommand({ AccountId }))).Account?.Name ?? '';
  } catch {
    return '';
  }
}
