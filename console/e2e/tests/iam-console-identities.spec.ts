import { readFile } from 'node:fs/promises';
import { dashboardMessages } from '../../management/src/iam/dashboardMessages.ts';
import { reportMessages } from '../../management/src/iam/reports/messages.ts';
import { keiko, kenji, rootAccount } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';

// An administrator's pages of users, groups and account settings in the console (C-01 to C-25).

// Pages ask for what there need not be: a password policy, a console password, alternate contacts.
test.beforeEach(async ({ page, watch, accountsOn }) => {
  watch.allow(404, /^\/api\//);
  const accounts = accountsOn(page);
  await accounts.signInUserAt(rootAccount, keiko.username, keiko.password);
  await accounts.inConsole();
});

test('an alias is made, changed, used to sign in, and deleted (C-06, C-15, C-23)', async ({ page, language, consoleOn, otherBrowser, accountsOn }) => {
  test.slow();
  const iamConsole = consoleOn(page);
  const t = dashboardMessages[language];
  await iamConsole.open('/iam/home');
  await iamConsole.button(t.editAlias).click();
  const dialog = iamConsole.dialog(t.editAlias);
  await iamConsole.field(t.preferred, dialog).fill('two--hyphens');
  await dialog.locator('button[form]').click();
  await expect(dialog.getByText(t.aliasWrong)).toBeVisible();
  await iamConsole.field(t.preferred, dialog).fill('barrier-keepers');
  await dialog.locator('button[form]').click();
  await expect(iamConsole.notice(t.aliasSaved('barrier-keepers'))).toBeVisible();
  await expect(iamConsole.value(t.signInUrl)).toContainText('barrier-keepers.signin.localhost');

  const url = await iamConsole.value(t.signInUrl).locator('.copy-value').innerText();
  const other = await otherBrowser();
  await other.goto(url);
  await accountsOn(other).signInUser(keiko.username, keiko.password);
  await accountsOn(other).inConsole();

  await iamConsole.button(t.deleteAlias).click();
  const question = iamConsole.dialog(t.deleteAliasTitle('barrier-keepers'));
  await question.getByRole('textbox').fill('barrier-keepers');
  await iamConsole.button(t.delete, question).click();
  await expect(iamConsole.notice(t.aliasDeleted)).toBeVisible();
  await expect(iamConsole.value(t.signInUrl)).toContainText(`${rootAccount}.signin.localhost`);
});

test("AWS's old addresses lead to the pages of today", async ({ page, consoleOn }) => {
  const iamConsole = consoleOn(page);
  await iamConsole.open(`/iam/home#/users/details/${kenji.username}?section=permissions`);
  await expect(iamConsole.title(kenji.username)).toBeVisible();
  await expect(page).toHaveURL(/\/iam\/users\/kenji$/);
});

test('the password policy decides which passwords an administrator may set (C-14)', async ({ page, watch, consoleOn, consoleWords }) => {
  const iamConsole = consoleOn(page);
  const { settings, users, ui } = consoleWords;
  watch.expect(400, /^\/api\/iam\/?$/);
  await iamConsole.open('/iam/account-settings');
  await iamConsole.button(settings.password.edit).click();
  const editing = iamConsole.dialog(settings.password.editTitle);
  await editing.getByRole('radio', { name: settings.password.custom }).check({ force: true });
  await iamConsole.field(settings.password.length, editing).fill('129');
  await iamConsole.button(ui.common.save, editing).click();
  await expect(editing.getByText(settings.password.between(6, 128))).toBeVisible();
  await iamConsole.field(settings.password.length, editing).fill('16');
  await iamConsole.button(ui.common.save, editing).click();
  await expect(iamConsole.notice(settings.password.saved)).toBeVisible();
  await expect(page.getByText(settings.rules.length(16))).toBeVisible();

  await iamConsole.open(`/iam/users/${kenji.username}?section=security_credentials`);
  await iamConsole.button(users.console.reset).click();
  const setting = iamConsole.dialog(users.console.reset);
  await setting.getByRole('radio', { name: users.password.custom }).check({ force: true });
  await expect(setting.getByText(settings.rules.length(16))).toBeVisible();
  await setting.getByLabel(users.password.field, { exact: true }).fill('Short-Gate-53');
  await iamConsole.button(users.console.set, setting).click();
  await expect(setting.getByRole('alert')).toContainText('PasswordPolicyViolation');
  // What is made up satisfies any policy.
  await setting.getByRole('radio', { name: users.password.generated }).check({ force: true });
  await iamConsole.button(users.console.set, setting).click();
  const shown = iamConsole.dialog(users.console.savedTitle);
  expect((await iamConsole.shownPassword(shown)).length).toBeGreaterThanOrEqual(16);
});

test('a user is made, handed over, and deleted with all that is theirs (C-01, C-04, C-14, C-21)', async ({ page, consoleOn, consoleWords, otherBrowser, accountsOn, watch }) => {
  test.slow();
  const iamConsole = consoleOn(page);
  const { users, groups, shell } = consoleWords;
  await iamConsole.createGroup('Auditors', 'SecurityAudit');

  // C-04: a name with a space is not taken.
  await iamConsole.open('/iam/users/create');
  await iamConsole.field(users.name).fill('two words');
  await iamConsole.nextStep();
  await expect(page.getByText(users.wizard.nameWrong)).toBeVisible();
  await expect(iamConsole.field(users.name)).toBeFocused();

  const password = await iamConsole.createUser('hanako@example.com', ['Auditors']);
  const [file] = await Promise.all([page.waitForEvent('download'), iamConsole.button(users.result.download).click()]);
  expect(await readFile(await file.path(), 'utf8')).toContain(`hanako@example.com,${password},http://`);

  const other = await otherBrowser();
  await accountsOn(other).signInUserAt(rootAccount, 'hanako@example.com', password);
  await accountsOn(other).inConsole();

  await iamConsole.open('/iam/users/hanako@example.com?section=groups');
  await expect(page.getByRole('link', { name: 'Auditors' })).toBeVisible();
  await iamConsole.open('/iam/users/hanako@example.com?section=security_credentials');
  await iamConsole.createAccessKey();
  await iamConsole.button(users.delete).click();
  const question = iamConsole.dialog(users.deleteTitle('hanako@example.com'));
  // The name has to be typed.
  await iamConsole.button(shell.confirm.delete, question).click();
  await expect(question.getByText(shell.confirm.mismatch('hanako@example.com'))).toBeVisible();
  await question.getByRole('textbox').fill('hanako@example.com');
  await iamConsole.button(shell.confirm.delete, question).click();
  await expect(iamConsole.notice(users.deleted('hanako@example.com'))).toBeVisible();
  await expect(page).toHaveURL(/\/iam\/users$/);

  await iamConsole.open('/iam/groups/Auditors');
  await expect(page.getByText(groups.members.noneText)).toBeVisible();
  watch.expect(422, /^\/signin\/iam$/);
  const third = await otherBrowser();
  await accountsOn(third).signInUserAt(rootAccount, 'hanako@example.com', password);
  await accountsOn(third).refused('account.error.incorrect');
});

test('the credential report is a file with every user', async ({ page, language, consoleOn }) => {
  const iamConsole = consoleOn(page);
  const t = reportMessages[language];
  await iamConsole.open('/iam/credential-report');
  const [file] = await Promise.all([page.waitForEvent('download'), iamConsole.button(t.make).click()]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
  expect(lines[0]).toMatch(/^user,arn,user_creation_time,/);
  expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(expect.arrayContaining(['<root_account>', keiko.username, kenji.username]));
});

test('who may do nothing is told what was refused, and by what (C-22)', async ({ watch, otherBrowser, accountsOn, consoleOn, consoleWords }) => {
  for (const status of [400, 403]) watch.allow(status, /^\/api\//);
  const page = await otherBrowser();
  await accountsOn(page).signInUserAt(rootAccount, kenji.username, kenji.password);
  await accountsOn(page).inConsole();
  await consoleOn(page).open('/iam/users');
  await expect(page.getByRole('alert')).toContainText('iam:ListUsers');
  await consoleOn(page).open('/iam/users/create');
  await consoleOn(page).field(consoleWords.users.name).fill('mallory');
  for (let i = 0; i < 2; i++) await consoleOn(page).nextStep();
  await consoleOn(page).button(consoleWords.users.wizard.submit, page.getByRole('main')).click();
  await expect(page.getByRole('alert')).toContainText('iam:CreateUser');
});
