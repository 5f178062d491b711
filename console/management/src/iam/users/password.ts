import type { PasswordPolicy } from '@aws-sdk/client-iam';

const classes = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '!@#$%^&*()_+-=[]{}|'];
const alphabet = classes.join('');

/** About 120 bits of 76 characters, those left out that look like others. */
const LENGTH = 20;

/**
 * A password that every policy takes: all classes of characters, and as long as it asks.
 * It begins with a letter, so that no program takes it for a formula or an option.
 */
export function generatePassword(policy: PasswordPolicy | null): string {
  const length = Math.max(LENGTH, policy?.MinimumPasswordLength ?? 0);
  for (;;) {
    const password = Array.from({ length }, () => alphabet[below(alphabet.length)]).join('');
    if (/^[A-Za-z]/.test(password) && classes.every((characters) => [...characters].some((c) => password.includes(c)))) return password;
  }
}

/** A random number from 0 to below `bound`, at most 256, each as likely as the others. */
function below(bound: number): number {
  const byte = new Uint8Array(1);
  // The bytes beyond the last whole multiple would favour the first characters.
  const end = 256 - (256 % bound);
  do crypto.getRandomValues(byte);
  while (byte[0]! >= end);
  return byte[0]! % bound;
}
