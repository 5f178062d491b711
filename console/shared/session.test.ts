// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest';
import { readSession, serverClock } from './session';

afterEach(() => {
  document.head.innerHTML = '';
});

it('reads what the server wrote into the page', () => {
  document.head.innerHTML = '<script type="application/json" id="sekisho-session">{"region":"eu-west-1","organizationName":"\\u003c/script>"}</script>';
  expect(readSession(document)).toMatchObject({ region: 'eu-west-1', organizationName: '</script>' });
});

it('has no session where the server wrote none', () => {
  expect(readSession(document)).toBeNull();
});

it("runs with the server's clock", () => {
  let local = Date.parse('2026-01-01T00:00:00Z');
  const now = serverClock('2026-01-02T00:00:00Z', () => local);
  expect(new Date(now()).toISOString()).toBe('2026-01-02T00:00:00.000Z');
  local += 5_000;
  expect(new Date(now()).toISOString()).toBe('2026-01-02T00:00:05.000Z');
});
