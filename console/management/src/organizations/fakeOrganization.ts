/** An organization for tests: as small a server as the pages notice no difference. */
import { refuse, type Operations } from '../testing/services';

export const MANAGEMENT = '111122223333';

export const organization = {
  Id: 'o-example123',
  Arn: `arn:aws:organizations::${MANAGEMENT}:organization/o-example123`,
  FeatureSet: 'ALL',
  MasterAccountId: MANAGEMENT,
  MasterAccountArn: `arn:aws:organizations::${MANAGEMENT}:account/o-example123/${MANAGEMENT}`,
  MasterAccountEmail: 'root@example.com',
};

export interface FakeAccount {
  Id: string;
  Name: string;
  Email: string;
  parent: string;
}

export interface Fake {
  accounts: FakeAccount[];
  units: { Id: string; Name: string; parent: string }[];
  operations: Operations;
  /** Our own SearchAccounts, by name. */
  search: Operations[string];
}

const PAGE = 20;

/** The items from a token, which is the index of the first, and the next token. */
function page<T>(items: readonly T[], token: string | undefined): { items: T[]; NextToken?: string } {
  const from = Number(token ?? 0);
  const until = from + PAGE;
  return { items: items.slice(from, until), ...(until < items.length && { NextToken: String(until) }) };
}

/** A root with the management account, the unit Production with `members` accounts, and in it the empty unit Europe. */
export function fakeOrganization(members = 3): Fake {
  const accounts: FakeAccount[] = [
    { Id: MANAGEMENT, Name: 'Example Corp', Email: 'root@example.com', parent: 'r-ex01' },
    ...Array.from({ length: members }, (_, i) => ({
      Id: String(200_000_000_000 + i), Name: `member-${i}`, Email: `member-${i}@example.com`, parent: 'ou-ex01-prod0001',
    })),
  ];
  const units = [
    { Id: 'ou-ex01-prod0001', Name: 'Production', parent: 'r-ex01' },
    { Id: 'ou-ex01-euro0001', Name: 'Europe', parent: 'ou-ex01-prod0001' },
  ];
  const shown = ({ Id, Name, Email }: FakeAccount) => ({
    Id, Name, Email, Arn: `arn:aws:organizations::${MANAGEMENT}:account/o-example123/${Id}`, State: 'ACTIVE', JoinedMethod: 'CREATED', JoinedTimestamp: 1_767_225_600,
  });
  const operations: Operations = {
    DescribeOrganization: () => ({ Organization: organization }),
    ListRoots: () => ({ Roots: [{ Id: 'r-ex01', Name: 'Root', Arn: 'arn:aws:organizations::1:root/o-example123/r-ex01', PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] }] }),
    ListOrganizationalUnitsForParent: ({ ParentId, NextToken }) => {
      const { items, ...rest } = page(units.filter(({ parent }) => parent === ParentId), NextToken);
      return { OrganizationalUnits: items.map(({ Id, Name }) => ({ Id, Name })), ...rest };
    },
    ListAccountsForParent: ({ ParentId, NextToken }) => {
      const { items, ...rest } = page(accounts.filter(({ parent }) => parent === ParentId), NextToken);
      return { Accounts: items.map(shown), ...rest };
    },
    ListAccounts: ({ NextToken }) => {
      const { items, ...rest } = page(accounts, NextToken);
      return { Accounts: items.map(shown), ...rest };
    },
    DescribeAccount: ({ AccountId }) => {
      const account = accounts.find(({ Id }) => Id === AccountId);
      return account ? { Account: shown(account) } : refuse('AccountNotFoundException', 'You specified an account that doesn\'t exist.');
    },
    DescribeOrganizationalUnit: ({ OrganizationalUnitId }) => ({ OrganizationalUnit: units.find(({ Id }) => Id === OrganizationalUnitId) }),
    ListParents: ({ ChildId }) => ({ Parents: [{ Id: [...accounts, ...units].find(({ Id }) => Id === ChildId)?.parent }] }),
    MoveAccount: ({ AccountId, DestinationParentId }) => {
      accounts.find(({ Id }) => Id === AccountId)!.parent = DestinationParentId;
      return {};
    },
    ListPoliciesForTarget: () => ({ Policies: [] }),
    ListTagsForResource: () => ({ Tags: [] }),
    ListHandshakesForOrganization: () => ({ Handshakes: [] }),
    ListHandshakesForAccount: () => ({ Handshakes: [] }),
    ListCreateAccountStatus: () => ({ CreateAccountStatuses: [] }),
  };
  const search: Fake['search'] = ({ Words }) => ({ Accounts: accounts.filter(({ Name }) => Name.includes(Words)).map((account) => ({ ...shown(account), JoinedTimestamp: '2026-01-01T00:00:00Z' })) });
  return { accounts, units, operations, search };
}
