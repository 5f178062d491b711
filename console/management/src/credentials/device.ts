export type DeviceKind = 'app' | 'fido' | 'hardware';

export interface Device {
  serial: string;
  kind: DeviceKind;
  /** What the person called it. */
  name: string;
  since: Date | undefined;
}

/** Most MFA devices that a user can have (behaviours.md 5.5). */
export const MOST_DEVICES = 8;
/** Most access keys that a user can have, so that one can replace the other (C-19). */
export const MOST_KEYS = 2;

/** Tells a device's kind and name from its serial number, which is an ARN unless it is hardware. */
export function deviceOf(serial: string, since?: Date): Device {
  const resource = serial.startsWith('arn:') ? serial.split(':').slice(5).join(':') : '';
  const kind = resource.startsWith('mfa/') ? 'app' : resource.startsWith('u2f/') ? 'fido' : 'hardware';
  const name = serial.slice(serial.lastIndexOf('/') + 1);
  // A key's ARN ends in an identifier after the name (behaviours.md 5.5).
  return { serial, kind, name: kind === 'fido' ? name.replace(/-[A-Z0-9]{26}$/, '') : name, since };
}

/** Whether it can name a virtual MFA device. */
export function isDeviceName(name: string): boolean {
  return /^[\w+=,.@-]{1,128}$/.test(name);
}

/** What is wrong with two codes before the server has seen them; '' when nothing is. */
export function codeFault(code: string, other = ''): '' | 'invalid' | 'same' {
  if (!/^\d{6}$/.test(code)) return 'invalid';
  return code === other ? 'same' : '';
}
