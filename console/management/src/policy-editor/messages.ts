import { defineMessages } from '../messages';

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
  /** Of an operator that has no words of its own. */
  condition: (key: string, operator: string, values: string) => string;
  onlyIf: (compared: string) => string;
  /** Of an operator that ends with IfExists. */
  ifExists: (compared: string) => string;
  /** A key compared with values, by the operator in lower case. */
  operators: Readonly<Record<string, (key: string, values: string) => string>>;
  /** Conditions that have words of their own, by key=value in lower case. */
  conditions: Readonly<Record<string, string>>;
  list: (items: string[], more: number) => string;
  /** A list of which one is enough. */
  either: (items: string[], more: number) => string;
}

const en: ExplainMessages = {
  sentence: (effect, who, what, where) => {
    const on = where && ` on ${where}`;
    if (effect === '') return `Does nothing yet: its Effect must be Allow or Deny. It is about ${what}${on}.`;
    const verb = effect === 'Allow' ? 'Allows' : 'Denies';
    return who ? `${verb} ${what}${on} to ${who}.` : `${verb} ${what}${on}.`;
  },
  nothing: 'no action',
  everyAction: 'every action',
  everyActionBut: (named) => `every action except ${named}`,
  everythingOf: (service) => `everything in ${service}`,
  beginningWith: (service, prefix) => `everything in ${service} that begins with ${prefix}`,
  everyResource: 'every resource',
  everyResourceBut: (named) => `every resource except ${named}`,
  everybody: 'everybody, also outside of the account',
  everybodyBut: (named) => `everybody except ${named}`,
  account: (id) => `those whom account ${id} lets`,
  service: (name) => `the service ${name}`,
  condition: (key, operator, values) => `Only if ${key} is as ${operator} asks: ${values}.`,
  onlyIf: (compared) => `Only if ${compared}.`,
  ifExists: (compared) => `Only if ${compared}, or the call does not tell it.`,
  operators: {
    stringequals: (key, values) => `${key} is ${values}`,
    stringnotequals: (key, values) => `${key} is not ${values}`,
    stringequalsignorecase: (key, values) => `${key} is ${values}, in capitals or not`,
    stringlike: (key, values) => `${key} is like ${values}`,
    stringnotlike: (key, values) => `${key} is not like ${values}`,
    bool: (key, values) => `${key} is ${values}`,
    ipaddress: (key, values) => `${key} is in ${values}`,
    notipaddress: (key, values) => `${key} is not in ${values}`,
    arnequals: (key, values) => `${key} is like ${values}`,
    arnlike: (key, values) => `${key} is like ${values}`,
    arnnotequals: (key, values) => `${key} is not like ${values}`,
    arnnotlike: (key, values) => `${key} is not like ${values}`,
    datelessthan: (key, values) => `${key} is before ${values}`,
    dategreaterthan: (key, values) => `${key} is after ${values}`,
    numericequals: (key, values) => `${key} is ${values}`,
    numericlessthan: (key, values) => `${key} is less than ${values}`,
    numericgreaterthan: (key, values) => `${key} is more than ${values}`,
  },
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
  either: (items, more) => {
    const all = more > 0 ? [...items, `${more} more`] : items;
    return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
  },
};

/** Latin words stand a space apart from the particle that follows them. */
const apart = (text: string) => (/[!-~]$/.test(text) ? `${text} ` : text);

const ja: ExplainMessages = {
  sentence: (effect, who, what, where) => {
    const on = where && `${apart(where)}に対して、`;
    if (effect === '') return `まだ何もしません。Effect は Allow か Deny でなければなりません（${on}${what}）。`;
    const verb = effect === 'Allow' ? '許可します' : '拒否します';
    return who ? `${apart(who)}に、${on}${apart(what)}を${verb}。` : `${on}${apart(what)}を${verb}。`;
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
  service: (name) => `サービス ${name}`,
  condition: (key, operator, values) => `条件: ${key} が ${operator} の求めるとおりのとき（${values}）。`,
  onlyIf: (compared) => `条件: ${compared}とき。`,
  ifExists: (compared) => `条件: ${compared}とき、または呼び出しに値がないとき。`,
  operators: {
    stringequals: (key, values) => `${key} が ${values} である`,
    stringnotequals: (key, values) => `${key} が ${values} ではない`,
    stringequalsignorecase: (key, values) => `${key} が (大文字と小文字を問わず) ${values} である`,
    stringlike: (key, values) => `${key} が ${values} に当てはまる`,
    stringnotlike: (key, values) => `${key} が ${values} に当てはまらない`,
    bool: (key, values) => `${key} が ${values} である`,
    ipaddress: (key, values) => `${key} が ${values} に含まれる`,
    notipaddress: (key, values) => `${key} が ${values} に含まれない`,
    arnequals: (key, values) => `${key} が ${values} に当てはまる`,
    arnlike: (key, values) => `${key} が ${values} に当てはまる`,
    arnnotequals: (key, values) => `${key} が ${values} に当てはまらない`,
    arnnotlike: (key, values) => `${key} が ${values} に当てはまらない`,
    datelessthan: (key, values) => `${key} が ${values} より前である`,
    dategreaterthan: (key, values) => `${key} が ${values} より後である`,
    numericequals: (key, values) => `${key} が ${values} である`,
    numericlessthan: (key, values) => `${key} が ${values} より小さい`,
    numericgreaterthan: (key, values) => `${key} が ${values} より大きい`,
  },
  conditions: {
    'aws:multifactorauthpresent=true': '条件: MFA を使ってサインインしたとき。',
    'aws:multifactorauthpresent=false': '条件: MFA を使わずにサインインしたとき。',
    'aws:securetransport=true': '条件: 暗号化された接続のとき。',
    'aws:securetransport=false': '条件: 暗号化されていない接続のとき。',
  },
  list: (items, more) => items.join('、') + (more > 0 ? ` ほか ${more} 件` : ''),
  either: (items, more) => items.join(' または ') + (more > 0 ? ` ほか ${more} 件` : ''),
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
