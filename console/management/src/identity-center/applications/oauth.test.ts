import type { GrantItem } from '@aws-sdk/client-sso-admin';
import { describe, expect, it } from 'vitest';
import { fromApi, grantsFaults, isApplicationUrl, isClaimPath, isIssuerUrl, isRedirectUri, lines, noGrants, scopeFaults, toApi, type Grants } from './oauth';

const ISSUER = 'arn:aws:sso::111122223333:trustedTokenIssuer/ssoins-1/tti-1';

describe('where codes and people are sent', () => {
  it.each([
    ['https://app.example.com/callback?x=1', true],
    ['http://localhost:8080/cb', true],
    ['http://127.0.0.1/cb', true],
    ['http://[::1]/cb', true],
    ['com.example.app:/callback', true],
    ['http://127.evil.example/cb', false],
    ['http://app.example.com/cb', false], // a code could be read on its way
    ['javascript:alert(1)', false], // a script in place of an address
    ['data:text/html,x', false],
    ['https://app.example.com/#x', false],
    ['https://user@app.example.com/', false], // one host dressed up as another
    ['https://*.example.com/', false], // open redirect
    ['https://app.example.com/ x', false],
    ['not a url', false],
    ['', false],
    [`https://app.example.com/${'x'.repeat(2048)}`, false],
  ])('redirect URI %s: %s', (uri, right) => {
    expect(isRedirectUri(uri)).toBe(right);
  });

  it.each([
    ['https://app.example.com', true],
    ['http://app.example.com/start?x=1#y', true],
    ['javascript:alert(1)', false],
    ['https://aws.example@evil.example/', false],
    ['https://', false],
    ['', false],
  ])('application URL %s: %s', (url, right) => {
    expect(isApplicationUrl(url)).toBe(right);
  });

  it.each([
    ['https://issuer.example.com/tenant', true],
    ['http://issuer.example.com', false],
    ['https://issuer.example.com/?x', false],
    ['https://issuer.example.com/#x', false],
  ])('issuer URL %s: %s', (url, right) => {
    expect(isIssuerUrl(url)).toBe(right);
  });

  it.each([
    ['email', true],
    ['address.country', true],
    ['preferred_username', true],
    ['a.b.c.d', false],
    ['', false],
    ['x1', false],
  ])('claim %s: %s', (claim, right) => {
    expect(isClaimPath(claim)).toBe(right);
  });
});

describe('grants (behaviours.md 6.11)', () => {
  const all: Grants = { code: true, redirectUris: 'https://a.example/cb\nhttps://b.example/cb', refresh: true, jwt: true, issuers: { [ISSUER]: 'one\ntwo' }, exchange: true };

  it('come back from the API as they went', () => {
    const items = [...toApi(all)].map(([GrantType, Grant]): GrantItem => ({ GrantType, Grant }));
    expect(items).toHaveLength(4);
    expect(fromApi(items)).toEqual(all);
    expect(toApi(noGrants).size).toBe(0);
    expect(fromApi([])).toEqual(noGrants);
  });

  it.each([
    [{}, []],
    [{ redirectUris: ' \n' }, ['redirectUris']],
    [{ redirectUris: Array.from({ length: 11 }, (_, i) => `https://a.example/${i}`).join('\n') }, ['redirectUris']],
    [{ redirectUris: 'javascript:alert(1)' }, ['redirectUris']],
    [{ code: false, redirectUris: 'nonsense' }, []],
    [{ issuers: {} }, ['issuers']],
    [{ issuers: { [ISSUER]: '' } }, ['issuers']],
    [{ issuers: { [ISSUER]: 'x'.repeat(513) } }, ['issuers']],
    [{ jwt: false, issuers: {} }, []],
  ] as [Partial<Grants>, string[]][])('%j has the faults %j', (change, faults) => {
    expect(grantsFaults({ ...all, ...change })).toEqual(faults);
  });

  it('lists what is on its lines, each once', () => {
    expect(lines(' a \n\nb\na\n')).toEqual(['a', 'b']);
  });

  it.each([
    [[{ name: 'sso:account:access', targets: '' }], [undefined]],
    [[{ name: 'a', targets: `${ISSUER}\n` }], [undefined]],
    [[{ name: 'a', targets: 'x' }], ['targets']],
    [[{ name: 'a:b:c:d', targets: '' }], ['name']],
    [[{ name: 'x'.repeat(51), targets: '' }], ['name']],
    [[{ name: 'a', targets: '' }, { name: 'a', targets: '' }], [undefined, 'name']],
    [[{ name: '', targets: '' }], ['name']],
  ])('scopes %j are %j', (scopes, faults) => {
    expect(scopeFaults(scopes)).toEqual(faults);
  });
});
