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

export type PolicyKind = 'identity' | 'trust';

const severities: Record<string, Severity> = { ERROR: 'error', SECURITY_WARNING: 'security', WARNING: 'warning', SUGGESTION: 'suggestion' };

/** Asks the server, which judges by the engine that enforces policies. */
export async function validate(client: AccessAnalyzerClient, document: string, kind: PolicyKind, signal: AbortSignal): Promise<Finding[]> {
  const { ValidatePolicyCommand } = await import('@aws-sdk/client-accessanalyzer');
  const { findings = [] } = await client.send(
    new ValidatePolicyCommand({
      policyDocument: document,
      policyType: kind === 'trust' ? 'RESOURCE_POLICY' : 'IDENTITY_POLICY',
      ...(kind === 'trust' && { validatePolicyResourceType: 'AWS::IAM::AssumeRolePolicyDocument' }),
    }),
    { abortSignal: signal },
  );
  return findings.map((f) => fromServer(f, document));
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
