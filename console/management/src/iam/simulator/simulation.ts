/** What the simulator is asked and what it answers, between the form and IAM's shapes. */
import {
  GetContextKeysForCustomPolicyCommand,
  GetContextKeysForPrincipalPolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  type ContextEntry,
  type ContextKeyTypeEnum,
  type EvaluationResult,
  type IAMClient,
  type PolicyEvaluationDecisionType,
  type Statement,
} from '@aws-sdk/client-iam';
import { all } from '../permissions/holders';

export const contextTypes = ['string', 'numeric', 'boolean', 'date', 'ip'] as const;

/** A condition key as it is typed: values with commas between. */
export interface ContextRow {
  key: string;
  type: (typeof contextTypes)[number];
  values: string;
}

export interface Simulation {
  /** The ARN of the user, group or role whose policies decide; '' for the written policy alone. */
  principal: string;
  /** A policy that decides too; '' for none. */
  document: string;
  actions: string[];
  resources: string[];
  context: ContextRow[];
}

/** What a resource's part of the answer says about one action. */
export interface Row {
  action: string;
  resource: string;
  decision: PolicyEvaluationDecisionType;
  matched: Statement[];
  missing: string[];
  /** What stood in the way although no statement denies it. */
  outside: ('boundary' | 'organization')[];
}

/** Asks for all of it, page after page. */
export async function simulate(iam: IAMClient, { principal, document, actions, resources, context }: Simulation): Promise<Row[]> {
  const asked = {
    ActionNames: actions,
    ResourceArns: resources,
    ContextEntries: contextEntries(context),
  };
  const results = await all(
    (Marker) =>
      principal
        ? iam.send(new SimulatePrincipalPolicyCommand({ ...asked, Marker, PolicySourceArn: principal, ...(document && { PolicyInputList: [document] }) }))
        : iam.send(new SimulateCustomPolicyCommand({ ...asked, Marker, PolicyInputList: [document] })),
    ({ EvaluationResults }) => EvaluationResults,
  );
  return rows(results);
}

/** The condition keys that the policies ask about. */
export async function contextKeys(iam: IAMClient, { principal, document }: Pick<Simulation, 'principal' | 'document'>): Promise<string[]> {
  const { ContextKeyNames = [] } = principal
    ? await iam.send(new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: principal, ...(document && { PolicyInputList: [document] }) }))
    : await iam.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [document] }));
  return ContextKeyNames;
}

/** One row for each action and resource. */
export function rows(results: readonly EvaluationResult[]): Row[] {
  return results.flatMap((result) => {
    const outside = (boundary: boolean | undefined): Row['outside'] => [
      ...(boundary === false ? (['boundary'] as const) : []),
      ...(result.OrganizationsDecisionDetail?.AllowedByOrganizations === false ? (['organization'] as const) : []),
    ];
    const common = { action: result.EvalActionName ?? '' };
    if (!result.ResourceSpecificResults?.length) {
      return [
        {
          ...common,
          resource: result.EvalResourceName ?? '*',
          decision: result.EvalDecision ?? 'implicitDeny',
          matched: result.MatchedStatements ?? [],
          missing: result.MissingContextValues ?? [],
          outside: outside(result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary),
        },
      ];
    }
    return result.ResourceSpecificResults.map((of) => ({
      ...common,
      resource: of.EvalResourceName ?? '*',
      decision: of.EvalResourceDecision ?? 'implicitDeny',
      matched: of.MatchedStatements ?? [],
      missing: of.MissingContextValues ?? [],
      outside: outside(of.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary),
    }));
  });
}

/** Rows as IAM takes them; those without a key or a value say nothing. */
export function contextEntries(context: readonly ContextRow[]): ContextEntry[] {
  return context.flatMap(({ key, type, values }) => {
    const list = values
      .split(',')
      .map((value) => value.trim())
      .filter(Boolean);
    if (!key.trim() || list.length === 0) return [];
    const ContextKeyType: ContextKeyTypeEnum = list.length > 1 ? `${type}List` : type;
    return [{ ContextKeyName: key.trim(), ContextKeyType, ContextKeyValues: list }];
  });
}

/** The rows with one for each key that has none yet. */
export function withKeys(context: readonly ContextRow[], keys: readonly string[]): ContextRow[] {
  const known = new Set(context.map(({ key }) => key.trim().toLowerCase()));
  return [
    ...context.filter(({ key }) => key.trim()),
    ...keys.filter((key) => !known.has(key.toLowerCase())).map((key) => ({ key, type: guess(key), values: '' })),
  ];
}

/** The type that a global key has. */
function guess(key: string): ContextRow['type'] {
  const name = key.toLowerCase();
  if (name === 'aws:sourceip' || name === 'aws:vpcsourceip') return 'ip';
  if (name === 'aws:currenttime' || name === 'aws:tokenissuetime') return 'date';
  if (name === 'aws:multifactorauthage' || name === 'aws:epochtime') return 'numeric';
  return ['aws:multifactorauthpresent', 'aws:securetransport', 'aws:viaawsservice', 'aws:principalisawsservice'].includes(name) ? 'boolean' : 'string';
}

/** The lines on which a statement stands in the document that it is from, without the comma to the next. */
export function excerpt(document: string, { StartPosition, EndPosition }: Statement): string {
  const from = StartPosition?.Line ?? 0;
  const to = EndPosition?.Line ?? 0;
  if (from < 1 || to < from) return '';
  const found = document.split('\n').slice(from - 1, to);
  const indent = Math.min(...found.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length));
  const text = found.map((line) => line.slice(indent)).join('\n');
  return text.replace(/,\s*$/, '');
}

/** Words with commas, spaces or line breaks between, each once. */
export const words = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];
