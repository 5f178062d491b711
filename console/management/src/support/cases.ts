/** What the pages know of cases beside what the API tells. */

export const MAX_SUBJECT = 256;
export const MAX_BODY = 8000;
const MAX_CC = 10;

/** The services of account and billing support; the API does not tell which those are. */
export const ACCOUNT_AND_BILLING: readonly string[] = ['customer-account', 'billing', 'account-management'];

export type ContactMethod = 'web' | 'chat' | 'call';
export const CONTACT_METHODS: readonly ContactMethod[] = ['web', 'call', 'chat'];

/** Where an address of AWS's Support Center leads here, by what stands after its `#`; '' for its home. */
export function fromLegacy(hash: string): string {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  if (path === 'case/create') return '/support/cases/create';
  if (path === 'case/history' || path === 'case') return '/support/cases';
  const displayId = new URLSearchParams(query).get('displayId') ?? '';
  return /^\d{1,20}$/.test(displayId) ? `/support/cases/${displayId}` : '';
}

/** Whether staff wait for the customer, nobody waits any more, or the customer waits for staff. */
export function statusType(status: string): 'warning' | 'success' | 'in-progress' {
  if (status === 'pending-customer-action') return 'warning';
  return status === 'resolved' ? 'success' : 'in-progress';
}

export interface Draft {
  body: string;
  tried: string;
  times: string;
  method: ContactMethod;
  phone: string;
}

export interface ComposedWords {
  tried: string;
  times: string;
  method: string;
  phone: string;
}

/**
 * The text of a case: the API takes one, the form asks for the parts that staff need,
 * among them what was tried already (O-17) and when the person can be reached (O-02).
 */
export function composeBody(draft: Draft, words: ComposedWords, methodName: string): string {
  const contact = [`${words.method} ${methodName}`, draft.method === 'call' && draft.phone.trim() && `${words.phone} ${draft.phone.trim()}`].filter(Boolean);
  return [draft.body.trim(), part(words.tried, draft.tried), part(words.times, draft.times), contact.join('\n')].filter(Boolean).join('\n\n');
}

function part(heading: string, text: string): string {
  return text.trim() && `${heading}\n${text.trim()}`;
}

/** The addresses of a list with commas, or undefined when one cannot be an address or there are too many. */
export function parseAddresses(list: string): string[] | undefined {
  const addresses = list
    .split(/[\s,;、]+/)
    .map((address) => address.trim())
    .filter(Boolean);
  const valid = addresses.every((address) => address.length <= 64 && /^[^\s@]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(address));
  return valid && addresses.length <= MAX_CC ? addresses : undefined;
}

export function isPhoneNumber(text: string): boolean {
  return /^\+[0-9][0-9 ()-]{5,24}$/.test(text.trim());
}

/** How long a text is as the server counts: in characters, not UTF-16 units. */
export function lengthOf(text: string): number {
  return [...text].length;
}

export interface DescriptionPart {
  heading: string;
  lines: string[];
}

/** A check's description, which is HTML of a few words and breaks, as text; nothing of it is drawn as HTML. */
export function partsOf(html: string): DescriptionPart[] {
  const parts: DescriptionPart[] = [{ heading: '', lines: [] }];
  for (const line of html.split(/<br\s*\/?>/i)) {
    const heading = /^\s*<b>(.*?)<\/b>\s*$/i.exec(line);
    const text = plain(heading?.[1] ?? line);
    if (heading) parts.push({ heading: text, lines: [] });
    else if (text) parts.at(-1)?.lines.push(text);
  }
  return parts.filter(({ heading, lines }) => heading || lines.length);
}

function plain(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent.trim();
}
