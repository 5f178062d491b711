import type { User } from '@aws-sdk/client-identitystore';
import { describe, expect, it } from 'vitest';
import { blankProfile, faultsOf, newUser, operations, profileOf } from './profile';
import { ENTERPRISE } from './useUsers';

const jane = { ...blankProfile, userName: 'jane', givenName: 'Jane', familyName: 'Doe', displayName: 'Jane Doe', email: 'jane@example.com' };

const user: User = {
  IdentityStoreId: 'd-1234567890',
  UserId: '11111111-2222-3333-4444-555555555555',
  UserName: 'jane',
  Name: { GivenName: 'Jane', FamilyName: 'Doe' },
  DisplayName: 'Jane Doe',
  Emails: [
    { Value: 'old@example.com', Type: 'home', Primary: false },
    { Value: 'jane@example.com', Type: 'work', Primary: true },
  ],
  Addresses: [{ Locality: 'Tokyo', Type: 'work', Primary: true }],
  Extensions: { [ENTERPRISE]: { costCenter: '42' } },
};

describe('what a new user needs (G-26, behaviours 6.6)', () => {
  it.each([
    ['all that is required', {}, {}],
    ['a name for every field', { givenName: ' ', familyName: '', displayName: '' }, { givenName: 'needed', familyName: 'needed', displayName: 'needed' }],
    ['no spaces in user names', { userName: 'jane doe' }, { userName: 'invalid' }],
    ['an address', { email: 'jane' }, { email: 'invalid' }],
    ['user names to 128 characters', { userName: 'x'.repeat(129) }, { userName: 'invalid' }],
    ['attributes to 1,024 characters', { title: 'x'.repeat(1025) }, { title: 'long' }],
  ])('%s', (_what, change, faults) => {
    expect(faultsOf({ ...jane, ...change })).toEqual(faults);
  });

  it('asks CreateUser for what was filled in, and nothing else', () => {
    expect(newUser('d-1234567890', { ...jane, department: ' R&D ', country: 'Japan' })).toEqual({
      IdentityStoreId: 'd-1234567890',
      UserName: 'jane',
      Name: { GivenName: 'Jane', FamilyName: 'Doe' },
      DisplayName: 'Jane Doe',
      Emails: [{ Value: 'jane@example.com', Type: 'work', Primary: true }],
      Addresses: [{ Country: 'Japan', Type: 'work', Primary: true }],
      Extensions: { [ENTERPRISE]: { department: 'R&D' } },
    });
  });
});

describe('what UpdateUser is asked', () => {
  it('nothing, when nothing changed', () => {
    expect(operations(user, profileOf(user))).toEqual([]);
  });

  it.each([
    ['a name', { givenName: 'Janet' }, [{ AttributePath: 'name.givenName', AttributeValue: 'Janet' }]],
    ['an attribute that goes', { locality: '' }, [{ AttributePath: 'addresses' }]],
    ['an attribute that comes', { title: 'Engineer' }, [{ AttributePath: 'title', AttributeValue: 'Engineer' }]],
    ['the cost center', { costCenter: '' }, [{ AttributePath: `${ENTERPRISE}.costCenter` }]],
    [
      'the primary address, leaving the others (G-30)',
      { email: 'doe@example.com' },
      [
        {
          AttributePath: 'emails',
          AttributeValue: [
            { Value: 'doe@example.com', Type: 'work', Primary: true },
            { Value: 'old@example.com', Type: 'home', Primary: false },
          ],
        },
      ],
    ],
  ])('%s', (_what, change, wanted) => {
    expect(operations(user, { ...profileOf(user), ...change })).toEqual(wanted);
  });
});
