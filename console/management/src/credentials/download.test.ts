import { expect, it } from 'vitest';
import { csv } from './download';

it.each([
  [[['Access key ID', 'Secret access key'], ['AKIA', 'a/b+c']], 'Access key ID,Secret access key\r\nAKIA,a/b+c\r\n'],
  [[['a,b', 'say "x"', 'two\nlines']], '"a,b","say ""x""","two\nlines"\r\n'],
  // CSV injection: a spreadsheet must not run what somebody named a user.
  [[['=HYPERLINK("x")', '+1', '-1', '@a']], `"'=HYPERLINK(""x"")",'+1,'-1,'@a\r\n`],
])('%j', (rows, want) => {
  expect(csv(rows)).toBe(`\ufeff${want}`);
});

// A secret access key may begin with "+".
it('leaves a secret as it is', () => {
  expect(csv([['+abc/=']], { exact: true })).toBe('\ufeff+abc/=\r\n');
});
