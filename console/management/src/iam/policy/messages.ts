import { defineMessages } from '../../messages';

/** The words of an explanation. Pieces are put into one sentence; '' leaves a piece out. */
export interface ExplainMessages {
  sentence: (effect: 'Allow' | 'Deny' | '', who: string, what: string, where: string) => string;
  nothing: string;
  everyAction: string;
  everyActionBut: (named: string) => string;
  everythingOf: (service: string) => string;
  beginningWith: (service: string, prefix: string) => string;
  everyResource: string;
  everyResourceBut: (named: string) => string;
  everybody: string;
  everybodyBut: (named: string) => string;
  account: (id: string) => string;
  service: (name: string) => string;
  condition: (key: string, operator: string, values: string) => string;
  /** Conditions that have words of their own, by key=value in lower case. */
  conditions: Readonly<Record<string, string>>;
  list: (items: string[], more: number) => string;
}

const en: ExplainMessages = {
  sentence: (effect, who, what, where) => {
    const on = where && ` on ${where}`;
    if (effect === '') return `Does nothing yet: its Effect must be Allow or Deny. It is about ${what}${on}.`;
    const verb = effect === 'Allow' ? 'Allows' : 'Denies';
    return who ? `${verb} ${who} ${what}${on}.` : `${verb} ${what}${on}.`;
  },
  nothing: 'no action',
  everyAction: 'every action',
  everyActionBut: (named) => `every action except ${named}`,
  everythingOf: (service) => `everything in ${service}`,
  beginningWith: (service, prefix) => `everything in ${service} that begins with ${prefix}`,
  everyResource: 'every resource',
  everyResourceBut: (named) => `every resource except ${named}`,
  everybody: 'everybody, also outside of the account,',
  everybodyBut: (named) => `everybody except ${named}`,
  account: (id) => `whom account ${id} lets,`,
  service: (name) => `the service ${name}`,
  condition: (key, operator, values) => `Only if ${key} is as ${operator} asks: ${values}.`,
  conditions: {
    'aws:multifactorauthpresent=true': 'Only if the person signed in with MFA.',
    'aws:multifactorauthpresent=false': 'Only if the person signed in without MFA.',
    'aws:securetransport=true': 'Only over an encrypted connection.',
    'aws:securetransport=false': 'Only over a connection that is not encrypted.',
  },
  list: (items, more) => {
    const all = more > 0 ? [...items, `${more} more`] : items;
    return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
  },
};

const ja: ExplainMessages = {
  sentence: (effect, who, what, where) => {
    const on = where && `${where}に対して、`;
    if (effect === '') return `まだ何もしません。Effect は Allow か Deny でなければなりません（${on}${what}）。`;
    const verb = effect === 'Allow' ? '許可します' : '拒否します';
    return who ? `${who}に、${on}${what}を${verb}。` : `${on}${what}を${verb}。`;
  },
  nothing: '（アクションなし）',
  everyAction: 'すべてのアクション',
  everyActionBut: (named) => `${named} 以外のすべてのアクション`,
  everythingOf: (service) => `${service} のすべて`,
  beginningWith: (service, prefix) => `${service} の ${prefix} で始まるすべて`,
  everyResource: 'すべてのリソース',
  everyResourceBut: (named) => `${named} 以外のすべてのリソース`,
  everybody: 'すべての人（アカウントの外も含む）',
  everybodyBut: (named) => `${named} 以外のすべての人`,
  account: (id) => `アカウント ${id} が認める人`,
  service: (name) => `サービス ${name} `,
  condition: (key, operator, values) => `条件: ${key} が ${operator} の求めるとおりのとき（${values}）。`,
  conditions: {
    'aws:multifactorauthpresent=true': '条件: MFA を使ってサインインしたとき。',
    'aws:multifactorauthpresent=false': '条件: MFA を使わずにサインインしたとき。',
    'aws:securetransport=true': '条件: 暗号化された接続のとき。',
    'aws:securetransport=false': '条件: 暗号化されていない接続のとき。',
  },
  list: (items, more) => items.join('、') + (more > 0 ? ` ほか ${more} 件` : ''),
};

export const explainMessages = defineMessages(en, ja);

export const editorMessages = defineMessages(
  {
    inWords: 'In plain words',
    unreadable: 'This is no policy document yet: it must be a JSON object with a Statement.',
    checking: 'Checking the policy',
    nothingFound: 'No problems found.',
    found: (n: number) => (n === 1 ? '1 problem found.' : `${n} problems found.`),
    findings: 'Problems of the policy',
    line: (n: number) => `Line ${n}`,
    tooLong: (n: number) => `A policy document has at most ${n} characters.`,
    mayNotValidate: 'You may not ask for a check (access-analyzer:ValidatePolicy). Mistakes are told when you save.',
    notValidated: 'The policy could not be checked just now. Mistakes are told when you save.',
    severity: { error: 'Error', security: 'Security', warning: 'Warning', suggestion: 'Suggestion' },
  },
  {
    inWords: '言葉で言うと',
    unreadable: 'まだポリシードキュメントではありません。Statement を持つ JSON オブジェクトが必要です。',
    checking: 'ポリシーを確認しています',
    nothingFound: '問題は見つかりませんでした。',
    found: (n: number) => `${n} 件の問題が見つかりました。`,
    findings: 'ポリシーの問題',
    line: (n: number) => `${n} 行目`,
    tooLong: (n: number) => `ポリシードキュメントは最大 ${n} 文字です。`,
    mayNotValidate: '確認を求める権限 (access-analyzer:ValidatePolicy) がありません。誤りは保存するときにわかります。',
    notValidated: '今はポリシーを確認できませんでした。誤りは保存するときにわかります。',
    severity: { error: 'エラー', security: 'セキュリティ', warning: '警告', suggestion: '提案' },
  },
);
