import { describe, expect, it } from 'vitest';
import { generatePassword } from './password';

describe('generatePassword', () => {
  it.each([[null, 20], [{ MinimumPasswordLength: 8 }, 20], [{ MinimumPasswordLength: 128 }, 128]])('of %j has every class and %d characters', (policy, length) => {
    for (let i = 0; i < 200; i++) {
      const password = generatePassword(policy);
      expect(password).toHaveLength(length);
      expect(password).toMatch(/^[A-Za-z]/);
      for (const characters of [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z0-9]/]) expect(password).toMatch(characters);
      // Confusable, or in the way of CSV and shells' quotes.
      expect(password).not.toMatch(/[IOl01,"'\s]/);
    }
  });
  it('never gives the same again', () => {
    expect(new Set(Array.from({ length: 100 }, () => generatePassword(null))).size).toBe(100);
  });
});
