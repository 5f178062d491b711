/**
 * From a server on which there is nothing: a person with an e-mail address opens an
 * account, protects it, and works in it from then on as somebody else than its root user.
 */
import { SecurityKey } from '../harness/authenticator.ts';
import { aws } from '../harness/cli.ts';
import { look } from '../harness/look.ts';
import { cards, paulo, phone, SignUp } from '../harness/signup.ts';
import { expect, test } from '../harness/test.ts';

test.use({ organisation: '' });

const alias = 'paulo-santos';
const administrator = { name: 'ana', password: 'Ana-Checkpoint-53' };

test('from an e-mail address to an administrator whose access key works (A-17 to A-33, B-03, B-12, B-15, B-20, B-21, C-04 to C-06, C-18, C-21, C-23, Q-02, Q-03, Q-09)', async ({
  page, server, people, say, watch, accountsOn, consoleOn, consoleWords, otherBrowser,
}, info) => {
  test.setTimeout(240_000);
  // What a page of the console asks for and is not there: no password policy, no password of the root user.
  watch.allow(404, /^\/api\//);

  await test.step('signs up', async () => {
    const applying = await otherBrowser();
    const me = new SignUp(applying, server, people, say);
    await me.start();
    await look(applying, info, 'journey-1-sign-up');
    await me.address();
    await me.verify();
    await me.choosePassword();
    await me.contact();
    await expect(people.title(applying, 'signup.payment.title')).toBeVisible();
    await me.pay(cards.good);
    await me.askForPIN();
    await me.pin(await me.code(phone));
    await me.plan();
    await me.later('10s');
    await me.mailed('mail.account-activated.subject');
    await applying.goto(`${server.signIn()}/signup/status`);
    await expect(applying.getByText(say('signup.status.active'), { exact: true })).toBeVisible();
    await look(applying, info, 'journey-2-active');
  });

  const accounts = accountsOn(page);
  const desk = consoleOn(page);
  await test.step('signs in as the root user, and is advised', async () => {
    await page.goto(server.console());
    await accounts.at('account.main.title');
    await accounts.signInRoot(paulo.email, paulo.password);
    await accounts.inConsole();
    await expect(page.getByRole('heading', { name: consoleWords.home.security.title })).toBeVisible();
    await expect(page.getByText(consoleWords.home.advice['root-mfa'].title)).toBeVisible();
    await expect(page.getByText(consoleWords.home.advice['make-administrator'].title)).toBeVisible();
    await look(page, info, 'journey-3-console-of-root');
  });

  await test.step('registers a passkey, and signs in with it', async () => {
    await SecurityKey.plug(page);
    await desk.ownCredentials();
    await desk.assignPasskey();
    await expect(people.title(page, 'factor.register.title')).toBeVisible();
    await people.field(page, 'factor.register.name').fill('laptop');
    await people.button(page, 'factor.register.submit').click();
    await expect(people.title(page, 'factor.registered.title')).toBeVisible();
    await people.link(page, 'factor.registered.continue').click();
    await expect(desk.button(consoleWords.credentials.mfa.removeDevice('laptop'))).toBeVisible();
    await look(page, info, 'journey-4-credentials-of-root');
    await desk.signOut();

    await accounts.open();
    await accounts.rootEmail(paulo.email);
    await accounts.password(paulo.password);
    await people.button(page, 'factor.passkey.use').click();
    await accounts.inConsole();
    await expect(page.getByText(consoleWords.home.advice['root-mfa'].title)).toHaveCount(0);
  });

  let accountId = '';
  await test.step('names the account, and makes an administrator', async () => {
    await desk.createAlias(alias);
    accountId = (await desk.value(consoleWords.dashboard.accountId).innerText()).replace(/\D/g, '');
    expect(accountId).toMatch(/^\d{12}$/);
    await look(page, info, 'journey-5-dashboard');
    await desk.createGroup('Administrators', 'AdministratorAccess');
    await look(page, info, 'journey-6-group');
  });
  const handedOver = await desk.createUser(administrator.name, ['Administrators'], true);
  await look(page, info, 'journey-7-user');
  await desk.signOut();

  const theirs = await otherBrowser();
  const administrators = accountsOn(theirs);
  const consoleOfTheirs = consoleOn(theirs);
  await test.step('signs in as that user, by the account’s address and by the main page', async () => {
    await administrators.signInUserAt(alias, administrator.name, handedOver);
    await expect(theirs.getByText(say('account.password.reason.must-change'))).toBeVisible();
    await look(theirs, info, 'journey-8-new-password');
    await administrators.choose(administrator.password, 'account.password.confirm');
    await administrators.inConsole();
    await consoleOfTheirs.signOut();

    await theirs.goto(`${server.signIn()}/?user=iam`);
    await administrators.chooseAccount(accountId);
    await administrators.signInUser(administrator.name, administrator.password);
    await administrators.inConsole();
    await expect(theirs.getByText(consoleWords.home.advice['own-mfa'].title)).toBeVisible();
    await look(theirs, info, 'journey-9-console-of-administrator');
  });

  await test.step('makes an access key, with which the CLI works', async () => {
    await consoleOfTheirs.ownCredentials();
    const key = await consoleOfTheirs.createAccessKey();
    await look(theirs, info, 'journey-10-access-key');
    const arn = `arn:aws:iam::${accountId}:user/${administrator.name}`;
    expect(await aws(server, key, 'sts', 'get-caller-identity')).toMatchObject({ Account: accountId, Arn: arn });
    expect(await aws(server, key, 'iam', 'list-users')).toMatchObject({ Users: [{ UserName: administrator.name, Arn: arn }] });
    expect(await aws(server, key, 'iam', 'list-account-aliases')).toMatchObject({ AccountAliases: [alias] });
  });
});
