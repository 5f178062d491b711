import { expect, it } from 'vitest';
import { takenField } from './refusal';

const refused = (name: string, message: string) => Object.assign(new Error(message), { name });

it.each([
  [refused('ConflictException', 'Duplicate UserName'), 'userName'],
  [refused('ConflictException', 'Duplicate email'), 'email'],
  [refused('ConflictException', 'Concurrent modification'), undefined],
  [refused('ValidationException', 'userName is a required attribute'), undefined],
  ['no error at all', undefined],
])('%s', (error, field) => {
  expect(takenField(error)).toBe(field);
});
