import { expect, it } from 'vitest';
import { isExpired, needsAttention, type PaymentMethod } from './paymentMethods';

const card: PaymentMethod = { id: '1', brand: 'Visa', lastFour: '4242', expiryMonth: 4, expiryYear: 2029, isDefault: true, status: 'valid', error: '' };

it.each([
  ['2029-04-30T23:59:59Z', false],
  ['2029-05-01T00:00:00Z', true],
])('a card of 04/2029 at %s: expired %s', (at, want) => {
  expect(isExpired(card, Date.parse(at))).toBe(want);
});

it.each([
  [{}, false],
  [{ status: 'declined' }, true],
  [{ status: 'pending' }, true],
  [{ expiryYear: 2025 }, true],
] as [Partial<PaymentMethod>, boolean][])('%j needs attention: %s (A-36, E-10)', (change, want) => {
  expect(needsAttention({ ...card, ...change }, Date.parse('2026-01-01T00:00:00Z'))).toBe(want);
});
