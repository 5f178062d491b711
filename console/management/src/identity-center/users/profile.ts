import type { AttributeOperation, CreateUserCommandInput, User } from '@aws-sdk/client-identitystore';
import { emailOf, ENTERPRISE } from './useUsers';

/** A person as the forms have them: every attribute a text, '' for none. */
export interface Profile {
  userName: string;
  givenName: string;
  familyName: string;
  displayName: string;
  email: string;
  phone: string;
  title: string;
  userType: string;
  nickName: string;
  profileUrl: string;
  employeeNumber: string;
  costCenter: string;
  organization: string;
  division: string;
  department: string;
  streetAddress: string;
  locality: string;
  region: string;
  postalCode: string;
  country: string;
  preferredLanguage: string;
  locale: string;
  timezone: string;
}

/** The attributes that may be left out, as the forms group them. */
export const optionalGroups = {
  contact: ['phone'],
  job: ['title', 'userType', 'nickName', 'profileUrl', 'employeeNumber', 'costCenter', 'organization', 'division', 'department'],
  address: ['streetAddress', 'locality', 'region', 'postalCode', 'country'],
  preferences: ['preferredLanguage', 'locale', 'timezone'],
} as const satisfies Record<string, readonly (keyof Profile)[]>;

const enterprise = ['employeeNumber', 'costCenter', 'organization', 'division', 'department'] as const;
const simple = ['displayName', 'title', 'userType', 'nickName', 'profileUrl', 'preferredLanguage', 'locale', 'timezone'] as const;
const addressParts = { streetAddress: 'StreetAddress', locality: 'Locality', region: 'Region', postalCode: 'PostalCode', country: 'Country' } as const;
const parts = Object.keys(addressParts) as (keyof typeof addressParts)[];

export const blankProfile: Profile = {
  userName: '', givenName: '', familyName: '', displayName: '', email: '', phone: '', title: '', userType: '', nickName: '', profileUrl: '', employeeNumber: '',
  costCenter: '', organization: '', division: '', department: '', streetAddress: '', locality: '', region: '', postalCode: '', country: '', preferredLanguage: '',
  locale: '', timezone: '',
};

export function profileOf(user: User): Profile {
  const work = (user.Extensions?.[ENTERPRISE] ?? {}) as Record<string, unknown>;
  const address = first(user.Addresses);
  const profile = { ...blankProfile, userName: user.UserName ?? '', givenName: user.Name?.GivenName ?? '', familyName: user.Name?.FamilyName ?? '', email: emailOf(user) };
  profile.phone = first(user.PhoneNumbers)?.Value ?? '';
  for (const key of simple) profile[key] = user[upper(key)] ?? '';
  for (const key of enterprise) profile[key] = typeof work[key] === 'string' ? work[key] : '';
  for (const key of parts) profile[key] = address?.[addressParts[key]] ?? '';
  return profile;
}

/** What a profile lacks, by field; 'long' beyond what identitystore takes. */
export type Faults = Partial<Record<keyof Profile, 'needed' | 'invalid' | 'long'>>;

/** behaviours.md 1.4: no spaces or control characters in user names. */
const USER_NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u;
/** The server decides; this spares a round trip for what cannot be an address. */
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const MOST = 1024;

export function faultsOf(profile: Profile): Faults {
  const faults: Faults = {};
  for (const [key, value] of Object.entries(profile) as [keyof Profile, string][]) if ([...value].length > MOST) faults[key] = 'long';
  for (const key of ['userName', 'givenName', 'familyName', 'displayName', 'email'] as const) if (profile[key].trim() === '') faults[key] = 'needed';
  if (!faults.userName && !USER_NAME.test(profile.userName)) faults.userName = 'invalid';
  if (!faults.email && !EMAIL.test(profile.email)) faults.email = 'invalid';
  return faults;
}

/** What CreateUser is asked; attributes without a value are left out. */
export function newUser(IdentityStoreId: string, typed: Profile): CreateUserCommandInput {
  const profile = trimmed(typed);
  const given = <K extends keyof Profile>(keys: readonly K[]) => keys.filter((key) => profile[key] !== '');
  const work = Object.fromEntries(given(enterprise).map((key) => [key, profile[key]]));
  return {
    IdentityStoreId,
    UserName: profile.userName,
    Name: { GivenName: profile.givenName, FamilyName: profile.familyName },
    Emails: [{ Value: profile.email, Type: 'work', Primary: true }],
    ...Object.fromEntries(given(simple).map((key) => [upper(key), profile[key]])),
    ...(profile.phone && { PhoneNumbers: [{ Value: profile.phone, Type: 'work', Primary: true }] }),
    ...(given(parts).length > 0 && { Addresses: [addressOf(profile)] }),
    ...(Object.keys(work).length > 0 && { Extensions: { [ENTERPRISE]: work } }),
  };
}

/** What UpdateUser is asked to make of the user what the form says; nothing for what did not change. */
export function operations(user: User, typed: Profile): AttributeOperation[] {
  const before = profileOf(user);
  const after = trimmed(typed);
  const changed = (key: keyof Profile) => before[key] !== after[key];
  const list: AttributeOperation[] = [];
  if (changed('givenName')) list.push(set('name.givenName', after.givenName));
  if (changed('familyName')) list.push(set('name.familyName', after.familyName));
  for (const key of simple) if (changed(key)) list.push(set(key, after[key]));
  if (changed('email')) list.push({ AttributePath: 'emails', AttributeValue: withFirst(user.Emails, { Value: after.email, Type: 'work', Primary: true }) });
  if (changed('phone')) {
    const phones = after.phone ? withFirst(user.PhoneNumbers, { Value: after.phone, Type: 'work', Primary: true }) : [];
    list.push(phones.length > 0 ? { AttributePath: 'phoneNumbers', AttributeValue: phones } : { AttributePath: 'phoneNumbers' });
  }
  if (parts.some(changed)) {
    const address = addressOf(after);
    list.push(parts.some((key) => after[key] !== '') ? { AttributePath: 'addresses', AttributeValue: withFirst(user.Addresses, address) } : { AttributePath: 'addresses' });
  }
  for (const key of enterprise) if (changed(key)) list.push(set(`${ENTERPRISE}.${key}`, after[key]));
  return list;
}

/** Without a value the attribute goes. */
function set(AttributePath: string, AttributeValue: string): AttributeOperation {
  return AttributeValue === '' ? { AttributePath } : { AttributePath, AttributeValue };
}

type Upper<K extends string> = K extends `${infer First}${infer Rest}` ? `${Uppercase<First>}${Rest}` : never;

function upper<K extends string>(key: K): Upper<K> {
  return (key.charAt(0).toUpperCase() + key.slice(1)) as Upper<K>;
}

interface Entry {
  Type?: string | undefined;
  Primary?: boolean | undefined;
}

/** The entry that the form shows of a list: the primary one, or the only one. */
function first<T extends Entry>(list: T[] = []): T | undefined {
  return list.find(({ Primary }) => Primary) ?? list[0];
}

/** The list with the entry that the form shows replaced, and the others as they were. Its kind is not in the form, and stays. */
function withFirst<T extends Entry>(list: T[] | undefined, entry: T): Record<string, string | boolean>[] {
  const shown = first(list);
  const kept = (list ?? []).filter((other) => other !== shown);
  return [{ ...entry, ...(shown?.Type && { Type: shown.Type }) }, ...kept] as unknown as Record<string, string | boolean>[];
}

function addressOf(profile: Profile) {
  return {
    ...Object.fromEntries(parts.map((key) => [addressParts[key], profile[key]]).filter(([, value]) => value !== '')),
    Type: 'work',
    Primary: true,
  };
}

const trimmed = (profile: Profile): Profile => Object.fromEntries(Object.entries(profile).map(([key, value]) => [key, value.trim()])) as unknown as Profile;
