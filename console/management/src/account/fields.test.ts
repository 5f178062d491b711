import { describe, expect, it } from 'vitest';
import { countries, countryName } from './countries';
import { fieldFault, normalPhone } from './fields';

it.each([
  ['', { required: true }, 'required'],
  ['   ', { required: true }, 'required'],
  ['', { required: false }, ''],
  ['', { required: false, kind: 'phone' }, ''],
  ['+81 3-1234-5678', { required: true, kind: 'phone' }, ''],
  ['＋８１ 3 1234 5678', { required: true, kind: 'phone' }, ''],
  ['03-1234-5678', { required: true, kind: 'phone' }, 'phone'],
  ['+0123456', { required: true, kind: 'phone' }, 'phone'],
  ['it.admins@example.com', { required: true, kind: 'email' }, ''],
  ['it.admins', { required: true, kind: 'email' }, 'email'],
] as const)('%j under %j: %j', (value, rule, want) => {
  expect(fieldFault(value, rule)).toBe(want);
});

it.each([
  ['+81 (3) 1234-5678', '+81312345678'],
  [' +1.206.555.0100 ', '+12065550100'],
  ['0312345678', '0312345678'],
])('%j is %s', (typed, want) => {
  expect(normalPhone(typed)).toBe(want);
});

describe('countries', () => {
  it.each([
    ['en', 'Japan'],
    ['ja', '日本'],
  ])('has all of them in %s, each once', (locale, japan) => {
    const all = countries(locale);
    expect(all).toHaveLength(249);
    expect(new Set(all.map(({ code }) => code)).size).toBe(249);
    expect(all).toContainEqual({ code: 'JP', name: japan });
  });

  it('leaves alone what is none', () => {
    expect(countryName('??', 'en')).toBe('??');
  });
});
