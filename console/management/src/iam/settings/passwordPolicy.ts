import { GetAccountPasswordPolicyCommand, type PasswordPolicy } from '@aws-sdk/client-iam';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Shape } from '../../../../shared/messages/en';
import { useClients } from '../../console';
import { isNotFound } from '../../failure';
import type { settingsMessages } from './messages';

type Words = Shape<(typeof settingsMessages)['en']['rules']>;

export const passwordPolicyKey = ['iam', 'password-policy'];

/** The account's password policy; null while IAM's own rule applies (behaviours.md 5.3). */
export function usePasswordPolicy(): UseQueryResult<PasswordPolicy | null> {
  const { iam } = useClients();
  return useQuery({
    queryKey: passwordPolicyKey,
    queryFn: async ({ signal }) => {
      try {
        const { PasswordPolicy } = await (await iam()).send(new GetAccountPasswordPolicyCommand({}), { abortSignal: signal });
        return PasswordPolicy ?? null;
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
  });
}

/** What a new password has to be. */
export function passwordRules(policy: PasswordPolicy | null, t: Words): string[] {
  if (!policy) return [t.length(8), t.threeOfFour, t.notAccount];
  const rules: (string | false | undefined)[] = [
    t.length(policy.MinimumPasswordLength ?? 6),
    policy.RequireUppercaseCharacters && t.uppercase,
    policy.RequireLowercaseCharacters && t.lowercase,
    policy.RequireNumbers && t.number,
    policy.RequireSymbols && t.symbol,
    policy.PasswordReusePrevention ? t.reuse(policy.PasswordReusePrevention) : false,
  ];
  return rules.filter((rule) => typeof rule === 'string');
}

/** What the policy says of passwords that are set already, and of who may change them. */
export function otherRules(policy: PasswordPolicy | null, t: Words): string[] {
  return [
    policy?.MaxPasswordAge ? t.expires(policy.MaxPasswordAge) : t.neverExpires,
    ...(policy?.HardExpiry ? [t.hardExpiry] : []),
    policy?.AllowUsersToChangePassword ? t.ownChange : t.noOwnChange,
  ];
}

export interface PolicyForm {
  length: string;
  uppercase: boolean;
  lowercase: boolean;
  number: boolean;
  symbol: boolean;
  expires: boolean;
  days: string;
  hardExpiry: boolean;
  ownChange: boolean;
  reuse: boolean;
  remembered: string;
}

/** The form as the policy fills it; without a policy, as a good one would be. */
export function toForm(policy: PasswordPolicy | null): PolicyForm {
  return {
    length: String(policy?.MinimumPasswordLength ?? 14),
    uppercase: policy?.RequireUppercaseCharacters ?? true,
    lowercase: policy?.RequireLowercaseCharacters ?? true,
    number: policy?.RequireNumbers ?? true,
    symbol: policy?.RequireSymbols ?? true,
    expires: Boolean(policy?.MaxPasswordAge),
    days: String(policy?.MaxPasswordAge ?? 90),
    hardExpiry: policy?.HardExpiry ?? false,
    ownChange: policy?.AllowUsersToChangePassword ?? true,
    reuse: Boolean(policy?.PasswordReusePrevention),
    remembered: String(policy?.PasswordReusePrevention ?? 5),
  };
}

/** IAM's limits of the numbers (behaviours.md 5.3). */
export const LIMITS = { length: [6, 128], days: [1, 1095], remembered: [1, 24] } as const;

/** Which of the numbers IAM would not take. */
export function formFaults(form: PolicyForm): (keyof typeof LIMITS)[] {
  const asked: (keyof typeof LIMITS)[] = ['length'];
  if (form.expires) asked.push('days');
  if (form.reuse) asked.push('remembered');
  return asked.filter((field) => {
    const [least, most] = LIMITS[field];
    const typed = form[field].trim();
    return !/^\d{1,4}$/.test(typed) || Number(typed) < least || Number(typed) > most;
  });
}

/** What to ask of UpdateAccountPasswordPolicy, which replaces the whole policy. */
export function toPolicy(form: PolicyForm) {
  return {
    MinimumPasswordLength: Number(form.length),
    RequireUppercaseCharacters: form.uppercase,
    RequireLowercaseCharacters: form.lowercase,
    RequireNumbers: form.number,
    RequireSymbols: form.symbol,
    AllowUsersToChangePassword: form.ownChange,
    ...(form.expires && { MaxPasswordAge: Number(form.days), HardExpiry: form.hardExpiry }),
    ...(form.reuse && { PasswordReusePrevention: Number(form.remembered) }),
  };
}
