/** What people may type where accounts are added (behaviours.md 9.6, models/organizations.json). */

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** In characters, as the account API has it (PutAccountName); Organizations itself would take more. */
export const LONGEST_NAME = 50;
export const LONGEST_NOTES = 1024;
export const MOST_INVITED = 20;

export const isEmail = (text: string): boolean => text.length >= 6 && text.length <= 64 && EMAIL.test(text);

export const isName = (text: string): boolean => text.length >= 1 && text.length <= LONGEST_NAME;

export const isRoleName = (text: string): boolean => /^[\w+=,.@-]{1,64}$/.test(text);

export interface Invited {
  Id: string;
  Type: 'ACCOUNT' | 'EMAIL';
}

/** Reads account numbers, with hyphens or not, and addresses, apart by commas, spaces or lines; the same one counts once. */
export function readInvited(text: string): { invited: Invited[]; wrong: string | undefined } {
  const invited = new Map<string, Invited>();
  for (const word of text.split(/[\s,;、]+/).filter(Boolean)) {
    const digits = word.replaceAll('-', '');
    if (/^\d{12}$/.test(digits)) invited.set(digits, { Id: digits, Type: 'ACCOUNT' });
    else if (isEmail(word)) invited.set(word.toLowerCase(), { Id: word, Type: 'EMAIL' });
    else return { invited: [], wrong: word };
  }
  return { invited: [...invited.values()], wrong: undefined };
}
