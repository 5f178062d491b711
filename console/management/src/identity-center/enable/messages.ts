import { defineMessages } from '../../messages';

export const enableMessages = defineMessages(
  {
    lead: 'Create people once, or bring them from where they are, and decide which accounts and applications of your organization they enter from one portal.',
    title: 'Enable IAM Identity Center',
    enable: 'Enable',
    region: 'Region',
    regionText: 'People, groups and assignments are kept in this Region. It cannot be changed later without deleting the instance; choose another in the navigation bar first if you need to.',
    rootMfa: {
      title: 'Set up MFA for the root user before you continue',
      text: 'The root user of this account has no MFA. Who gets hold of its password would get hold of everything that IAM Identity Center gives access to.',
      action: 'Set up MFA',
    },
    kind: 'How to use it',
    organization: 'With AWS Organizations (recommended)',
    organizationText: 'One instance for all accounts of the organization: people get access to accounts by permission sets, and to applications.',
    account: 'An instance of this account only',
    accountText: 'People and groups for the applications of this account. It gives no access to AWS accounts.',
    create: {
      title: 'Create an AWS organization?',
      text: 'IAM Identity Center needs AWS Organizations. This account becomes the management account of a new organization with all features, and IAM Identity Center is enabled in it.',
      mail: 'A verification e-mail is then sent to the address of this account. It may take a while to arrive. Verify the address within 24 hours.',
      submit: 'Create AWS organization',
    },
    member: {
      title: 'IAM Identity Center is enabled in the management account',
      text: (account: string) =>
        `This account is a member of an organization. Only someone signed in to the management account ${account} can enable IAM Identity Center for the organization; with credentials of a member account it cannot be done.`,
      own: 'What you can enable here is an instance of this account only.',
    },
    shared: {
      title: (account: string) => `IAM Identity Center is managed in the account ${account}`,
      text: 'This account uses the instance of its organization. People, groups, permission sets and who may enter which account are managed in that account or in the delegated administrator that it has chosen. Ask an administrator there for what you need.',
      facts: 'The organization’s instance',
      applications: {
        title: 'Applications of this account',
        text: 'This account may add applications of its own to the organization’s instance, and decide who uses them.',
        action: 'Go to applications',
      },
      own: {
        title: 'An instance of this account only',
        text: 'People and groups of this account’s own, for its applications. It gives no access to AWS accounts. The organization may not allow it.',
        action: 'Enable an account instance',
      },
    },
    features: {
      title: 'The organization does not have all features',
      text: 'IAM Identity Center needs an organization with all features; this one has consolidated billing only. Enable all features first. Accounts that were invited must accept it.',
      action: 'Open the settings of AWS Organizations',
    },
    done: 'IAM Identity Center is enabled.',
    doneWithOrganization: 'The organization was created and IAM Identity Center is enabled. Verify the address of this account within 24 hours, by the e-mail that was sent to it.',
    sourceTitle: 'Are your users in Active Directory or an external identity provider?',
    sourceText: 'Then choose the identity source right after enabling, before you create users, groups or assignments. Changing it later may delete all assignments.',
  },
  {
    lead: 'ユーザーを一度作成する (または既存の場所から連携する) だけで、組織のどのアカウントやアプリケーションに 1 つのポータルから入れるかを管理できます。',
    title: 'IAM Identity Center を有効にする',
    enable: '有効化',
    region: 'リージョン',
    regionText: 'ユーザー、グループ、割り当てはこのリージョンに保存されます。後から変更するにはインスタンスの削除が必要です。別のリージョンにする場合は、先にナビゲーションバーで選択してください。',
    rootMfa: {
      title: '続ける前に、ルートユーザーの MFA を設定してください',
      text: 'このアカウントのルートユーザーには MFA がありません。パスワードを手に入れた人は、IAM Identity Center がアクセスを与えるものすべてを手に入れてしまいます。',
      action: 'MFA を設定',
    },
    kind: '使い方',
    organization: 'AWS Organizations で有効にする (推奨)',
    organizationText: '組織のすべてのアカウントに 1 つのインスタンスです。許可セットでアカウントへのアクセスを与え、アプリケーションへのアクセスも管理できます。',
    account: 'このアカウントだけのインスタンス',
    accountText: 'このアカウントのアプリケーションのためのユーザーとグループです。AWS アカウントへのアクセスは与えません。',
    create: {
      title: 'AWS 組織を作成しますか?',
      text: 'IAM Identity Center には AWS Organizations が必要です。このアカウントが、すべての機能を備えた新しい組織の管理アカウントになり、そこで IAM Identity Center が有効になります。',
      mail: 'その後、このアカウントのアドレスに検証 E メールが送信されます。届くまで時間がかかることがあります。24 時間以内にアドレスを検証してください。',
      submit: 'AWS 組織の作成',
    },
    member: {
      title: 'IAM Identity Center は管理アカウントで有効にします',
      text: (account: string) =>
        `このアカウントは組織のメンバーです。組織で IAM Identity Center を有効にできるのは、管理アカウント ${account} にサインインした人だけです。メンバーアカウントの認証情報では有効にできません。`,
      own: 'ここで有効にできるのは、このアカウントだけのインスタンスです。',
    },
    shared: {
      title: (account: string) => `IAM Identity Center はアカウント ${account} で管理されています`,
      text: 'このアカウントは、組織のインスタンスを利用しています。ユーザー、グループ、許可セット、アカウントへのアクセスは、そのアカウント、またはそこで選ばれた委任された管理者のアカウントで管理します。必要なことは、そこの管理者に依頼してください。',
      facts: '組織のインスタンス',
      applications: {
        title: 'このアカウントのアプリケーション',
        text: 'このアカウントは、組織のインスタンスに自分のアプリケーションを追加し、だれが使えるかを決めることができます。',
        action: 'アプリケーションに移動',
      },
      own: {
        title: 'このアカウントだけのインスタンス',
        text: 'このアカウントのアプリケーションのための、このアカウントだけのユーザーとグループです。AWS アカウントへのアクセスは与えません。組織で許可されていないことがあります。',
        action: 'アカウントインスタンスを有効化',
      },
    },
    features: {
      title: '組織ですべての機能が有効になっていません',
      text: 'IAM Identity Center には、すべての機能が有効な組織が必要です。この組織は一括請求のみです。先にすべての機能を有効にしてください。招待されたアカウントの承諾が必要です。',
      action: 'AWS Organizations の設定を開く',
    },
    done: 'IAM Identity Center が有効になりました。',
    doneWithOrganization: '組織が作成され、IAM Identity Center が有効になりました。送信された E メールで、24 時間以内にこのアカウントのアドレスを検証してください。',
    sourceTitle: 'ユーザーは Active Directory または外部 ID プロバイダーにいますか?',
    sourceText: 'その場合は、有効にした直後、ユーザー、グループ、割り当てを作成する前に ID ソースを選択してください。後から変更すると、すべての割り当てが削除されることがあります。',
  },
);
