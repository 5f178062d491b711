import { expect, it } from 'vitest';
import { inUnits, LONGEST, minutesOf, PRESETS, SHORTEST } from './session';

it.each([
  ['14', undefined],
  ['15', 15],
  [' 480 ', 480],
  ['129600', 129_600],
  ['129601', undefined],
  ['', undefined],
  ['1.5e2', undefined],
  ['-60', undefined],
])('takes %j minutes as %s (G-56)', (typed, minutes) => {
  expect(minutesOf(typed)).toBe(minutes);
});

it('offers from the shortest to the longest (G-56)', () => {
  expect([PRESETS[0], PRESETS.at(-1)]).toEqual([SHORTEST, LONGEST]);
  expect(PRESETS.every((minutes) => minutesOf(String(minutes)) === minutes)).toBe(true);
});

it.each([
  [15, 'minutes', 15],
  [90, 'minutes', 90],
  [480, 'hours', 8],
  [1440, 'days', 1],
  [129_600, 'days', 90],
] as const)('tells %i minutes in %s', (minutes, unit, n) => {
  expect(inUnits(minutes)).toEqual({ unit, n });
});
