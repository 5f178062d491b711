/** The shells in whose syntax the dialog writes commands, one per tab. */
export const shells = ['posix', 'cmd', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** A value that no spelling of the shell or file could carry as it is. */
export class UnwritableValueError extends Error {
  override name = 'UnwritableValueError';
}

/** Characters that none of the three shells reads as anything but themselves, bare in cmd or between double quotes. */
const PLAIN_VALUE = /^[A-Za-z0-9+/=_.,:@~*-]*$/;
const PLAIN_WORD = /^[A-Za-z0-9_.-]+$/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

/** Returns the command that sets one environment variable for the rest of the terminal session. */
export function setVariable(shell: Shell, name: string, value: string): string {
  refuseControl(value);
  // What is plain is spelt as AWS spells it; anything else so that the shell expands nothing in it.
  const plain = PLAIN_VALUE.test(value);
  switch (shell) {
    case 'posix':
      return `export ${name}=${plain ? `"${value}"` : posixQuote(value)}`;
    case 'cmd':
      return plain ? `SET ${name}=${value}` : `SET "${name}=${cmdText(value)}"`;
    case 'powershell':
      return `$Env:${name}=${plain ? `"${value}"` : powershellQuote(value)}`;
  }
}

/** Returns the value as one word of a command. */
export function word(shell: Shell, value: string): string {
  refuseControl(value);
  if (PLAIN_WORD.test(value)) return value;
  switch (shell) {
    case 'posix':
      return posixQuote(value);
    case 'cmd':
      return `"${cmdText(value)}"`;
    case 'powershell':
      return powershellQuote(value);
  }
}

/** Returns `name = value` or, in the credentials file's manner, `name=value`. */
export function setting(name: string, value: string, separator: ' = ' | '=' = ' = '): string {
  refuseControl(value);
  return `${name}${separator}${value}`;
}

/** Returns a section heading of an AWS config file; the clients split a quoted name as a shell does. */
export function section(kind: string, name: string): string {
  refuseControl(name);
  if (/[[\]"\\]/.test(name)) throw new UnwritableValueError(`no section name can contain ${JSON.stringify(name)}`);
  const quoted = /[\s'#;]/.test(name) ? `"${name}"` : name;
  return kind ? `[${kind} ${quoted}]` : `[${name}]`;
}

// In single quotes even ! stays itself, which an interactive shell would expand between double ones.
function posixQuote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

// PowerShell takes typographic quotes for straight ones.
function powershellQuote(value: string): string {
  return `'${value.replaceAll(/['‘’‚‛]/g, '$&$&')}'`;
}

// At its prompt cmd has no way to write a quote or a percent sign that always stands for itself.
function cmdText(value: string): string {
  if (/["%]/.test(value)) throw new UnwritableValueError('cmd cannot carry " or % literally');
  return value;
}

function refuseControl(value: string) {
  if (CONTROL.test(value)) throw new UnwritableValueError('a value contains a line break or another control character');
}
