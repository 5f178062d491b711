/** What is wrong with a document, from JSON.parse's point of view and from the server's. */
import type { AccessAnalyzerClient, ValidatePolicyFinding } from '@aws-sdk/client-accessanalyzer';

export type Severity = 'error' | 'security' | 'warning' | 'suggestion';

export interface Finding {
  severity: Severity;
  /** As IAM Access Analyzer names it; '' of a mistake in the JSON. */
  code: string;
  message: string;
  /** In UTF-16 units, as editors count. */
  from: number;
  to: number;
  line: number;
}

/** What a document is for, and so what may stand in it; 'other' is judged by nobody but the service that takes it. */
export type PolicyKind = 'identity' | 'trust' | 'resource' | 'service-control' | 'resource-control' | 'other';

/** The most characters that a document may have (behaviours.md 1.5); of an organization's resource policy it is more. */
export const longest = (kind: PolicyKind): number => (kind === 'resource' ? 40_000 : 10_240);

const types = {
  identity: 'IDENTITY_POLICY',
  trust: 'RESOURCE_POLICY',
  resource: 'RESOURCE_POLICY',
  'service-control': 'SERVICE_CONTROL_POLICY',
  'resource-control': 'RESOURCE_CONTROL_POLICY',
} as const;

const severities: Record<string, Severity> = { ERROR: 'error', SECURITY_WARNING: 'security', WARNING: 'warning', SUGGESTION: 'suggestion' };

/** Asks the server, which judges by the engine that enforces policies. */
export async function validate(client: AccessAnalyzerClient, document: string, kind: PolicyKind, signal: AbortSignal): Promise<Finding[]> {
  if (kind === 'other') return syntax(document);
  const { ValidatePolicyCommand } = await import('@aws-sdk/client-accessanalyzer');
  const { findings = [] } = await client.send(
    new ValidatePolicyCommand({
      policyDocument: document,
      policyType: types[kind],
      ...(kind === 'trust' && { validatePolicyResourceType: 'AWS::IAM::AssumeRolePolicyDocument' }),
    }),
    { abortSignal: signal },
  );
  return findings.map((f) => fromServer(f, document));
}

/** What stands in the way of reading the document at all. */
function syntax(document: string): Finding[] {
  try {
    const parsed: unknown = JSON.parse(document);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return [];
    return [{ severity: 'error', code: '', message: 'The document must be a JSON object.', from: 0, to: document.length, line: 1 }];
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    // Engines tell the place differently, and some not at all.
    const from = Math.min(Number(/position (\d+)/.exec(message)?.[1] ?? 0), document.length);
    return [{ severity: 'error', code: '', message, from, to: from, line: document.slice(0, from).split('\n').length }];
  }
}

/** The server counts in characters, editors in UTF-16 units. */
export function fromServer(finding: ValidatePolicyFinding, document: string): Finding {
  const span = finding.locations?.[0]?.span;
  const characters = Array.from(document);
  const units = (offset = 0) => characters.slice(0, offset).join('').length;
  return {
    severity: severities[finding.findingType ?? ''] ?? 'warning',
    code: finding.issueCode ?? '',
    message: finding.findingDetails ?? '',
    from: units(span?.start?.offset),
    to: units(span?.end?.offset),
    line: span?.start?.line ?? 1,
  };
}

export const blocks = (findings: readonly Finding[]): boolean => findings.some(({ severity }) => severity === 'error');
