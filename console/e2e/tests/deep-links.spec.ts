/**
 * The portal's addresses behind the #, which no server sees, opened by who is not signed in: each
 * arrives where it leads, whatever sign-in asks for on the way (behaviours.md 6.12, 7.2).
 */
import type { Page } from '@playwright/test';
import { totp } from '../harness/authenticator.ts';
import { erika, organisationFile, sandboxAccount, taro } from '../harness/organisation.ts';
import type { People } from '../harness/people.ts';
import { expect, test } from '../harness/test.ts';

const file = JSON.parse(organisationFile) as { identity_center: object };
test.use({
  organisation: JSON.stringify({
    ...file,
    identity_center: { ...file.identity_center, mfa: { prompt: 'ALWAYS_ON', types: ['WEBAUTHN', 'TOTP'], no_device: 'REQUIRE_REGISTRATION' } },
  }),
});

/** Chooses an authenticator app, which every first sign-in wants here, and registers it; returns its seed. */
async function registerApp(page: Page, people: People): Promise<string> {
  await expect(people.title(page, 'personmfa.register.title')).toBeVisible();
  await people.link(page, 'personmfa.kind.app').click();
  const seed = ((await page.locator('#seed').textContent()) ?? '').replaceAll(' ', '');
  await people.field(page, 'personmfa.app.code').fill(totp(seed));
  await people.button(page, 'personmfa.app.submit').click();
  return seed;
}

test("AWS's shortcut to a role's console outlives another user, another language and a new device", async ({ page, server, people, say, language }) => {
  const destination = encodeURIComponent('https://console.aws.amazon.com/account');
  const hash = `#/console?account_id=${sandboxAccount}&role_name=AdministratorAccess&destination=${destination}`;
  await page.goto(`${server.startUrl()}/${hash}`);
  await people.identify(page, 'nobody');
  await people.link(page, 'password.change').click();
  await expect(people.title(page, 'identify.title')).toBeVisible();
  const other = language === 'ja' ? 'en' : 'ja';
  await page.getByRole('navigation').locator(`a[hreflang=${other}]`).click();
  await expect(page.locator('html')).toHaveAttribute('lang', other);
  await page.getByRole('navigation').locator(`a[hreflang=${language}]`).click();
  await people.signInHere(page, taro);
  await registerApp(page, people);
  await page.waitForURL(`${server.console()}/account`);
  await expect(page.getByText(say('personmfa.register.title'), { exact: true })).toHaveCount(0);
});

test('the page of sign-ins outlives a one-time password, and the filter a code', async ({ page, server, people, words }) => {
  await page.goto(`${server.startUrl()}/#/sessions`);
  await people.signInHere(page, erika);
  for (const field of ['field.new-password', 'field.confirm']) await people.password(page, field).fill('Deep-Gate-Road-64');
  await people.button(page, 'new-password.submit').click();
  const seed = await registerApp(page, people);
  await expect(page.getByRole('heading', { level: 1, name: words.sessions.title, exact: true })).toBeVisible();

  await people.signOut(page);
  await page.goto(`${server.startUrl()}#/?tab=accounts&filter=Sand`);
  await people.signInHere(page, erika, 'Deep-Gate-Road-64');
  await people.field(page, 'factor.code').fill(totp(seed, 1));
  await people.button(page, 'factor.submit').click();
  await expect(page.getByRole('searchbox', { name: words.accounts.filter })).toHaveValue('Sand');
});

test("a terminal's code in the portal's address leads to the page that approves it", async ({ page, server, people, say, oidc }) => {
  const device = await oidc.startDevice(await oidc.register());
  await page.goto(`${server.startUrl()}/#/device?user_code=${device.userCode}`);
  await people.signInHere(page, taro);
  await registerApp(page, people);
  await expect(people.title(page, 'device-confirm.title')).toBeVisible();
  await expect(page.getByRole('group', { name: say('device-confirm.code') })).toHaveText(device.userCode);
  expect(new URL(page.url()).origin).toBe(new URL(server.device()).origin);
  await people.button(page, 'device-confirm.confirm').click();
  await expect(people.button(page, 'consent.allow')).toBeVisible();
});
