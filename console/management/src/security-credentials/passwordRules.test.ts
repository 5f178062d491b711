import { expect, it } from 'vitest';
import { messages } from './messages';
import { passwordFaults, passwordRules } from './passwordRules';

it('says what the policy asks for, and nothing else', () => {
  const t = messages.en.password;
  expect(passwordRules({ MinimumPasswordLength: 12, RequireNumbers: true, RequireSymbols: false, PasswordReusePrevention: 3 }, t)).toEqual([
    t.length(12),
    t.number,
    t.reuse(3),
  ]);
  expect(passwordRules({}, t)).toEqual([]);
});

it.each([
  ['old', 'new', 'new', { current: '', next: '', again: '' }],
  ['', 'new', 'new', { current: 'needed', next: '', again: '' }],
  ['old', '', '', { current: '', next: 'needed', again: '' }],
  ['old', 'old', 'old', { current: '', next: 'same', again: '' }],
  ['old', 'new', 'neu', { current: '', next: '', again: 'differ' }],
])('%j → %j, %j', (current, next, again, want) => {
  expect(passwordFaults(current, next, again)).toEqual(want);
});
