/** What a permission set is besides its policies, and what of it the API takes (sso-admin model). */
export interface Details {
  name: string;
  description: string;
  /** Of a session, 60 to 720. */
  minutes: number;
  relayState: string;
}

export type DetailsFault = 'name' | 'description' | 'relayState';

const NAME = /^[\w+=,.@-]{1,32}$/;
// The model's PermissionSetDescription: tabs, line ends and what is printable in Latin-1.
const DESCRIPTION = /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]{0,700}$/;
const RELAY_STATE = /^[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+[\] (){}]{0,240}$/;

export function detailsFaults({ name, description, relayState }: Details): DetailsFault[] {
  return [...(NAME.test(name) ? [] : ['name' as const]), ...(DESCRIPTION.test(description) ? [] : ['description' as const]), ...(RELAY_STATE.test(relayState) ? [] : ['relayState' as const])];
}
