/**
 * The article 「紛失したり忘れたりしたパスワードまたは AWS のアクセスキーのリセット」: each of its
 * procedures, named by its heading, done as the article says.
 */
import { aws, type AccessKey } from '../harness/cli.ts';
import { keiko, kenji, root, rootAccount, subdomain as alias } from '../harness/organisation.ts';
import type { Sekisho } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

/** Whom the CLI is, with each of the keys. */
function whose(server: Sekisho, ...keys: AccessKey[]): Promise<{ Account: string; Arn: string }[]> {
  return Promise.all(keys.map((key) => aws<{ Account: string; Arn: string }>(server, key, 'sts', 'get-caller-identity')));
}

// What a page of the console asks for may be denied to the person, or not be there.
test.beforeEach(({ watch }) => {
  for (const status of [403, 404]) watch.allow(status, /^\/api\//);
});

test('紛失または忘れたルートユーザーのパスワードのリセット: a lost root password (B-19, B-25 to B-29, B-33, N-05, N-07, N-08)', async ({ page, server, say, people, accountsOn, consoleOn, watch, otherBrowser }) => {
  watch.expect(409, /^\/signin\/forgot$/);
  watch.expect(422, /^\/signin\/(forgot|root)$/);
  const accounts = accountsOn(page);
  // Who is in the console as an IAM user has to sign out first (B-27).
  await accounts.signInUserAt(rootAccount, keiko.username, keiko.password);
  await accounts.inConsole();
  await page.goto(`${server.signIn()}/signin/forgot`);
  await accounts.at('account.out.first');
  await page.goto(server.console());
  await consoleOn(page).signOut();

  // From the page of the account's IAM users, by the link at its end (B-28), to that of the root user (B-19, B-26).
  await page.goto(server.accountUrl(alias));
  await people.link(page, 'account.with-root-credentials').click();
  await accounts.at('account.main.title');
  await accounts.rootEmail(root.email);
  await people.link(page, 'account.forgot').first().click();

  // The page of B-29: the address stands there and can be changed.
  await accounts.at('account.recovery.title');
  const email = people.field(page, 'account.recovery.email');
  await expect(email).toHaveValue(root.email);
  await expect(email).toBeEditable();
  await expect(page.getByText(say('account.check.explain'))).toBeVisible();
  await expect(people.captchaImage(page)).toBeVisible();
  await expect(page.getByText(say('account.recovery.retrieve'))).toBeVisible(); // B-33
  await people.field(page, 'account.characters').fill('000000');
  await people.button(page, 'account.recovery.submit').click();
  await expect(people.faults(page)).toBeFocused();
  await people.field(page, 'account.characters').fill(await people.captchaAnswer(page));
  await people.button(page, 'account.recovery.submit').click();
  await accounts.at('account.sent.title');
  await expect(page.getByText(say('account.spam'))).toBeVisible(); // N-08

  const link = await accounts.resetLink(root.email);
  const [mail] = await server.messages(root.email);
  expect(mail?.from).toMatch(/^"?Amazon Web Services"? <[^@<>]+@[^@<>]+>$/); // N-05, N-07
  const reader = await otherBrowser();
  await reader.goto(link);
  await accountsOn(reader).choose('New-Root-Gate-53', 'account.password.reset');
  await accountsOn(reader).at('account.done.title');

  // The old password is of no use any more; nothing says what it was.
  await accounts.open();
  await accounts.rootEmail(root.email);
  await accounts.password(root.password);
  await accounts.refused('account.error.incorrect');
  await accounts.open();
  await accounts.signInRoot(root.email, 'New-Root-Gate-53');
  await accounts.inConsole();
});

test('ルートユーザーのアクセスキー: the root user’s access keys (B-35)', async ({ page, server, accountsOn, consoleOn, consoleWords }) => {
  test.slow();
  const accounts = accountsOn(page);
  const desk = consoleOn(page);
  await accounts.open();
  await accounts.signInRoot(root.email, root.password);
  await accounts.inConsole();
  await desk.ownCredentials();
  const lost = await desk.createAccessKey(true);

  // Another one, without disabling the first: both work, until the one that nobody uses is deleted.
  const fresh = await desk.createAccessKey(true);
  await expect(page.getByRole('row').filter({ hasText: consoleWords.credentials.keys.active })).toHaveCount(2);
  const me = { Account: rootAccount, Arn: `arn:aws:iam::${rootAccount}:root` };
  expect(await whose(server, lost, fresh)).toMatchObject([me, me]);
  await desk.onKey(lost, 'delete');
  await expect(desk.keyRow(lost)).toHaveCount(0);
  await expect(desk.keyRow(fresh)).toHaveCount(1);
  await expect(aws(server, lost, 'sts', 'get-caller-identity')).rejects.toThrow('InvalidClientTokenId');
});

test('IAM ユーザーのパスワード: an IAM user’s password (C-12)', async ({ page, accountsOn, consoleOn, consoleWords, otherBrowser }) => {
  test.slow();
  const { password } = consoleWords.own;
  // Who may, changes it alone.
  const desk = consoleOn(page);
  const change = async (current: string, next: string, within = desk) => {
    await within.button(password.change).click();
    const dialog = within.dialog(password.change);
    await dialog.getByLabel(password.current, { exact: true }).fill(current);
    await dialog.getByLabel(password.next, { exact: true }).fill(next);
    await dialog.getByLabel(password.again, { exact: true }).fill(next);
    await within.button(password.change, dialog).click();
    return dialog;
  };
  await accountsOn(page).signInUserAt(alias, keiko.username, keiko.password);
  await accountsOn(page).inConsole();
  await desk.ownCredentials();
  await expect(await change('Not-My-Password-53', 'Changed-Gate-54')).toContainText(password.wrong);
  await desk.button(password.cancel, desk.dialog(password.change)).click();
  await change(keiko.password, 'Changed-Gate-54');
  await expect(desk.notice(password.changed)).toBeVisible();

  // Who may not is told whom to ask, and the administrator resets it.
  const user = await otherBrowser();
  const theirs = consoleOn(user);
  await accountsOn(user).signInUserAt(alias, kenji.username, kenji.password);
  await accountsOn(user).inConsole();
  await theirs.ownCredentials();
  const refused = await change(kenji.password, 'Changed-Gate-55', theirs);
  await expect(refused).toContainText('iam:ChangePassword');
  await expect(refused).toContainText(password.administrator);
  await desk.open(`/iam/users/details/${kenji.username}?section=security_credentials`);
  const handedOver = await desk.resetPassword(false);
  // Who was signed in with the old password is so no more.
  await theirs.open('/security-credentials');
  await expect(user).toHaveURL(/\/\/signin\./);
  await accountsOn(user).signInUserAt(alias, kenji.username, handedOver);
  await accountsOn(user).inConsole();
});

test('IAM ユーザーのアクセスキー、ローテーション: an IAM user’s access key, and rotating it (C-18, C-19, Q-11)', async ({ page, server, accountsOn, consoleOn, consoleWords, otherBrowser }) => {
  test.slow();
  const { keys } = consoleWords.credentials;
  const desk = consoleOn(page);
  await accountsOn(page).signInUserAt(alias, keiko.username, keiko.password);
  await accountsOn(page).inConsole();
  await desk.ownCredentials();
  const old = await desk.createAccessKey();
  // A second one for the change, and no third.
  const fresh = await desk.createAccessKey();
  await expect(desk.button(keys.create).first()).toBeDisabled();
  await expect(page.getByText(keys.rotate)).toBeVisible();
  // The applications move over; the old one is put out of use, and back if something misses it.
  const me = { Account: rootAccount, Arn: `arn:aws:iam::${rootAccount}:user/${keiko.username}` };
  expect(await whose(server, old, fresh)).toMatchObject([me, me]);
  await desk.onKey(old, 'deactivate');
  await expect(desk.keyRow(old)).toContainText(keys.inactive);
  await expect(aws(server, old, 'sts', 'get-caller-identity')).rejects.toThrow('InvalidClientTokenId');
  await desk.onKey(old, 'activate');
  await expect(desk.keyRow(old)).not.toContainText(keys.inactive);
  await desk.onKey(old, 'delete');
  await expect(desk.keyRow(old)).toHaveCount(0);

  // Who may not make one is told so; the administrator makes it, and nothing happens to the user's old one.
  await desk.open(`/iam/users/details/${kenji.username}?section=security_credentials`);
  const first = await desk.createAccessKey();
  const user = await otherBrowser();
  await accountsOn(user).signInUserAt(alias, kenji.username, kenji.password);
  await accountsOn(user).inConsole();
  await consoleOn(user).ownCredentials();
  await expect(user.getByText(/iam:ListAccessKeys/).first()).toBeVisible();
  const second = await desk.createAccessKey();
  const them = { Account: rootAccount, Arn: `arn:aws:iam::${rootAccount}:user/${kenji.username}` };
  expect(await whose(server, fresh, first, second)).toMatchObject([me, them, them]);
});

test('紛失したパスワードとアクセスキーは取得できない: nothing lost can be had again (M-27, B-33)', async ({ page, server, say, accountsOn, consoleOn, consoleWords }) => {
  await page.goto(`${server.signIn()}/help/sign-in`);
  await expect(page.getByText(say('help.sign-in.keys.1'), { exact: true })).toBeVisible();
  const desk = consoleOn(page);
  await accountsOn(page).signInUserAt(alias, keiko.username, keiko.password);
  await accountsOn(page).inConsole();
  await desk.ownCredentials();
  await desk.button(consoleWords.credentials.keys.create).first().click();
  const asked = desk.dialog(consoleWords.credentials.createKey.title);
  await asked.getByRole('checkbox').check();
  await desk.button(consoleWords.credentials.createKey.create, asked).click();
  await expect(page.getByText(consoleWords.credentials.createKey.shownOnce)).toBeVisible();
  const shown = desk.dialog(consoleWords.credentials.createKey.shownTitle);
  await desk.button(consoleWords.credentials.createKey.show, shown).click();
  const secret = (await desk.value(consoleWords.credentials.createKey.secret, shown).locator('.copy-value').innerText()).trim();
  expect(secret).toMatch(/^[A-Za-z0-9+/]{40}$/);
  await desk.button(consoleWords.credentials.done, shown).click();

  // From here on it is nowhere: neither on a page nor in anything that a page is told.
  const told: string[] = [];
  page.on('response', (response) => void response.text().then((body) => told.push(body), () => undefined));
  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: consoleWords.credentials.keys.active })).toHaveCount(1);
  expect(await page.content()).not.toContain(secret);
  expect(told.length).toBeGreaterThan(0);
  expect(told.join('\n')).not.toContain(secret);
  expect(server.log()).not.toContain(secret);
});

test('お問い合わせ: contacting support (O-07, O-08, O-15)', async ({ page, server, say, people }) => {
  // From any sign-in page, by its help, without signing in.
  await page.goto(server.accountUrl(alias));
  await page.getByText(say('account.help'), { exact: true }).click();
  await people.link(page, 'account.help.more').click();
  await page.getByRole('link', { name: say('help.sign-in.root-mfa.2'), exact: true }).first().click();
  await expect(people.title(page, 'contact.title')).toBeVisible();
  await page.getByRole('combobox', { name: say('contact.topic'), exact: true }).selectOption({ label: say('contact.topic.cannot-sign-in') });
  await people.field(page, 'contact.email').fill('somebody@example.com');
  await people.field(page, 'contact.subject').fill('I cannot sign in / サインインできません');
  await people.field(page, 'contact.text').fill('The mailbox is gone.');
  await people.field(page, 'contact.captcha').fill(await people.captchaAnswer(page));
  await people.button(page, 'contact.submit').click();
  await expect(people.title(page, 'contact.done.title')).toBeVisible();
  await expect(page.getByText(say('contact.done.next'))).toBeVisible();
  // Help leads to this form for help, and nowhere to a form for opinions about its texts (O-15).
  await page.goto(`${server.signIn()}/help`);
  await expect(page.getByRole('main').getByRole('link', { name: say('help.index.contact.2'), exact: true })).toHaveAttribute('href', /\/contact-us$/);
});
