import type { Profile } from './profile';

/**
 * Which field of a form the directory refused because another user has its value:
 * ConflictException says `Duplicate UserName` of names, and names the address otherwise
 * (behaviours.md 6.6). Undefined for every other failure.
 */
export function takenField(error: unknown): keyof Profile | undefined {
  if (!(error instanceof Error) || error.name !== 'ConflictException') return undefined;
  if (/user\s?name/i.test(error.message)) return 'userName';
  return /e-?mail/i.test(error.message) ? 'email' : undefined;
}
