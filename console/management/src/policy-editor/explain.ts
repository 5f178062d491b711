/** A statement in plain words, in the page's language. */
import type { Condition, Principal, Statement } from './statements';
import { statements } from './statements';
import type { ExplainMessages } from './messages';

export interface Explanation {
  sid: string;
  effect: Statement['effect'];
  /** One sentence on what it allows or denies, then one for each condition. */
  sentences: string[];
}

/** The most items of a list that are named; the rest are counted. */
const NAMED = 4;

/** Explains each statement of a document; undefined while the document cannot be read. */
export function explain(document: string, words: ExplainMessages): Explanation[] | undefined {
  return statements(document)?.map((s) => ({
    sid: s.sid,
    effect: s.effect,
    sentences: [
      words.sentence(s.effect, who(s, words), what(s, words), where(s, words)),
      ...s.conditions.map((c) => condition(c, words)),
    ],
  }));
}

function what(s: Statement, words: ExplainMessages): string {
  if (s.actions.length === 0) return words.nothing;
  if (!s.notActions && s.actions.includes('*')) return words.everyAction;
  const named = enumerate(s.actions.map((a) => action(a, words)), words);
  return s.notActions ? words.everyActionBut(named) : named;
}

/** iam:Get* is all that begins with Get; iam:* is everything of the service. */
function action(pattern: string, words: ExplainMessages): string {
  const at = pattern.indexOf(':');
  if (at < 0) return pattern;
  const service = pattern.slice(0, at);
  const name = pattern.slice(at + 1);
  if (name === '*') return words.everythingOf(service);
  if (/^[^*?]+\*$/.test(name)) return words.beginningWith(service, name.slice(0, -1));
  return pattern;
}

function where(s: Statement, words: ExplainMessages): string {
  if (s.resources.length === 0) return '';
  if (!s.notResources && s.resources.includes('*')) return words.everyResource;
  const named = enumerate(s.resources, words);
  return s.notResources ? words.everyResourceBut(named) : named;
}

function who(s: Statement, words: ExplainMessages): string {
  if (s.principals.length === 0) return '';
  const named = enumerate(s.principals.map((p) => principal(p, words)), words);
  return s.notPrincipals ? words.everybodyBut(named) : named;
}

function principal(p: Principal, words: ExplainMessages): string {
  if (p.id === '*' && (p.type === '*' || p.type === 'AWS')) return words.everybody;
  const root = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/.exec(p.id);
  if (p.type === 'AWS' && root) return words.account(root[1]!);
  return p.type === 'Service' ? words.service(p.id) : p.id;
}

function condition(c: Condition, words: ExplainMessages): string {
  const known = c.values.length === 1 ? words.conditions[`${c.key.toLowerCase()}=${c.values[0]!.toLowerCase()}`] : undefined;
  if (known && /^(ForA(ny|ll)Values?:)?Bool/.test(c.operator)) return known;
  const either = enumerate(c.values, words, words.either);
  const [, operator = '', ifExists] = /^(.*?)(IfExists)?$/i.exec(c.operator) ?? [];
  const compared = words.operators[operator.toLowerCase()]?.(c.key, either);
  if (!compared) return words.condition(c.key, c.operator, either);
  return ifExists ? words.ifExists(compared) : words.onlyIf(compared);
}

function enumerate(items: string[], words: ExplainMessages, list = words.list): string {
  const shown = items.slice(0, NAMED);
  return list(shown, items.length - shown.length);
}
