/**
 * The organisation of the tests: the demo's, and people who have nothing, too
 * much, or unusual names. Written as JSON, which is YAML.
 */

export interface Person {
  username: string;
  password: string;
  email: string;
}

export const jane: Person = { username: 'jane', password: 'Checkpoint-Gate-53', email: 'jane@example.com' };
export const taro: Person = { username: 'taro', password: 'Hakone-Toge-53', email: 'taro@example.com' };
/** Has a one-time password. */
export const erika: Person = { username: 'erika', password: 'One-Time-Only-53', email: 'erika@example.com' };
/** Is assigned to nothing. */
export const hana: Person = { username: 'hana', password: 'Empty-Handed-53', email: 'hana@example.com' };
/** Is assigned to hundreds of accounts. */
export const many: Person = { username: 'many', password: 'Crowded-Gate-53', email: 'many@example.com' };
/** Has the longest name that there can be, and is assigned to accounts with long names. */
export const long: Person = {
  username: `long.${'n'.repeat(58)}@${'sub.'.repeat(13)}example.com`,
  password: 'Endless-Road-53',
  email: `${'l'.repeat(50)}@example.com`,
};

/** The root user of the management account. */
export const root: Person = { username: 'root@example.com', password: 'Root-Checkpoint-53', email: 'root@example.com' };
/** An IAM user of that account who may do everything. */
export const keiko: Person = { username: 'keiko', password: 'Iam-Checkpoint-53', email: 'keiko@example.com' };
/** An IAM user of that account who may do nothing. */
export const kenji: Person = { username: 'kenji', password: 'Iam-Barrier-53', email: 'kenji@example.com' };
/** The root user of a member account, which nobody else needs. */
export const sandbox: Person = { username: 'sandbox@example.com', password: 'Sand-Checkpoint-53', email: 'sandbox@example.com' };
/** An IAM user of that account who may do nothing. */
export const mika: Person = { username: 'mika', password: 'Iam-Dune-53', email: 'mika@example.com' };
export const sandboxAccount = '222233334444';
export const rootAccount = '111122223333';

export const subdomain = 'example';
export const directoryId = 'd-1234567890';
export const region = 'us-east-1';
export const organizationName = 'Example Corp';
export const manyAccounts = 300;
export const longAccount = 'WonderfullyElaborateDepartmentOfUnbrokenNames';
export const wordyAccount = "Research & Development (next-gen 'platform')";
export const longRole = 'Exceedingly-Long-Permission-Set1';

const policy = (name: string) => [`arn:aws:iam::aws:policy/${name}`];

const crowd = Array.from({ length: manyAccounts }, (_, i) => ({
  id: String(900_000_000_000 + i),
  name: `Team ${String(i).padStart(3, '0')}`,
  email: `team-${i}@example.com`,
  ou: 'Teams',
}));

const organisation = {
  organization: {
    management_account: { id: '111122223333', name: organizationName, email: root.email, password: root.password, alias: 'example' },
    accounts: [
      { id: '444455556666', name: 'Production', email: 'prod@example.com', ou: 'Workloads/Prod' },
      { id: '777788889999', name: 'Staging', email: 'staging@example.com', ou: 'Workloads/Test' },
      { id: '222233334444', name: 'Sandbox', email: sandbox.email, password: sandbox.password, ou: 'Sandbox' },
      { id: '333344445555', name: longAccount, email: `${'a'.repeat(40)}@example.com`, ou: 'Sandbox' },
      { id: '333344446666', name: wordyAccount, email: 'dev@example.com', ou: 'Sandbox' },
      ...crowd,
    ],
  },
  identity_center: {
    region,
    subdomain,
    directory_id: directoryId,
    session_duration: 'PT8H',
    users: [
      { ...jane, given_name: 'Jane', family_name: 'Doe' },
      { ...taro, given_name: '太郎', family_name: '山田', display_name: '山田 太郎', locale: 'ja' },
      { ...erika, given_name: 'Erika', family_name: 'Mustermann', password_reset_required: true },
      { ...hana, given_name: '花', family_name: '鈴木', display_name: '鈴木 花' },
      { ...many, given_name: 'Many', family_name: 'Accounts' },
      { ...long, given_name: 'Wolfeschlegelsteinhausen', family_name: 'Bergerdorffwelchevoralternwaren' },
    ],
    groups: [
      { name: 'Admins', members: [jane.username] },
      { name: 'Developers', members: [jane.username, taro.username] },
    ],
    permission_sets: [
      { name: 'AdministratorAccess', description: 'Full access', managed_policies: policy('AdministratorAccess') },
      { name: 'PowerUserAccess', session_duration: 'PT4H', managed_policies: policy('PowerUserAccess') },
      { name: 'ReadOnly', managed_policies: policy('job-function/ViewOnlyAccess') },
      { name: longRole, managed_policies: policy('ReadOnlyAccess') },
    ],
    assignments: [
      { account: organizationName, permission_set: 'AdministratorAccess', groups: ['Admins'] },
      { account: 'Production', permission_set: 'AdministratorAccess', groups: ['Admins'] },
      { account: 'Production', permission_set: 'ReadOnly', groups: ['Developers'] },
      { account: 'Staging', permission_set: 'PowerUserAccess', groups: ['Developers'] },
      { account: 'Sandbox', permission_set: 'PowerUserAccess', groups: ['Developers'] },
      { account: 'Sandbox', permission_set: 'AdministratorAccess', users: [taro.username] },
      { account: longAccount, permission_set: longRole, users: [long.username] },
      { account: wordyAccount, permission_set: longRole, users: [long.username] },
      ...crowd.map((account) => ({ account: account.name, permission_set: 'ReadOnly', users: [many.username] })),
    ],
  },
  iam: [
    {
      account: organizationName,
      users: [
        { name: keiko.username, password: keiko.password, policies: policy('AdministratorAccess') },
        { name: kenji.username, password: kenji.password },
      ],
    },
    { account: 'Sandbox', users: [{ name: mika.username, password: mika.password }] },
  ],
};

export const organisationFile = JSON.stringify(organisation, null, 1);
