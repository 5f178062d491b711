/** What a policy document says, read for people: statement by statement, whatever is missing or mistaken in it. */

/** One statement, its lists always lists. What is not there or of another type is empty. */
export interface Statement {
  sid: string;
  effect: 'Allow' | 'Deny' | '';
  actions: string[];
  /** The actions are those that it is not about (NotAction); the same for resources and principals. */
  notActions: boolean;
  resources: string[];
  notResources: boolean;
  principals: Principal[];
  notPrincipals: boolean;
  conditions: Condition[];
}

export interface Principal {
  /** AWS, Service, Federated, CanonicalUser; '*' for everybody. */
  type: string;
  id: string;
}

export interface Condition {
  operator: string;
  key: string;
  values: string[];
}

/** The statements of a document; undefined if it is no JSON object with statements. */
export function statements(document: string): Statement[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || parsed.Statement === undefined) return undefined;
  return list(parsed.Statement).filter(isObject).map(statement);
}

function statement(from: Record<string, unknown>): Statement {
  const effect = from.Effect;
  return {
    sid: typeof from.Sid === 'string' ? from.Sid : '',
    effect: effect === 'Allow' || effect === 'Deny' ? effect : '',
    actions: texts(from.Action ?? from.NotAction),
    notActions: from.Action === undefined && from.NotAction !== undefined,
    resources: texts(from.Resource ?? from.NotResource),
    notResources: from.Resource === undefined && from.NotResource !== undefined,
    principals: principals(from.Principal ?? from.NotPrincipal),
    notPrincipals: from.Principal === undefined && from.NotPrincipal !== undefined,
    conditions: conditions(from.Condition),
  };
}

function principals(from: unknown): Principal[] {
  if (typeof from === 'string') return [{ type: '*', id: from }];
  if (!isObject(from)) return [];
  return Object.entries(from).flatMap(([type, ids]) => texts(ids).map((id) => ({ type, id })));
}

function conditions(from: unknown): Condition[] {
  if (!isObject(from)) return [];
  return Object.entries(from).flatMap(([operator, keys]) =>
    isObject(keys) ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) })) : [],
  );
}

const isObject = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const list = (x: unknown): unknown[] => (Array.isArray(x) ? x : [x]);
const texts = (x: unknown): string[] =>
  x === undefined
    ? []
    : list(x)
        .filter((v) => typeof v === 'string' || typeof v === 'number' || typeof v === 'boolean')
        .map(String);
