/**
 * The article 「AWSにサインインする方法|よくあるトラブルについてもご紹介」: each of its procedures,
 * named by its heading, done as the article says.
 */
import type { Page } from '@playwright/test';
import { keiko, kenji, root, rootAccount, sandboxAccount, subdomain as alias } from '../harness/organisation.ts';
import { People } from '../harness/people.ts';
import { paulo, SignUp } from '../harness/signup.ts';
import { expect, test } from '../harness/test.ts';
import { say as sayIn } from '../harness/words.ts';

// What a page of the console asks for may be denied to the person, or not be there.
test.beforeEach(({ watch }) => {
  for (const status of [403, 404]) watch.allow(status, /^\/api\//);
});

/** Opens what a page hides until it is asked for. */
async function unfold(page: Page, summary: string): Promise<void> {
  await page.getByText(summary, { exact: true }).click();
}

test('サインインに使用するユーザーの種類について: types of users (B-03, C-01, C-21, C-22, Q-09)', async ({ page, say, otherBrowser, accountsOn, consoleOn, consoleWords, server }) => {
  test.slow();
  // The sign-in page says who is who.
  const accounts = accountsOn(page);
  await accounts.open();
  await expect(page.getByText(say('account.root.explain'))).toBeVisible();
  await expect(page.getByText(say('account.iam.explain'))).toBeVisible();

  // The root user comes first, and makes an administrator: a user in a group of administrators.
  await accounts.signInRoot(root.email, root.password);
  await accounts.inConsole();
  const desk = consoleOn(page);
  await desk.createGroup('Administrators', 'AdministratorAccess');
  const password = await desk.createUser('saburo', ['Administrators']);

  // From now on the administrator signs in instead, who may do everything.
  const another = await otherBrowser();
  await accountsOn(another).signInUserAt(rootAccount, 'saburo', password);
  await accountsOn(another).inConsole();
  await another.goto(`${server.console()}/iam/users`);
  await expect(another.getByRole('link', { name: kenji.username, exact: true })).toBeVisible();

  // Other users are limited by their policies: kenji has none.
  await consoleOn(another).signOut();
  await accountsOn(another).signInUserAt(rootAccount, kenji.username, kenji.password);
  await accountsOn(another).inConsole();
  await another.goto(`${server.console()}/iam/users`);
  await expect(another.getByText(consoleWords.shell.denied.titleFor('iam:ListUsers'), { exact: true })).toBeVisible();
});

test('ルートユーザーでAWSにサインインするには: as the root user (B-07, B-17, M-11)', async ({ page, say, people, accountsOn, server }) => {
  const accounts = accountsOn(page);
  // In a browser that nobody used, the console leads to the main page.
  await page.goto(server.console());
  await accounts.at('account.main.title');
  await accounts.signInRoot(root.email, root.password);
  await accounts.inConsole();
  await accounts.signOut();

  // In one that an IAM user signed in with last, a step leads back to it.
  await accounts.signInUserAt(rootAccount, keiko.username, keiko.password);
  await accounts.inConsole();
  await accounts.signOut();
  await page.goto(server.console());
  await accounts.at('account.iam.title');
  await people.link(page, 'account.with-root').click();
  await accounts.at('account.main.title');
  await expect(page.getByRole('radio', { name: say('account.root'), exact: true })).toBeChecked();
  await accounts.rootEmail(root.email);
  await accounts.password(root.password);
  await accounts.inConsole();
});

test('IAMユーザーでAWSにサインインするには: as an IAM user (A-06, C-03, C-05, C-06, C-08, D-02)', async ({ page, say, people, accountsOn, server }) => {
  const accounts = accountsOn(page);
  // By the main page, with the account's ID and with its alias.
  for (const account of [rootAccount, alias]) {
    await accounts.open();
    await accounts.chooseAccount(account);
    await expect(people.field(page, 'account.field.account')).toHaveValue(account);
    await accounts.signInUser(keiko.username, keiko.password);
    await accounts.inConsole();
    await accounts.signOut();
  }
  // By the account's own address, with and without the last slash: only name and password are left.
  for (const address of [server.accountUrl(rootAccount), `${server.accountUrl(alias)}/`]) {
    await page.goto(address);
    await accounts.at('account.iam.title');
    await expect(people.field(page, 'account.field.account')).not.toHaveValue('');
    await page.getByRole('checkbox', { name: say('account.remember'), exact: true }).check();
    await accounts.signInUser(keiko.username, keiko.password);
    await accounts.inConsole();
    await accounts.signOut();
  }
  // The remembered account is not the one that is meant: by the main page to the right one.
  await page.goto(server.console());
  await expect(people.field(page, 'account.field.account')).toHaveValue(alias);
  await people.link(page, 'account.with-root').click();
  await accounts.chooseAccount(sandboxAccount);
  await expect(people.field(page, 'account.field.account')).toHaveValue(sandboxAccount);
});

test('認証情報が間違っている場合: the credentials are wrong (M-09)', async ({ page, say, people, accountsOn, watch }) => {
  watch.expect(422, /^\/signin\/(iam|root|check)$/);
  const accounts = accountsOn(page);
  // The root user: address and password of when the account was created.
  await accounts.open();
  await accounts.rootEmail(root.email);
  await accounts.password('Not-The-Password-53');
  await accounts.refused('account.error.incorrect');
  await expect(page.getByText(say('account.help.root'))).toBeVisible();
  // An IAM user: alias or ID, name and password, of which the page does not say which is wrong.
  await accounts.open();
  await accounts.chooseAccount(alias);
  for (const [name, password] of [[keiko.username, 'Not-The-Password-53'], ['zoltan', keiko.password]] as const) {
    await accounts.signInUser(name, password);
    await accounts.refused('account.error.incorrect');
    await expect(page.getByText(say('account.help.iam'))).toBeVisible();
  }
  await expect(people.field(page, 'account.field.account')).toHaveValue(alias);
});

test('Eメールアドレスが間違っている場合: the address is wrong (M-17, N-06)', async ({ page, server, people, say, accountsOn, otherBrowser, watch }) => {
  watch.expect(422, /^\/signin\/(root|check)$/);
  await new SignUp(page, server, people, say).open();
  const accounts = accountsOn(await otherBrowser());
  await accounts.open();
  await accounts.rootEmail('pablo@example.com');
  await accounts.password(paulo.password);
  // As with a wrong password: nobody is told which addresses there are.
  await accounts.refused('account.error.incorrect');

  // The mail of right after the registration says by its addressee which address it is.
  const welcome = (await server.messages(paulo.email)).find(({ subject }) => subject === say('mail.account-created.subject'));
  expect(welcome?.from).toMatch(/no-reply@/);
  await accounts.open();
  await accounts.signInRoot(welcome?.to ?? '', paulo.password);
});

test('勤務先のEメール / 一般のEメールを使用している場合: the mailbox is out of reach (M-18)', async ({ page, say, people, accountsOn }) => {
  const accounts = accountsOn(page);
  await accounts.open();
  await accounts.rootEmail(root.email);
  await accounts.password(root.password);
  await accounts.at('account.code.title');
  await expect(page.getByText(say('account.code.lost'))).toBeVisible();
  await people.link(page, 'account.learn-more').click();
  await expect(page.getByRole('heading', { name: say('help.sign-in.mailbox'), exact: true })).toBeVisible();
  for (const way of [1, 2, 3, 4]) await expect(page.getByText(say(`help.sign-in.mailbox.${way}`), { exact: true })).toBeVisible();
});

test('AWS アカウントのルートユーザーのパスワードを忘れた場合: the root password is forgotten (B-25, M-11)', async ({ page, people, say, server, accountsOn, otherBrowser }) => {
  const accounts = accountsOn(page);
  await accounts.open();
  await accounts.rootEmail(root.email);
  await expect(page.getByRole('link', { name: say('account.forgot'), exact: true }).first()).toBeVisible();

  // Also from the page of IAM users, which this browser shows from the second time on.
  await accounts.signInUserAt(alias, keiko.username, keiko.password);
  await accounts.inConsole();
  await accounts.signOut();
  await page.goto(server.console());
  await people.link(page, 'account.with-root').click();
  await accounts.rootEmail(root.email);
  await accounts.askForReset();

  const reader = await otherBrowser();
  await reader.goto(await accounts.resetLink(root.email));
  await accountsOn(reader).choose('New-Root-Gate-53', 'account.password.reset');
  await accountsOn(reader).at('account.done.title');
  await people.link(reader, 'account.submit').click();
  await accountsOn(reader).rootEmail(root.email);
  await accountsOn(reader).password('New-Root-Gate-53');
  await accountsOn(reader).inConsole();
});

test('AWS アカウント ID またはエイリアスを忘れた場合: account ID or alias is forgotten (C-15)', async ({ page, say, accountsOn, consoleOn, consoleWords, server }) => {
  const accounts = accountsOn(page);
  const desk = consoleOn(page);
  await page.goto(`${server.signIn()}/signin/iam`);
  await unfold(page, say('account.help'));
  const [before = ''] = say('account.help.find', { address: '\n' }).split('\n');
  await expect(page.getByText(before.trim())).toContainText('signin.localhost');

  // The administrator finds all three: ID, alias and name.
  await accounts.signInUserAt(alias, keiko.username, keiko.password);
  await accounts.inConsole();
  await desk.ownCredentials();
  await expect(desk.value(consoleWords.own.accountId)).toContainText(rootAccount);
  await expect(desk.value(consoleWords.own.alias)).toContainText(alias);
  await expect(desk.value(consoleWords.own.signInUrl)).toContainText(server.accountUrl(alias));
  await page.goto(`${server.console()}/iam/users`);
  await expect(page.getByRole('link', { name: kenji.username, exact: true })).toBeVisible();
});

test('IAM ユーザーのパスワードを忘れた場合: an IAM user’s password is forgotten (C-12, C-13, C-14)', async ({ page, say, accountsOn, consoleOn, consoleWords, otherBrowser, server }) => {
  const user = await otherBrowser();
  const forgetful = accountsOn(user);
  // Nobody but the administrator can help: the page says so, and has no way of its own.
  await user.goto(server.accountUrl(alias));
  await expect(user.getByText(say('account.iam.forgot.users'))).toBeVisible();
  await expect(user.getByRole('link', { name: say('account.forgot'), exact: true })).toHaveCount(0);

  await accountsOn(page).signInUserAt(alias, keiko.username, keiko.password);
  await accountsOn(page).inConsole();
  await page.goto(`${server.console()}/iam/users/details/${kenji.username}?section=security_credentials`);
  const handedOver = await consoleOn(page).resetPassword();
  await expect(page.getByText(consoleWords.users.console.mustChange)).toBeVisible();

  await forgetful.signInUser(kenji.username, handedOver);
  await expect(user.getByText(say('account.password.reason.must-change'))).toBeVisible();
  await forgetful.choose('Own-Choice-Gate-53', 'account.password.confirm');
  await forgetful.inConsole();
});

test('ブラウザの問題が原因でサインインできない場合: the browser is the trouble (M-10)', async ({ page, say, accountsOn, context, server }) => {
  const accounts = accountsOn(page);
  await accounts.open();
  await unfold(page, say('account.help'));
  await expect(page.getByText(say('account.help.browser'))).toBeVisible();
  // Whatever cookies are left in a browser, old or broken, sign-in goes through.
  await accounts.signInUserAt(alias, keiko.username, keiko.password);
  await accounts.inConsole();
  const left = await context.cookies();
  expect(left.length).toBeGreaterThan(0);
  await context.clearCookies();
  await context.addCookies(left.map((cookie) => ({ ...cookie, value: `stale-${cookie.value.slice(0, 40)}` })));
  await page.goto(server.console());
  await accounts.open();
  await accounts.chooseAccount(alias);
  await accounts.signInUser(keiko.username, keiko.password);
  await accounts.inConsole();
});

test('上記の対処をしても解決しない場合: nothing of this helps (D-14, M-19, O-07)', async ({ page, server, language, words }) => {
  // The article's address is the Japanese one: whatever the browser prefers, the form is in Japanese there.
  const say = sayIn('ja');
  const people = new People(server, say, words);
  await page.goto(`${server.signIn()}/jp/contact-us/`);
  await expect(people.title(page, 'contact.title')).toBeVisible();
  const topic = page.getByRole('combobox', { name: say('contact.topic'), exact: true });
  await expect(topic.getByRole('option', { name: 'AWSアカウントにログインできません', exact: true })).toHaveCount(1);
  await topic.selectOption({ label: 'AWSアカウント認証情報のサポートをリクエスト' });
  await people.field(page, 'contact.email').fill('somebody@example.com');
  await people.field(page, 'contact.subject').fill(language === 'ja' ? 'パスワードが使えません' : 'My password does not work');
  await people.field(page, 'contact.text').fill('I reset it twice, in two browsers.');
  await people.field(page, 'contact.captcha').fill(await people.captchaAnswer(page));
  await page.getByRole('button', { name: '送信', exact: true }).click();
  await expect(people.title(page, 'contact.done.title')).toBeVisible();
});
