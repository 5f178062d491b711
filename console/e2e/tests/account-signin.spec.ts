/** Root users and IAM users at the sign-in page: what they see, in both languages. */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page, TestInfo } from '@playwright/test';
import axe from 'axe-core';
import { keiko, kenji, root, rootAccount } from '../harness/organisation.ts';
import type { People } from '../harness/people.ts';
import type { Sekisho } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';
import type { Say } from '../harness/words.ts';

const axeSource = createRequire(import.meta.url)('axe-core').source as string;
const pictures = path.resolve(import.meta.dirname, '../../../test/results/screenshots');
const alias = 'example';

/** A picture for people to look at, and what a machine can tell about accessibility. */
async function look(page: Page, info: TestInfo, name: string): Promise<void> {
  const dir = path.join(pictures, info.project.name);
  mkdirSync(dir, { recursive: true });
  await page.screenshot({ path: path.join(dir, `account-${name}.png`), fullPage: true, animations: 'disabled', timeout: 20_000 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() =>
      (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        resultTypes: ['violations'],
      }),
    );
    const grave = violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
    expect.soft(grave, `axe about ${name}, ${colorScheme}`).toEqual([]);
  }
}

/** From the main page to the one for the root user's password. */
async function rootEmail(page: Page, people: People, say: Say, email: string): Promise<void> {
  await page.getByRole('radio', { name: say('account.root'), exact: true }).check();
  await people.field(page, 'account.field.email').fill(email);
  await people.button(page, 'account.next').click();
}

/** Signs in on the page of IAM users. */
async function iamUser(page: Page, people: People, account: string | undefined, name: string, password: string): Promise<void> {
  if (account !== undefined) await people.field(page, 'account.field.account').fill(account);
  await people.field(page, 'account.field.user').fill(name);
  await people.password(page).fill(password);
  await people.button(page, 'account.submit').click();
}

async function newestCode(server: Sekisho, to: string): Promise<string> {
  const codes = async () => (await server.messages(to)).flatMap((m) => m.codes);
  await expect.poll(async () => (await codes()).length, { message: 'a mail with a code' }).toBeGreaterThan(0);
  return (await codes())[0] ?? '';
}

async function inConsole(page: Page, server: Sekisho): Promise<void> {
  await page.waitForURL((url) => url.origin === server.console());
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

// The console asks for what may not be there yet, and for what not everybody may see.
test.beforeEach(({ watch }) => {
  for (const status of [401, 403, 404]) watch.allow(status, /^\/api\//);
});

test('the root user signs in with e-mail address, password and the mailed code (B-05 to B-07, B-11, B-14 to B-16, N-16)', async ({ page, server, people, language }, info) => {
  await page.goto(`${server.console()}/console/home`);
  const required = {
    en: { root: 'Root user', iam: 'IAM user', next: 'Next', forgot: 'Forgot password?', signIn: 'Sign in' },
    ja: { root: 'ルートユーザー', iam: 'IAM ユーザー', next: '次へ', forgot: 'パスワードをお忘れですか?', signIn: 'サインイン' },
  }[language];
  await expect(page).toHaveURL(new RegExp(`^${server.signIn()}/`));
  await expect(page.getByRole('radio', { name: required.root, exact: true })).toBeChecked();
  // Only what the chosen type of user has to say is asked for.
  await expect(people.field(page, 'account.field.email')).toBeFocused();
  await expect(people.field(page, 'account.field.account')).toBeHidden();
  await look(page, info, 'main');
  await page.getByRole('radio', { name: required.iam, exact: true }).check();
  await expect(people.field(page, 'account.field.email')).toBeHidden();
  await expect(people.field(page, 'account.field.account')).toBeVisible();
  await look(page, info, 'main-iam');
  await page.getByRole('radio', { name: required.root, exact: true }).check();
  await expect(people.field(page, 'account.field.email')).toHaveAttribute('placeholder', 'username@example.com');
  await people.field(page, 'account.field.email').fill(root.email);
  await page.getByRole('button', { name: required.next, exact: true }).click();

  await expect(people.title(page, 'account.root.title')).toBeVisible();
  await expect(page.getByText(root.email, { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: required.forgot, exact: true })).toBeVisible();
  await expect(people.password(page)).toBeFocused();
  await expect(people.password(page)).toHaveAttribute('autocomplete', 'current-password');
  await look(page, info, 'root');
  await people.password(page).fill(root.password);
  await page.getByRole('button', { name: required.signIn, exact: true }).click();

  await expect(people.title(page, 'account.code.title')).toBeVisible();
  await look(page, info, 'code');
  await people.field(page, 'account.field.code').fill(await newestCode(server, root.email));
  await people.button(page, 'account.code.submit').click();
  await inConsole(page, server);

  // In this browser the address is remembered, and no code is mailed again.
  await page.goto(`${server.signIn()}/signin/signout`);
  await look(page, info, 'sign-out');
  await people.button(page, 'account.out.submit').click();
  await expect(people.field(page, 'account.field.email')).toHaveValue(root.email);
  await people.button(page, 'account.next').click();
  await people.password(page).fill(root.password);
  await people.button(page, 'account.submit').click();
  await inConsole(page, server);
});

test('an IAM user signs in by the main page and by the address of the account (C-05 to C-09, B-17, B-28, D-02)', async ({ page, server, people, say }, info) => {
  await page.goto(`${server.console()}/console/home`);
  await page.getByRole('radio', { name: say('account.iam'), exact: true }).check();
  await people.field(page, 'account.field.account').fill(rootAccount);
  await people.button(page, 'account.next').click();
  await expect(people.title(page, 'account.iam.title')).toBeVisible();
  expect(page.url()).toContain(`account=${rootAccount}`); // C-25
  await expect(people.field(page, 'account.field.account')).toHaveValue(rootAccount);
  await look(page, info, 'iam');
  await page.getByRole('checkbox', { name: say('account.remember'), exact: true }).check();
  await iamUser(page, people, undefined, keiko.username, keiko.password);
  await inConsole(page, server);

  // This browser shows the IAM users' page from now on, filled in; from it the main
  // page is a step away.
  await page.goto(`${server.signIn()}/signin/signout`);
  await people.button(page, 'account.out.submit').click();
  await expect(people.title(page, 'account.iam.title')).toBeVisible();
  await expect(people.field(page, 'account.field.user')).toHaveValue(keiko.username);
  await people.link(page, 'account.with-root').click();
  await expect(people.title(page, 'account.main.title')).toBeVisible();

  await page.goto(`http://${alias}.signin.localhost:${server.port}/console`);
  await expect(people.title(page, 'account.iam.title')).toBeVisible();
  await expect(people.field(page, 'account.field.account')).toHaveValue(alias);
  await expect(people.link(page, 'account.with-root-credentials')).toBeVisible();
  await look(page, info, 'iam-own');
  await iamUser(page, people, undefined, kenji.username, kenji.password);
  await inConsole(page, server);
});

test('what is wrong is told in the same words, with a way to the right page (M-05 to M-12)', async ({ page, server, people, say, watch }, info) => {
  watch.expect(422, /^\/(signin\/(iam|root|check))?$/);
  const told: string[] = [];
  for (const [account, name] of [[alias, keiko.username], [alias, 'zoltan'], ['999999999999', keiko.username]] as const) {
    await page.goto(`${server.signIn()}/signin/iam`);
    await iamUser(page, people, account, name, 'Not-The-Password-53');
    await expect(people.faults(page)).toBeFocused();
    await expect(people.faults(page)).toContainText(say('account.failed'));
    await expect(people.password(page)).toHaveValue('');
    await expect(people.link(page, 'account.help.portal')).toBeVisible();
    told.push((await page.getByRole('main').innerText()).replaceAll(name, '…'));
  }
  expect(told[1]).toBe(told[0]);
  expect(told[2]).toBe(told[0]);
  await look(page, info, 'iam-refused');

  // From this address a security check comes before the next root password: its
  // characters can be read, changed or heard.
  await page.goto(`${server.signIn()}/?user=root`);
  await people.button(page, 'account.next').click();
  await expect(people.faults(page)).toBeFocused();
  await look(page, info, 'main-required');
  await rootEmail(page, people, say, root.email);
  await expect(people.title(page, 'account.check.title')).toBeVisible();
  await look(page, info, 'check');
  const before = await people.captchaImage(page).getAttribute('src');
  await people.link(page, 'captcha.refresh').click();
  await expect(people.captchaImage(page)).not.toHaveAttribute('src', before ?? '');
  const sound = (await page.locator('audio').getAttribute('src')) ?? '';
  await people.field(page, 'account.characters').fill(await server.captchaAnswer(sound));
  await people.button(page, 'account.check.submit').click();
  await expect(people.title(page, 'account.root.title')).toBeVisible();
  await people.password(page).fill('Not-The-Password-53');
  await people.button(page, 'account.submit').click();
  await expect(people.title(page, 'account.check.title')).toBeVisible();
  await expect(people.faults(page)).toContainText(say('account.error.incorrect'));
  await look(page, info, 'check-refused');
  await people.field(page, 'account.characters').fill(await people.captchaAnswer(page));
  await people.button(page, 'account.check.submit').click();
  await people.password(page).fill(root.password);
  await people.button(page, 'account.submit').click();
  await expect(people.title(page, 'account.code.title')).toBeVisible();
});

test('an IAM user signs out before the root password is recovered in the same browser (B-27)', async ({ page, server, people, watch }, info) => {
  watch.expect(409, /^\/signin\/forgot$/);
  await page.goto(`${server.signIn()}/signin/iam`);
  await iamUser(page, people, alias, keiko.username, keiko.password);
  await inConsole(page, server);
  await page.goto(`${server.signIn()}/signin/forgot`);
  await expect(people.title(page, 'account.out.first')).toBeVisible();
  await look(page, info, 'sign-out-first');
  await people.button(page, 'account.out.submit').click();
  await expect(people.title(page, 'account.recovery.title')).toBeVisible();
});

test('a forgotten root password is reset by a mailed link, in any browser (B-25 to B-32, N-18)', async ({ page, server, people, say, watch, otherBrowser }, info) => {
  watch.expect(422, /^\/signin\/new-password$/);
  await page.goto(`${server.signIn()}/?user=root`);
  await rootEmail(page, people, say, root.email);
  await people.link(page, 'account.forgot').first().click();
  await expect(people.title(page, 'account.recovery.title')).toBeVisible();
  await expect(people.field(page, 'account.recovery.email')).toHaveValue(root.email);
  await look(page, info, 'recovery');
  await people.field(page, 'account.characters').fill(await people.captchaAnswer(page));
  await people.button(page, 'account.recovery.submit').click();
  await expect(people.title(page, 'account.sent.title')).toBeVisible();
  await look(page, info, 'recovery-sent');

  const reader = await otherBrowser();
  await reader.goto(await people.resetLink(root));
  await expect(reader.getByRole('heading', { level: 1, name: say('account.password.reset'), exact: true })).toBeVisible();
  await expect(reader.getByRole('checkbox', { name: say('account.end-all'), exact: true })).toBeChecked();
  await look(reader, info, 'reset');
  const choose = async (password: string) => {
    await people.password(reader, 'field.new-password').fill(password);
    await people.password(reader, 'field.confirm').fill(password);
    await people.button(reader, 'account.password.reset').click();
  };
  await choose('onlyletters');
  await expect(people.faults(reader)).toBeFocused();
  await look(reader, info, 'reset-refused');
  await choose('New-Root-Gate-53');
  await expect(people.title(reader, 'account.done.title')).toBeVisible();
  await look(reader, info, 'reset-done');
  await people.link(reader, 'account.submit').click();
  await rootEmail(reader, people, say, root.email);
  await people.password(reader).fill('New-Root-Gate-53');
  await people.button(reader, 'account.submit').click();
  await inConsole(reader, server);
});

test('without script, and with the keyboard alone', async ({ browser, server, say, locale }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale });
  const page = await context.newPage();
  await page.goto(`${server.signIn()}/`);
  // Typing begins in the address; the type of user is a step back.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.getByRole('radio', { name: say('account.root'), exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  const account = page.getByRole('textbox', { name: say('account.field.account'), exact: true });
  await expect(account).toBeVisible();
  await account.fill(alias);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('account.iam.title'), exact: true })).toBeVisible();
  await page.getByRole('textbox', { name: say('account.field.user'), exact: true }).fill(kenji.username);
  await page.getByLabel(say('field.password'), { exact: true }).fill(kenji.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.origin === server.console());
  await context.close();
});
