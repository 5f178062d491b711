import { defineMessages } from '../../messages';

export const dashboardMessages = defineMessages(
  {
    summary: 'Settings summary',
    goToSettings: 'Go to settings',
    portalUrl: 'AWS access portal URL',
    portalText: 'Give it to your people, and have them bookmark it: it is where they sign in. You can open it in another browser to try.',
    region: 'Region',
    source: 'Identity source',
    sources: { IDENTITY_CENTER: 'Identity Center directory', ACTIVE_DIRECTORY: 'Active Directory', EXTERNAL_IDP: 'External identity provider' },
    arn: 'Instance ARN',
    id: 'Instance ID',
    storeId: 'Identity store ID',
    name: 'Instance name',
    unnamed: 'No name',
    owner: 'Owner account',
    steps: {
      title: 'Recommended setup steps',
      step: (n: number) => `Step ${n}`,
      source: {
        title: 'Choose your identity source',
        text: 'Users and groups are in the Identity Center directory unless you choose another. If yours are in Active Directory or an external identity provider, choose that first, before you create users, groups or assignments.',
        action: 'Confirm identity source',
      },
      mfa: {
        title: 'Have people sign in with MFA',
        text: 'Strongly recommended: a password alone can be stolen. An external identity provider asks for MFA itself.',
        action: 'Configure MFA',
      },
      users: {
        title: 'Add users and groups',
        text: 'Begin with the one who is to administer. A new user has no access to anything yet.',
        action: 'Add user',
      },
      sets: {
        title: 'Create an administrative permission set',
        text: 'Permission sets say what people may do in accounts. Give access, and the right to administer IAM Identity Center, only by permission sets.',
        action: 'Create permission set',
      },
      assign: {
        title: 'Assign access to AWS accounts',
        text: 'Choose accounts, then users or groups, then permission sets.',
        action: 'Manage access to accounts',
      },
      applications: {
        title: 'Add applications',
        text: 'This instance is this account’s only: its people get applications, and no access to AWS accounts.',
        action: 'Go to applications',
      },
      delegate: {
        title: 'Set up delegated administration',
        text: 'With several accounts, have a member account administer IAM Identity Center, so that few people need the management account.',
        action: 'Register account',
        done: (account: string) => `Account ${account} administers IAM Identity Center.`,
      },
    },
    about: {
      title: 'Good to know',
      mail: 'Invitations, codes and password resets come by e-mail. Have your mail system accept the senders no-reply@login.awsapps.com and no-reply@signin.aws.',
      region: 'IAM Identity Center keeps its data in its own Region and is administered there.',
    },
  },
  {
    summary: '設定概要',
    goToSettings: '設定に移動',
    portalUrl: 'AWS アクセスポータルの URL',
    portalText: 'ユーザーに伝え、ブックマークしてもらってください。ここからサインインします。別のブラウザで開いて試すこともできます。',
    region: 'リージョン',
    source: 'ID ソース',
    sources: { IDENTITY_CENTER: 'アイデンティティセンターディレクトリ', ACTIVE_DIRECTORY: 'Active Directory', EXTERNAL_IDP: '外部 ID プロバイダー' },
    arn: 'インスタンス ARN',
    id: 'インスタンス ID',
    storeId: 'アイデンティティストア ID',
    name: 'インスタンス名',
    unnamed: '名前なし',
    owner: '所有者アカウント',
    steps: {
      title: '推奨される設定手順',
      step: (n: number) => `ステップ ${n}`,
      source: {
        title: 'ID ソースを選択する',
        text: '別のソースを選ばない限り、ユーザーとグループはアイデンティティセンターディレクトリにあります。Active Directory や外部 ID プロバイダーで管理している場合は、ユーザー、グループ、割り当てを作成する前に、先にそれを選択してください。',
        action: 'ID ソースを確認',
      },
      mfa: {
        title: 'MFA でサインインする',
        text: '強く推奨します。パスワードだけでは盗まれるおそれがあります。外部 ID プロバイダーの場合は、プロバイダーが MFA を求めます。',
        action: 'MFA を設定',
      },
      users: {
        title: 'ユーザーとグループを追加する',
        text: 'まず管理者になるユーザーから始めてください。新しいユーザーは、まだ何にもアクセスできません。',
        action: 'ユーザーを追加',
      },
      sets: {
        title: '管理アクセス許可セットを作成する',
        text: '許可セットは、アカウントで何ができるかを決めます。アクセスも、IAM Identity Center を管理する権限も、許可セットだけで与えてください。',
        action: '許可セットを作成',
      },
      assign: {
        title: 'AWS アカウントへのアクセスを割り当てる',
        text: 'アカウントを選び、ユーザーまたはグループを選び、許可セットを選びます。',
        action: 'アカウントへのアクセスを管理',
      },
      applications: {
        title: 'アプリケーションを追加する',
        text: 'このインスタンスはこのアカウントだけのものです。ユーザーが使えるのはアプリケーションで、AWS アカウントにはアクセスできません。',
        action: 'アプリケーションに移動',
      },
      delegate: {
        title: '委任管理を設定する',
        text: 'アカウントが複数あるときは、メンバーアカウントで IAM Identity Center を管理すると、管理アカウントへのアクセスが必要な人を減らせます。',
        action: 'アカウントを登録',
        done: (account: string) => `アカウント ${account} が IAM Identity Center を管理しています。`,
      },
    },
    about: {
      title: '知っておくこと',
      mail: '招待、コード、パスワードのリセットは E メールで届きます。送信元 no-reply@login.awsapps.com と no-reply@signin.aws を受け入れるようにメールシステムを設定してください。',
      region: 'IAM Identity Center のデータはそのリージョンに保存され、そのリージョンで管理します。',
    },
  },
);
