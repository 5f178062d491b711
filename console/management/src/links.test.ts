// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { followLinks } from './links';

let undo: (() => void) | undefined;

afterEach(() => {
  undo?.();
  document.body.innerHTML = '';
});

function click(html: string, init: MouseEventInit = {}) {
  const navigate = vi.fn();
  undo = followLinks(document, navigate);
  document.body.innerHTML = html;
  // jsdom goes nowhere, and says so unless it is told not to.
  addEventListener('click', (event) => event.preventDefault(), { once: true });
  const event = new MouseEvent('click', { bubbles: true, cancelable: true, button: 0, ...init });
  document.querySelector('a, span')!.dispatchEvent(event);
  return navigate.mock.calls.flat();
}

describe('a click', () => {
  it.each([
    ['<a href="/iam/users?x=1#y">', {}, ['/iam/users?x=1#y']],
    ['<a href="/iam/users" target="_self">', {}, ['/iam/users']],
    // Another tab is the browser's.
    ['<a href="/iam/users" target="_blank">', {}, []],
    ['<a href="/iam/users">', { ctrlKey: true }, []],
    ['<a href="/iam/users">', { metaKey: true }, []],
    ['<a href="/iam/users">', { button: 1 }, []],
    ['<a href="/iam/users" download>', {}, []],
    // What only the server has.
    ['<a href="/switchrole?account=1">', {}, []],
    ['<a href="https://signin.example.com/iam/users">', {}, []],
    // Another host, whatever it looks like.
    ['<a href="//example.com/iam">', {}, []],
    ['<a href="javascript:alert(1)">', {}, []],
    ['<a>', {}, []],
    ['<span>', {}, []],
  ] as [string, MouseEventInit, string[]][])('%s %j → %j', (html, init, want) => {
    expect(click(html, init)).toEqual(want);
  });
});
