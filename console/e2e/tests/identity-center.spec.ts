/** What administrators do for people every day, and what people notice of it at once. */
import type { Page } from '@playwright/test';
import { setMessages } from '../../management/src/identity-center/permission-sets/messages.ts';
import { look } from '../harness/look.ts';
import { jane, keiko, organizationName, rootAccount, taro } from '../harness/organisation.ts';
import type { Messages } from '../harness/words.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 120_000 });

test.beforeEach(async ({ page, watch, accountsOn }) => {
  watch.allow(404, /^\/api\//);
  const accounts = accountsOn(page);
  await accounts.signInUserAt(rootAccount, keiko.username, keiko.password);
  await accounts.inConsole();
});

const rolesOf = (page: Page, words: Messages, account: string) => page.getByRole('list', { name: words.accounts.roles(account), exact: true });

test('a one-time password is shown once, and good for one sign-in, after which the person chooses another (G-25 to G-27, H-08)', async ({
  page, server, people, say, otherBrowser, identityCenterOn, watch,
}, info) => {
  watch.allow(422, /^\/platform\//);
  const center = identityCenterOn(page);
  const mika = { userName: 'mika', email: 'mika.tanaka@example.com', givenName: 'Mika', familyName: 'Tanaka' };
  const handed = await center.addWithPassword(mika);
  await look(page, info, 'center-1-added');
  expect(handed.portalUrl).toBe(server.startUrl());

  const theirs = await otherBrowser();
  await theirs.goto(handed.portalUrl);
  await people.identify(theirs, mika.userName);
  await people.enterPassword(theirs, handed.password);
  await expect(people.title(theirs, 'new-password.title')).toBeVisible();
  await look(theirs, info, 'center-2-new-password');
  await people.choosePassword(theirs, 'Kiso-Fukushima-53');
  await people.atPortal(theirs);
  await people.signOut(theirs);

  await people.identify(theirs, mika.userName);
  await people.enterPassword(theirs, handed.password);
  await expect(people.faults(theirs)).toContainText(say('password.error.incorrect'));
});

test('what a group is assigned, its members have at once (G-32, G-40 to G-44, H-12)', async ({ page, people, words, otherBrowser, consoleOn, identityCenterOn }, info) => {
  const desk = consoleOn(page);
  const center = identityCenterOn(page);
  const theirs = await otherBrowser();
  await people.signIn(theirs, jane);
  await people.account(theirs, organizationName).click();
  await expect(rolesOf(theirs, words, organizationName)).not.toContainText('PowerUserAccess');

  await desk.open('/singlesignon/accounts');
  await center.tick(organizationName);
  await center.chooseGroup('Developers');
  await center.chooseSet('PowerUserAccess');
  await look(page, info, 'center-3-review-group');
  await center.submitAssignments(1);

  await theirs.reload();
  await people.atPortal(theirs);
  await people.account(theirs, organizationName).click();
  await expect(rolesOf(theirs, words, organizationName)).toContainText('PowerUserAccess');
  await look(theirs, info, 'center-4-portal');
});

test('a permission set that is changed goes to its accounts, and says when it is there (G-36, G-38, G-46)', async ({ page, language, watch, consoleOn }, info) => {
  // A set without a permissions boundary is told so.
  watch.allow(400, /^\/api\/sso-admin/);
  const t = setMessages[language];
  const desk = consoleOn(page);
  await desk.open('/singlesignon/permission-sets');
  await page.getByRole('link', { name: 'PowerUserAccess', exact: true }).click();
  await expect(desk.title('PowerUserAccess')).toBeVisible();
  await desk.button(t.page.edit).first().click();
  const asked = desk.dialog(t.page.editTitle);
  await asked.getByLabel(t.fields.description).fill('Builders');
  await look(page, info, 'center-5-edit-set');
  await asked.locator('button[form]').click();
  await expect(page.getByText(t.provisioning.done, { exact: true })).toBeVisible({ timeout: 20_000 });
  await look(page, info, 'center-6-provisioned');
});

test('a person who is disabled is out of the portal at once, and in again when enabled (H-12, L-04)', async ({ page, people, say, words, watch, otherBrowser, consoleOn, consoleWords }, info) => {
  watch.allow(401, /^\/(assignment|api)\//);
  const { users: t } = consoleWords.center;
  const desk = consoleOn(page);
  const theirs = await otherBrowser();
  await people.signIn(theirs, taro);

  await desk.open('/singlesignon/users');
  await page.getByRole('searchbox', { name: t.find }).fill(taro.username);
  await page.getByRole('link', { name: taro.username, exact: true }).click();
  await expect(desk.title(taro.username)).toBeVisible();
  await desk.button(t.disable).click();
  await desk.button(t.disable, desk.dialog(t.disableTitle(taro.username))).click();
  await expect(desk.notice(t.disabledDone(1))).toBeVisible();
  await look(page, info, 'center-7-disabled');

  await theirs.getByRole('button', { name: words.accounts.refresh, exact: true }).click();
  await expect(theirs.getByText(words.session.endedTitle)).toBeVisible();
  await look(theirs, info, 'center-8-ended');
  await theirs.getByRole('button', { name: words.session.signInAgain, exact: true }).click();
  await people.identify(theirs, taro.username);
  watch.allow(422, /^\/platform\//);
  await people.enterPassword(theirs, taro.password);
  await expect(people.faults(theirs)).toContainText(say('password.error.incorrect'));

  await desk.button(t.enable).click();
  await expect(desk.notice(t.enabledDone(1))).toBeVisible();
  await people.enterPassword(theirs, taro.password);
  await people.atPortal(theirs);
});
