import { consoleHash } from '../route';

/** Which of the server's hosts an address of a portal names, the console's: `https://x.awsapps.D` → `console.D`. */
function consoleHost(startUrl: string): string {
  return new URL(startUrl).host.replace(/^[^.]+\.awsapps\./, 'console.');
}

/** Whether an address is one of the console, AWS's or this server's; the server opens no other. */
export function isConsoleAddress(address: string, startUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  if (username || password) return false;
  const own = consoleHost(startUrl);
  const name = host.replace(/^[a-z]{2,4}(-[a-z]+)+-\d\.(?=console\.)/, '');
  return (protocol === 'https:' && name === 'console.aws.amazon.com') || (name === own && ['https:', new URL(startUrl).protocol].includes(protocol));
}

/** The address that opens the console as a role, as AWS's portal makes them (behaviours.md 6.12). */
export function shortcutAddress(startUrl: string, accountId: string, roleName: string, destination: string): string {
  return `${startUrl}/${consoleHash({ accountId, roleName, destination })}`;
}
