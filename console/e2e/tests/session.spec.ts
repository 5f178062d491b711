import { jane, organizationName, taro } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';

test('the session ends after 8 hours, and one can sign in again (H-19)', async ({ page, server, people, say }) => {
  await people.signIn(page, jane);
  await server.advance('7h59m');
  await page.reload();
  await people.atPortal(page);
  await server.advance('2m');
  await page.reload();
  await expect(people.title(page, 'identify.title')).toBeVisible();
  await expect(page.getByRole('status')).toContainText(say('identify.notice.session-ended'));
  await people.signInHere(page, jane);
  await people.atPortal(page);
});

test('a page that was open when the session ended says so and leads to sign-in (H-19)', async ({ page, server, people, words, watch }) => {
  watch.expect(401, /^\/api\/sso\//);
  await people.signIn(page, jane);
  await server.advance('8h1m');
  await people.account(page, 'Production').click();
  await expect(page.getByText(words.session.endedTitle).first()).toBeVisible();
  await page.getByRole('button', { name: words.session.signInAgain }).first().click();
  await people.signInHere(page, jane);
  await people.atPortal(page);
});

test('sign-out is at the top right (H-21, L-04)', async ({ page, people, words }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await people.signIn(page, jane);
  const box = await page.getByRole('button', { name: words.navigation.signOut, exact: true }).boundingBox();
  expect(box?.y).toBeLessThan(60);
  expect(box?.x).toBeGreaterThan(1000);
});

test('signing out shows the sign-in page, and every tab is out (L-04, L-05)', async ({ page, context, server, people, say, words, watch }) => {
  watch.expect(401, /^\/api\/sso\//);
  await people.signIn(page, jane);
  const second = await context.newPage();
  await second.goto(server.startUrl());
  await people.atPortal(second);

  await people.signOut(page);
  await expect(page.getByRole('status')).toContainText(say('identify.notice.signed-out'));

  await people.account(second, 'Staging').click();
  await expect(second.getByText(words.session.endedTitle).first()).toBeVisible();
  await second.getByRole('button', { name: words.session.signInAgain }).first().click();
  await expect(people.title(second, 'identify.title')).toBeVisible();
});

test('signing out in a tab that is out already leads to sign-in too (L-04)', async ({ page, context, server, people, watch }) => {
  watch.expect(401, /^\/start\/signout$/);
  await people.signIn(page, jane);
  const second = await context.newPage();
  await second.goto(server.startUrl());
  await people.atPortal(second);
  await people.signOut(page);
  await people.signOut(second);
});

test('signing out ends the session on every surface: other portal names, terminals, the device page (promise 12)', async ({ page, server, people, oidc }) => {
  await people.signIn(page, jane);
  const client = await oidc.register();
  const device = await oidc.startDevice(client);
  await page.goto(device.verificationUriComplete);
  await people.button(page, 'device-confirm.confirm').click();
  await people.button(page, 'consent.allow').click();
  await expect(people.title(page, 'device-done.approved')).toBeVisible();
  const { body: token } = await oidc.poll(client, device);
  expect(await oidc.listAccounts(token)).toBe(200);
  await page.goto(server.directoryUrl());
  await people.atPortal(page);

  await page.goto(server.startUrl());
  await people.signOut(page);

  expect(await oidc.listAccounts(token)).toBe(401);
  if (token.refreshToken) expect((await oidc.refresh(client, token.refreshToken)).status).toBe(400);
  await page.goto(server.directoryUrl());
  await expect(people.title(page, 'identify.title')).toBeVisible();
  await page.goto((await oidc.startDevice(client)).verificationUriComplete);
  await people.button(page, 'device-confirm.confirm').click();
  await expect(people.title(page, 'identify.title')).toBeVisible();
});

test('two browsers are two sessions', async ({ page, server, people, otherBrowser }) => {
  await people.signIn(page, jane);
  const other = await otherBrowser();
  await people.signIn(other, jane);
  await people.signOut(page);
  await other.reload();
  await people.atPortal(other);
  // Nor do two people get in each other's way.
  await page.goto(server.startUrl());
  await people.signInHere(page, taro);
  await people.atPortal(page);
  await other.reload();
  await expect(people.account(other, organizationName)).toBeVisible();
  await expect(people.account(page, organizationName)).toHaveCount(0);
});

test('a changed password ends the other sessions (promise 12)', async ({ page, server, people, oidc, otherBrowser }) => {
  await people.signIn(page, jane);
  const client = await oidc.register();
  const device = await oidc.startDevice(client);
  await page.goto(device.verificationUriComplete);
  await people.button(page, 'device-confirm.confirm').click();
  await people.button(page, 'consent.allow').click();
  await expect(people.title(page, 'device-done.approved')).toBeVisible();
  const { body: token } = await oidc.poll(client, device);

  const other = await otherBrowser();
  await other.goto(server.startUrl());
  await people.askForReset(other, jane.username);
  await other.goto(await people.resetLink(jane));
  await people.choosePassword(other, 'Another-Gate-54');
  await expect(people.title(other, 'password-done.title')).toBeVisible();

  expect(await oidc.listAccounts(token)).toBe(401);
  await page.goto(server.startUrl());
  await expect(people.title(page, 'identify.title')).toBeVisible();
});
