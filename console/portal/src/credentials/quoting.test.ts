import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { section, setting, setVariable, shells, UnwritableValueError, word } from './quoting';

describe('setVariable', () => {
  it.each([
    ['posix', 'wJalr/X+U=', 'export V="wJalr/X+U="'],
    ['cmd', 'wJalr/X+U=', 'SET V=wJalr/X+U='],
    ['powershell', 'wJalr/X+U=', '$Env:V="wJalr/X+U="'],
    ['posix', 'a"$(id)`id`!b', `export V='a"$(id)\`id\`!b'`],
    ['posix', "it's", `export V='it'\\''s'`],
    ['cmd', 'a&calc|b', 'SET "V=a&calc|b"'],
    ['powershell', 'a"$(id)`b', `$Env:V='a"$(id)\`b'`],
    ['powershell', "it's ’quoted", `$Env:V='it''s ’’quoted'`],
  ] as const)('%s: %s', (shell, value, want) => {
    expect(setVariable(shell, 'V', value)).toBe(want);
  });

  it.each(['plain', 'http://localhost:8420', "a'b", 'a"b', '$HOME', '`id`', '$(id)', '!!', 'a b;c&d', '\\', '\\n', '%PATH%', '*'])(
    'a POSIX shell reads back %j',
    (value) => {
      const script = `${setVariable('posix', 'V', value)}\nprintf %s "$V"`;
      expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(value);
    },
  );

  it.each(shells)('%s: refuses what would begin another command', (shell) => {
    for (const value of ['a\nb', 'a\rb', 'a\u0000b', 'a\u2028b']) {
      expect(() => setVariable(shell, 'V', value)).toThrow(UnwritableValueError);
    }
  });

  it('refuses what cmd cannot carry', () => {
    expect(() => setVariable('cmd', 'V', 'a"&calc')).toThrow(UnwritableValueError);
    expect(() => setVariable('cmd', 'V', '%PATH% x')).toThrow(UnwritableValueError);
  });
});

describe('word', () => {
  it.each([
    ['posix', 'Admin-1', 'Admin-1'],
    ['cmd', 'Admin-1', 'Admin-1'],
    ['powershell', 'Admin-1', 'Admin-1'],
    // All of these may occur in a permission set's name.
    ['posix', 'a+b=c,d@e', "'a+b=c,d@e'"],
    ['cmd', 'a+b=c,d@e', '"a+b=c,d@e"'],
    ['powershell', 'a+b=c,d@e', "'a+b=c,d@e'"],
  ] as const)('%s: %s', (shell, value, want) => {
    expect(word(shell, value)).toBe(want);
  });
});

describe('config file', () => {
  it('spells settings and sections', () => {
    expect(setting('region', 'us-east-1')).toBe('region = us-east-1');
    expect(setting('region', 'us-east-1', '=')).toBe('region=us-east-1');
    expect(section('', 'default')).toBe('[default]');
    expect(section('profile', 'a+b=c,d@e-1')).toBe('[profile a+b=c,d@e-1]');
    expect(section('profile', 'two words')).toBe('[profile "two words"]');
  });

  it('lets no value begin another setting or section', () => {
    expect(() => setting('region', 'us-east-1\ncredential_process = calc')).toThrow(UnwritableValueError);
    expect(() => section('profile', 'a]\n[default')).toThrow(UnwritableValueError);
    expect(() => section('profile', 'a]')).toThrow(UnwritableValueError);
  });
});
