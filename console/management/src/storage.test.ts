// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest';
import { MOST_RECENT, recentSections, rememberedRegion, rememberRegion, rememberSection } from './storage';

afterEach(() => localStorage.clear());

it('keeps the Region, as long as the server has it (E-09)', () => {
  expect(rememberedRegion(['us-east-1', 'eu-west-1'], 'us-east-1')).toBe('us-east-1');
  rememberRegion('eu-west-1');
  expect(rememberedRegion(['us-east-1', 'eu-west-1'], 'us-east-1')).toBe('eu-west-1');
  expect(rememberedRegion(['us-east-1'], 'us-east-1')).toBe('us-east-1');
});

it('keeps what was visited last, each once, newest first', () => {
  for (const id of ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g']) rememberSection(id);
  expect(recentSections()).toEqual(['g', 'f', 'e', 'd', 'c', 'a']);
  expect(recentSections()).toHaveLength(MOST_RECENT);
});

it.each(['{', '"a"', '[1,{}]'])('starts anew where the browser keeps %s', (kept) => {
  localStorage.setItem('sekisho-recent', kept);
  expect(recentSections()).toEqual([]);
});
