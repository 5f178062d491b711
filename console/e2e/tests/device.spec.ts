import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { clientName, codeClient, Loopback } from '../harness/oidc.ts';
import { jane, organizationName } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';
import type { Say } from '../harness/words.ts';

/** The page that asks: for whom, for what, and since when. */
async function asksForConsent(page: Page, say: Say): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toContainText(clientName);
  const main = page.getByRole('main');
  await expect(main).toContainText(say('consent.user.of', { user: jane.username, organisation: organizationName }));
  await expect(main).toContainText(say('consent.scope.accounts'));
  await expect(main).toContainText(say('consent.unverified'));
  await expect(main).toContainText(say('consent.age.now'));
  await expect(main).toContainText(say('device.warning'));
}

test('a terminal is approved: confirm the code, sign in, see who asks for what, allow (I-04, I-07 to I-09, promise 11)', async ({ page, server, people, say, oidc }) => {
  const client = await oidc.register();
  const device = await oidc.startDevice(client);
  expect(device.verificationUriComplete.startsWith(server.device())).toBe(true);
  expect((await oidc.poll(client, device)).body.error).toBe('authorization_pending');

  await page.goto(device.verificationUriComplete);
  await expect(people.title(page, 'device-confirm.title')).toBeVisible();
  await expect(page.getByRole('group', { name: say('device-confirm.code') })).toHaveText(device.userCode);
  await people.button(page, 'device-confirm.confirm').click();
  await people.signInHere(page, jane);
  await asksForConsent(page, say);
  await expect(page.getByText(device.userCode)).toBeVisible();
  await expect(page.getByRole('main')).toContainText('127.0.0.1');
  await expect(page.getByRole('main')).toContainText('aws-cli/2.9.19');

  await people.button(page, 'consent.allow').click();
  await expect(people.title(page, 'device-done.approved')).toBeVisible();
  await expect(page.getByRole('status')).toContainText(clientName);
  await page.reload();
  await expect(people.title(page, 'device-done.approved')).toBeVisible();

  const { status, body } = await oidc.poll(client, device);
  expect(status).toBe(200);
  expect(await oidc.listAccounts(body)).toBe(200);
});

test('the code is typed as people type, and whoever is signed in need not sign in (I-08)', async ({ page, people, say, oidc, watch }) => {
  watch.expect(422, /^\/$/);
  await people.signIn(page, jane);
  const client = await oidc.register();
  const device = await oidc.startDevice(client);
  await page.goto(device.verificationUri);
  await expect(people.title(page, 'device-entry.title')).toBeVisible();
  await people.field(page, 'field.user-code').fill('ABC');
  await people.button(page, 'device-entry.next').click();
  await expect(people.faults(page)).toBeFocused();
  await people.field(page, 'field.user-code').fill(` ${device.userCode.toLowerCase().replace('-', ' ')} `);
  await people.button(page, 'device-entry.next').click();
  await expect(page.getByRole('group', { name: say('device-confirm.code') })).toHaveText(device.userCode);
  await people.button(page, 'device-confirm.confirm').click();
  await asksForConsent(page, say);
  await people.button(page, 'consent.allow').click();
  await expect(people.title(page, 'device-done.approved')).toBeVisible();
  expect((await oidc.poll(client, device)).status).toBe(200);
});

test('denied is denied, at the first page and at the last (I-08, promise 11)', async ({ page, people, oidc }) => {
  await people.signIn(page, jane);
  const client = await oidc.register();
  const cancelled = await oidc.startDevice(client);
  await page.goto(cancelled.verificationUriComplete);
  await people.button(page, 'device-confirm.cancel').click();
  await expect(people.title(page, 'device-done.denied')).toBeVisible();
  // Nobody was asked who they are, so nothing was decided.
  expect((await oidc.poll(client, cancelled)).body.error).toBe('authorization_pending');

  const denied = await oidc.startDevice(client);
  await page.goto(denied.verificationUriComplete);
  await people.button(page, 'device-confirm.confirm').click();
  await people.button(page, 'consent.deny').click();
  await expect(people.title(page, 'device-done.denied')).toBeVisible();
  expect((await oidc.poll(client, denied)).body.error).toBe('access_denied');
});

test('a code that nobody waits for, that expired or was used, does not work (promise 11)', async ({ page, server, people, oidc, watch }) => {
  watch.expect(404, /^\/platform\/consent$/);
  await people.signIn(page, jane);
  const client = await oidc.register();
  const used = await oidc.startDevice(client);
  const approve = async (address: string) => {
    await page.goto(address);
    await people.button(page, 'device-confirm.confirm').click();
  };
  await approve(used.verificationUriComplete);
  await people.button(page, 'consent.allow').click();
  await expect(people.title(page, 'device-done.approved')).toBeVisible();
  const expired = await oidc.startDevice(client);
  await server.advance('11m');
  for (const address of [used.verificationUriComplete, expired.verificationUriComplete, `${server.device()}/?user_code=BBBB-BBBB`]) {
    await approve(address);
    await expect(people.title(page, 'problem.code-invalid.title')).toBeVisible();
  }
  await people.link(page, 'problem.code-invalid.link').click();
  await expect(people.title(page, 'device-entry.title')).toBeVisible();
});

test('no address approves: not the link, not the page, not with an answer in it (promise 11)', async ({ page, people, oidc }) => {
  await people.signIn(page, jane);
  const client = await oidc.register();
  const device = await oidc.startDevice(client);
  await page.goto(device.verificationUriComplete);
  await page.goto(`${device.verificationUriComplete}&decision=confirm`);
  await expect(people.title(page, 'device-confirm.title')).toBeVisible();
  await people.button(page, 'device-confirm.confirm').click();
  await expect(people.button(page, 'consent.allow')).toBeVisible();
  await page.goto(`${page.url()}&decision=allow`);
  await expect(people.button(page, 'consent.allow')).toBeVisible();
  expect((await oidc.poll(client, device)).body.error).toBe('authorization_pending');
});

test('another site\'s form approves nothing (promise 11)', async ({ page, server, people, oidc, watch }) => {
  watch.expect(403, /^\/platform\/consent$/);
  await people.signIn(page, jane);
  const client = await oidc.register();
  const device = await oidc.startDevice(client);
  await page.goto(device.verificationUriComplete);
  await people.button(page, 'device-confirm.confirm').click();
  await expect(people.button(page, 'consent.allow')).toBeVisible();
  const flow = await page.locator('input[name=flow]').inputValue();
  const evil = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>evil</title><link rel="icon" href="data:,"><form method="post" action="${server.signIn()}/platform/consent">
      <input name="flow" value="${flow}"><button name="decision" value="allow">Win a prize</button></form>`);
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
    await page.getByRole('button', { name: 'Win a prize' }).click();
    await expect(people.title(page, 'device-done.approved')).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect((await oidc.poll(client, device)).body.error).toBe('authorization_pending');
  } finally {
    evil.closeAllConnections();
    evil.close();
  }
});

test('an application gets its code by redirect, which the page allows to it alone (I-04, promise 10)', async ({ page, server, people, say, oidc }) => {
  const client = await oidc.register(codeClient(server));
  const listener = await new Loopback().listen();
  try {
    await page.goto(listener.authorizeUrl(server, client));
    await people.signInHere(page, jane);
    await asksForConsent(page, say);
    await expect(page.getByRole('main')).toContainText(listener.redirectUri);
    expect(listener.calls).toBe(0);
    await people.button(page, 'consent.allow').click();
    await expect(page.getByRole('heading', { name: 'The client has its answer' })).toBeVisible();
    const answer = await listener.answer;
    expect(answer.get('state')).toBe(listener.state);
    const { status, body } = await oidc.redeem(client, answer.get('code') ?? '', listener.redirectUri, listener.verifier);
    expect(status).toBe(200);
    expect(await oidc.listAccounts(body)).toBe(200);
    expect(body.refreshToken).toBeTruthy();
  } finally {
    await listener.close();
  }
});

test('an application that is denied is told so', async ({ page, server, people, oidc }) => {
  await people.signIn(page, jane);
  const client = await oidc.register(codeClient(server));
  const listener = await new Loopback().listen();
  try {
    await page.goto(listener.authorizeUrl(server, client));
    await people.button(page, 'consent.deny').click();
    await expect(page.getByRole('heading', { name: 'The client has its answer' })).toBeVisible();
    const answer = await listener.answer;
    expect(answer.get('error')).toBe('access_denied');
    expect(answer.get('state')).toBe(listener.state);
    expect(answer.has('code')).toBe(false);
  } finally {
    await listener.close();
  }
});

test('a foreign redirect URI or an unknown client gets a page and no redirect (promise 9)', async ({ page, server, people, oidc, watch }) => {
  watch.expect(400, /^\/authorize$/);
  await people.signIn(page, jane);
  const client = await oidc.register(codeClient(server));
  const listener = await new Loopback().listen();
  try {
    const refused: Record<string, string>[] = [
      { redirect_uri: listener.redirectUri.replace('/oauth/callback', '/oauth/callback/../callback') },
      { redirect_uri: listener.redirectUri.replace('127.0.0.1', 'localhost') },
      { redirect_uri: `${listener.redirectUri}?x=1` },
      { client_id: 'unknown' },
    ];
    for (const changes of refused) {
      await page.goto(listener.authorizeUrl(server, client, changes));
      await expect(people.title(page, 'problem.bad-request.title')).toBeVisible();
      expect(new URL(page.url()).port).toBe(String(server.port));
    }
    expect(listener.calls).toBe(0);
  } finally {
    await listener.close();
  }
});
