/** Everything that goes wrong on the way has its way out: lost, mistyped, locked, expired, suspended, closed. */
import { SecurityKey } from '../harness/authenticator.ts';
import { keiko, kenji, mika, root, rootAccount, sandbox, sandboxAccount, subdomain as alias } from '../harness/organisation.ts';
import { cards, paulo, phone, SignUp } from '../harness/signup.ts';
import { expect, test } from '../harness/test.ts';

// What a page of the console asks for may be denied to the person, or not be there.
test.beforeEach(({ watch }) => {
  for (const status of [403, 404]) watch.allow(status, /^\/api\//);
});

test('a root user who lost both password and device recovers both (A-10, A-11, B-22, B-25, B-30 to B-32, M-20)', async ({ page, server, people, say, accountsOn, consoleOn, consoleWords, otherBrowser }) => {
  test.setTimeout(150_000);
  const me = new SignUp(page, server, people, say);
  await me.open();
  await me.pay(cards.good);
  await me.askForPIN();
  await me.pin(await me.code(phone));
  await me.plan();
  await me.later('10s');
  await me.mailed('mail.account-activated.subject');
  const desk = consoleOn(page);
  await page.goto(server.console());
  const key = await SecurityKey.plug(page);
  await desk.ownCredentials();
  await desk.assignPasskey();
  await people.field(page, 'factor.register.name').fill('lost');
  await people.button(page, 'factor.register.submit').click();
  await expect(people.title(page, 'factor.registered.title')).toBeVisible();
  await key.unplug();

  const later = await otherBrowser();
  const again = accountsOn(later);
  await again.open();
  await again.rootEmail(paulo.email);
  await again.askForReset();
  await later.goto(await again.resetLink(paulo.email));
  await again.choose('Calm-Lantern-59!', 'account.password.reset');
  await again.at('account.done.title');
  await people.link(later, 'account.submit').click();
  await again.rootEmail(paulo.email);
  await again.password('Calm-Lantern-59!');
  // The new password alone opens nothing: the device is asked for, and replaced by mail and telephone.
  await people.link(later, 'factor.trouble').click();
  const mails = (await again.codes(paulo.email)).length;
  await people.button(later, 'factor.recovery.begin').click();
  await people.field(later, 'factor.recovery.code').fill(await again.code(paulo.email, mails));
  await people.button(later, 'factor.verify').click();
  await expect(people.title(later, 'factor.phone.title')).toBeVisible();
  const texts = (await again.codes(phone)).length;
  await people.button(later, 'factor.phone.sms').click();
  await later.getByRole('textbox').first().fill(await again.code(phone, texts));
  await people.button(later, 'factor.verify').click();
  await expect(people.title(later, 'factor.recovered.title')).toBeVisible();
  await people.button(later, 'factor.recovered.continue').click();
  await again.inConsole();
  const deskAgain = consoleOn(later);
  await deskAgain.ownCredentials();
  await deskAgain.removeDevice('lost');
  await expect(later.getByText(consoleWords.credentials.mfa.empty)).toBeVisible();
  // The session of the old password has ended.
  await page.goto(`${server.console()}/security-credentials`);
  await expect(page).toHaveURL(/\/\/signin\./);
});

test('an IAM user’s lost device is deactivated by the administrator, and by nobody else (C-16, C-17, M-21)', async ({ page, server, people, say, accountsOn, consoleOn, otherBrowser }) => {
  test.slow();
  const admin = accountsOn(page);
  const desk = consoleOn(page);
  const devices = `/iam/users/details/${kenji.username}?section=security_credentials`;
  await admin.signInUserAt(alias, keiko.username, keiko.password);
  await admin.inConsole();
  await SecurityKey.plug(page);
  await desk.open(devices);
  await desk.assignPasskey();
  await people.field(page, 'factor.register.name').fill('kenjis-key');
  await people.button(page, 'factor.register.submit').click();
  await expect(people.title(page, 'factor.registered.title')).toBeVisible();

  const user = await otherBrowser();
  const losing = accountsOn(user);
  await losing.signInUserAt(alias, kenji.username, kenji.password);
  await people.link(user, 'factor.trouble').click();
  await expect(user.getByText(say('factor.administrator.explain'))).toBeVisible();
  await expect(people.button(user, 'factor.recovery.begin')).toHaveCount(0);

  await people.link(page, 'factor.registered.continue').click();
  await desk.removeDevice('kenjis-key');
  await losing.signInUserAt(alias, kenji.username, kenji.password);
  await losing.inConsole();
  expect(user.url()).toContain(server.console());
});

test('too many wrong passwords: others wait, the owner’s own browser does not, and the clock helps (M-09, M-12)', async ({ page, server, accountsOn, watch, otherBrowser }) => {
  test.slow();
  watch.expect(422, /^\/signin\/iam$/);
  watch.expect(429, /^\/signin\/iam$/);
  const owner = accountsOn(page);
  await owner.signInUserAt(alias, kenji.username, kenji.password);
  await owner.inConsole();
  await owner.signOut();

  const elsewhere = await otherBrowser();
  const attacker = accountsOn(elsewhere);
  await elsewhere.goto(server.accountUrl(alias));
  for (let i = 0; i < 5; i++) {
    await attacker.signInUser(kenji.username, `Not-The-Password-${i}`);
    await attacker.refused('account.error.incorrect');
  }
  // From here on not even the right one is looked at.
  await attacker.signInUser(kenji.username, kenji.password);
  await attacker.refused('account.error.throttled', { minutes: 1 });
  // Who signed in here before is not kept out by that.
  await owner.signInUserAt(alias, kenji.username, kenji.password);
  await owner.inConsole();

  await server.advance('61s');
  await attacker.signInUser(kenji.username, kenji.password);
  await attacker.inConsole();
});

test('a suspended account, and a closed one: nobody gets in but its owner, until it is back (A-16, A-43, A-44, M-25)', async ({ page, server, people, say, accountsOn, consoleWords, watch, otherBrowser }) => {
  test.setTimeout(150_000);
  watch.expect(422, /^\/signin\/iam$/);
  const users = await otherBrowser();
  const user = accountsOn(users);
  const owner = accountsOn(page);
  const refused = async () => {
    await user.signInUserAt(sandboxAccount, mika.username, mika.password);
    await user.refused('account.error.incorrect');
  };
  const admitted = async () => {
    await user.signInUserAt(sandboxAccount, mika.username, mika.password);
    await user.inConsole();
    await user.signOut();
  };
  await admitted();
  await server.admin('account', 'suspend', sandboxAccount, '--reason', 'the bill was not paid');
  await refused();
  await owner.open();
  await owner.signInRoot(sandbox.email, sandbox.password);
  await owner.inConsole();
  await expect(page.getByText(consoleWords.home.status.suspended.title)).toBeVisible();
  await page.goto(`${server.console()}/iam/users`);
  await expect(page.getByText(consoleWords.shell.notActive.title)).toBeVisible();
  await page.goto(`${server.signIn()}/account`);
  await expect(page.getByText(say('settings.state.suspended'))).toBeVisible();
  await expect(people.link(page, 'settings.state.suspended.way')).toBeVisible();
  await server.admin('account', 'reactivate', sandboxAccount);
  await admitted();

  await server.admin('account', 'close', sandboxAccount);
  await refused();
  await page.goto(server.console());
  await expect(page.getByText(consoleWords.home.status.closed.title)).toBeVisible();
  await page.getByRole('link', { name: consoleWords.home.status.closed.reopen, exact: true }).click();
  await people.link(page, 'settings.reopen.title').click();
  await expect(people.title(page, 'settings.reopen.title')).toBeVisible();
  await people.button(page, 'settings.reopen.submit').click();
  await expect(page.getByRole('status').filter({ hasText: say('settings.notice.reopened') })).toBeVisible();
  await admitted();
});

test('an expired password is changed at sign-in, or reset by the administrator where the account wants that (C-12, C-14)', async ({ page, server, say, people, accountsOn, consoleOn, watch, otherBrowser }) => {
  test.setTimeout(150_000);
  watch.expect(403, /^\/signin\/iam$/);
  const owner = accountsOn(page);
  const desk = consoleOn(page);
  await owner.open();
  await owner.signInRoot(root.email, root.password);
  await owner.inConsole();
  await desk.expirePasswords({ onlyAdministratorResets: false });

  await server.advance('25h');
  const users = await otherBrowser();
  const user = accountsOn(users);
  await user.signInUserAt(alias, kenji.username, kenji.password);
  await expect(users.getByText(say('account.password.reason.expired'))).toBeVisible();
  await user.choose('Second-Barrier-54', 'account.password.confirm');
  await user.inConsole();

  await owner.open();
  await owner.rootEmail(root.email);
  await owner.password(root.password);
  await owner.inConsole();
  await desk.expirePasswords({ onlyAdministratorResets: true });
  await server.advance('25h');
  await user.signInUserAt(alias, kenji.username, 'Second-Barrier-54');
  await expect(users.getByText(say('account.password.reason.hard-expiry'))).toBeVisible();
  await expect(people.button(users, 'account.password.confirm')).toHaveCount(0);

  await owner.open();
  await owner.rootEmail(root.email);
  await owner.password(root.password);
  await owner.inConsole();
  await desk.open(`/iam/users/details/${kenji.username}?section=security_credentials`);
  const handedOver = await desk.resetPassword(false);
  await user.signInUserAt(alias, kenji.username, handedOver);
  await user.inConsole();
});

test('everything mistyped once is said where it is, and ends in the console all the same (M-05 to M-09, M-13)', async ({ page, server, people, say, accountsOn, watch }) => {
  test.slow();
  watch.expect(422, /^\/(signin\/(root|check|code|iam))?$/);
  const accounts = accountsOn(page);
  const next = () => people.button(page, 'account.next').click();
  await accounts.open();
  await next();
  await accounts.refused('account.error.email-required');
  await people.field(page, 'account.field.email').fill('root at example');
  await next();
  await accounts.refused('account.error.email-invalid');
  await people.field(page, 'account.field.email').fill(root.email);
  await next();
  await accounts.password('Root-Checkpoint-35');
  await accounts.refused('account.error.incorrect');
  await people.field(page, 'account.characters').fill('xxxxxx');
  await people.button(page, 'account.check.submit').click();
  await expect(people.faults(page)).toBeFocused();
  await accounts.passCheck();
  const before = await accounts.codes(root.email);
  await accounts.password(root.password);
  await accounts.at('account.code.title');
  await people.field(page, 'account.field.code').fill('12345');
  await people.button(page, 'account.code.submit').click();
  await accounts.refused('account.error.code-wrong');
  await accounts.mailedCode(root.email, before.length);
  await accounts.inConsole();
  await accounts.signOut();

  await page.goto(`${server.signIn()}/?user=iam`);
  await page.getByRole('radio', { name: say('account.iam'), exact: true }).check();
  await next();
  await accounts.refused('account.error.account-required');
  await people.field(page, 'account.field.account').fill('exa mple!');
  await next();
  await accounts.refused('account.error.account-invalid');
  await people.field(page, 'account.field.account').fill('examlpe');
  await next();
  // An alias that there is not is not told from one that there is.
  await accounts.signInUser(keiko.username, keiko.password);
  await accounts.refused('account.error.incorrect');
  await people.field(page, 'account.field.account').fill(rootAccount);
  await accounts.signInUser('kieko', keiko.password);
  await accounts.refused('account.error.incorrect');
  await accounts.signInUser(keiko.username, keiko.password);
  await accounts.inConsole();
});
