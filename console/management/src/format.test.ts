import { expect, it } from 'vitest';
import { createFormat } from './format';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const before = (seconds: number) => new Date(NOW - seconds * 1000);

it.each([
  [before(30), '30 seconds ago', '30 秒前'],
  [before(90), '1 minute ago', '1 分前'],
  [before(3 * 86_400), '3 days ago', '3 日前'],
  [before(40 * 86_400), 'last month', '先月'],
  [undefined, '–', '–'],
])('%s', (at, en, ja) => {
  expect(createFormat('en', () => NOW).ago(at)).toBe(en);
  expect(createFormat('ja', () => NOW).ago(at)).toBe(ja);
});
