import type { PasswordPolicy } from '@aws-sdk/client-iam';
import type { Shape } from '../../../shared/messages/en';
import type { messages } from './messages';

type Words = Shape<(typeof messages)['en']['password']>;

/** The requirements of a password policy as a person reads them. */
export function passwordRules(policy: PasswordPolicy, t: Words): string[] {
  const rules: (string | false | undefined)[] = [
    policy.MinimumPasswordLength !== undefined && t.length(policy.MinimumPasswordLength),
    policy.RequireUppercaseCharacters && t.uppercase,
    policy.RequireLowercaseCharacters && t.lowercase,
    policy.RequireNumbers && t.number,
    policy.RequireSymbols && t.symbol,
    policy.PasswordReusePrevention !== undefined && policy.PasswordReusePrevention > 0 && t.reuse(policy.PasswordReusePrevention),
  ];
  return rules.filter((rule) => typeof rule === 'string');
}

export interface PasswordFaults {
  current: 'needed' | '';
  next: 'needed' | 'same' | '';
  again: 'differ' | '';
}

/** What is wrong before the server has seen it; the policy is the server's to apply. */
export function passwordFaults(current: string, next: string, again: string): PasswordFaults {
  return {
    current: current === '' ? 'needed' : '',
    next: next === '' ? 'needed' : next === current ? 'same' : '',
    again: next !== '' && next !== again ? 'differ' : '',
  };
}
