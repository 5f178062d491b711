import { request } from '../request';
import type { ConsoleRequest } from '../route';

const PATH = '/start/console';

/** Makes a console session of the role, and gives the address at which this browser gets it. */
export async function openConsole(role: ConsoleRequest, signal: AbortSignal): Promise<string> {
  const { location } = await request<{ location: string }>(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(role),
    signal,
  });
  return location;
}
