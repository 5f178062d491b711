import type { AccessControlAttribute } from '@aws-sdk/client-sso-admin';

/** An attribute as the form has it: sso-admin takes exactly one source for each. */
export interface Mapping {
  key: string;
  source: string;
}

/** behaviours.md 6.4. */
export const MOST = 50;

/** What can be passed on of a user of the directory (behaviours.md 6.11). */
export const SOURCES: readonly string[] = [
  'userName', 'displayName', 'nickName', 'name.givenName', 'name.familyName', 'emails[primary eq true].value', 'phoneNumbers[type eq "work"].value',
  'addresses[type eq "work"].streetAddress', 'addresses[type eq "work"].locality', 'addresses[type eq "work"].region', 'addresses[type eq "work"].postalCode',
  'addresses[type eq "work"].country', 'addresses[type eq "work"].formatted', 'userType', 'title', 'locale', 'timezone', 'enterprise.employeeNumber',
  'enterprise.costCenter', 'enterprise.organization', 'enterprise.division', 'enterprise.department', 'enterprise.manager.value',
].map((path) => `\${path:${path}}`);

const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const SOURCE = /^\$\{(path|user|dir):[\p{L}\p{Z}\p{N}_.:/=+\-@[\]{}$\\"]+\}$/u;
const SOURCE_MAX = 256;

export interface MappingFault {
  key?: 'key' | 'twice';
  source?: 'source';
}

/** What is wrong with each mapping; empty objects where nothing is. */
export function mappingFaults(mappings: readonly Mapping[]): MappingFault[] {
  const seen = new Set<string>();
  return mappings.map(({ key, source }) => {
    const fault: MappingFault = {};
    if (!KEY.test(key.trim())) fault.key = 'key';
    else if (seen.has(key.trim())) fault.key = 'twice';
    if (!SOURCE.test(source.trim()) || source.trim().length > SOURCE_MAX) fault.source = 'source';
    seen.add(key.trim());
    return fault;
  });
}

export const mappingsOf = (attributes: readonly AccessControlAttribute[]): Mapping[] => attributes.map(({ Key = '', Value }) => ({ key: Key, source: Value?.Source?.[0] ?? '' }));

export const attributesOf = (mappings: readonly Mapping[]): AccessControlAttribute[] => mappings.map(({ key, source }) => ({ Key: key.trim(), Value: { Source: [source.trim()] } }));
