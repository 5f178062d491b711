/** A refusal, taken from AWS's message: who may not do what, and which kind of policy decided. */
export interface Denial {
  /** The principal's ARN; '' where the message does not name it. */
  principal: string;
  /** Such as iam:ListUsers; '' where the message does not name it. */
  action: string;
  /** '' where the action has no resource. */
  resource: string;
  /** Whether a policy says no, rather than none saying yes. */
  explicit: boolean;
  policy: PolicyLayer;
  /** By which an administrator finds the decision; '' when the server kept none. */
  decisionId: string;
}

/** Which kind of policy decided; 'unknown' where the message does not say. */
export type PolicyLayer =
  | 'identity'
  | 'resource'
  | 'boundary'
  | 'session'
  | 'service-control'
  | 'resource-control'
  | 'trust'
  | 'endpoint'
  | 'unknown';

const LAYERS: readonly (readonly [PolicyLayer, string])[] = [
  // "transitively through a service control policy" names the endpoint first: it decided.
  ['endpoint', 'VPC endpoint policy'],
  ['service-control', 'service control policy'],
  ['resource-control', 'resource control policy'],
  ['boundary', 'permissions boundary'],
  ['session', 'session policy'],
  ['trust', 'role trust policy'],
  ['resource', 'resource-based policy'],
  ['identity', 'identity-based policy'],
];

/** Reads an AccessDenied message in AWS's grammar; what it does not find it leaves empty. */
export function parseDenial(message: string): Omit<Denial, 'decisionId'> {
  const principal = /User: (\S+) is not authorized/.exec(message)?.[1] ?? '';
  const action = /perform:? ([\w-]+:\w+)/.exec(message)?.[1] ?? '';
  const resource = /on resource: "?([^\s"]+)"?/.exec(message)?.[1] ?? '';
  const reason = /(?:because no|with an explicit deny in) .*/.exec(message)?.[0] ?? '';
  return {
    principal,
    action,
    resource,
    explicit: reason.startsWith('with an explicit deny'),
    policy: LAYERS.find(([, words]) => reason.includes(words))?.[0] ?? 'unknown',
  };
}

export type Helper = 'administrator' | 'root' | 'organization' | 'self';

/** Who can change what decided, for a person of this kind. */
export function whoCanHelp(policy: PolicyLayer, kind: 'root' | 'iam-user' | 'role'): Helper {
  if (policy === 'service-control' || policy === 'resource-control') return 'organization';
  if (policy === 'session') return 'self';
  return kind === 'root' ? 'root' : 'administrator';
}
