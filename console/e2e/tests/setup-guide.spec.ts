/**
 * The setup guide, both parts, on a server on which there is nothing: an account, its
 * root user's second factor, IAM Identity Center, one person, and what they may enter.
 */
import type { Page } from '@playwright/test';
import { SecurityKey } from '../harness/authenticator.ts';
import { whoami } from '../harness/cli.ts';
import { look } from '../harness/look.ts';
import { paulo, SignUp } from '../harness/signup.ts';
import { expect, test } from '../harness/test.ts';

test.use({ organisation: '' });

const nikhil = { userName: 'nikhil', email: 'nikhil@example.com', givenName: 'Nikhil', familyName: 'Jayashankar' };
const chosen = 'Kiso-Fukushima-53';
const role = 'AdministratorAccess';

/** The labels that the guide has its readers look for; where a page has another, the journey ends. */
const guide = {
  en: {
    enable: 'Enable',
    createOrganization: 'Create AWS organization',
    setTypes: ['Select permission set type', 'Specify permission set details', 'Review and create'],
    assign: 'Assign users or groups',
    assignSteps: ['Select users and groups', 'Select permission sets', 'Review and submit'],
    accept: 'Accept invitation',
    newUser: 'New user sign up',
    setPassword: 'Set new password',
    console: 'Management console',
    accounts: 'Accounts',
    credentials: 'Get credentials',
  },
  ja: {
    enable: '有効化',
    createOrganization: 'AWS 組織の作成',
    setTypes: ['許可セットの種類を選択', '許可セットの詳細を指定', 'レビューと作成'],
    assign: 'ユーザーまたはグループの割り当て',
    assignSteps: ['ユーザーとグループの選択', '許可セットの選択', '確認して送信'],
    accept: '招待を承諾',
    newUser: '新規ユーザー登録',
    setPassword: '新しいパスワードを設定',
    console: 'マネージメントコンソール',
    accounts: 'アカウント',
    credentials: '認証情報の取得',
  },
} as const;

test('the setup guide, from an empty server to an administrator who is not the root user (A-17 to A-33, F-02, F-05, F-06, G-01 to G-06, G-24 to G-29, G-33 to G-46, H-12 to H-17, I-14 to I-21, N-13, N-14, Q-09, Q-10)', async ({
  page, server, people, language, say, words, watch, accountsOn, consoleOn, identityCenterOn, consoleWords, otherBrowser,
}, info) => {
  test.setTimeout(240_000);
  watch.allow(404, /^\/api\//);
  // Asking for the organization where there is none yet.
  watch.allow(400, /^\/api\/organizations/);
  const labels = guide[language];
  const station = (at: Page, name: string) => look(at, info, `guide-${name}`);
  const accounts = accountsOn(page);
  const desk = consoleOn(page);
  const center = identityCenterOn(page);
  const { center: t } = consoleWords;
  const verificationMail = async () => (await server.messages(paulo.email)).find(({ links }) => links.some((link) => link.includes('/organizations/verify')));
  const invitationMail = async () => (await server.messages(nikhil.email)).find(({ subject }) => subject === say('mail.invitation.subject'));

  await test.step('part 1, step 1: signs up for an AWS account (A-17 to A-31), which is activated (A-33)', async () => {
    const applying = await otherBrowser();
    await new SignUp(applying, server, people, say).complete();
    await applying.close();
  });

  await test.step('part 1, step 2: signs in as the root user (B-07)', async () => {
    await page.goto(`${server.console()}/singlesignon`);
    await accounts.at('account.main.title');
    await accounts.signInRoot(paulo.email, paulo.password);
    await accounts.inConsole();
  });

  await test.step('part 2 says that the root user needs MFA first (G-02)', async () => {
    await expect(page.getByText(t.enable.rootMfa.title)).toBeVisible();
    await station(page, '01-enable-without-mfa');
  });

  await test.step('part 1, step 3: registers MFA for the root user (B-20, B-21, Q-02)', async () => {
    await SecurityKey.plug(page);
    await desk.ownCredentials();
    await desk.assignPasskey();
    await people.field(page, 'factor.register.name').fill('laptop');
    await people.button(page, 'factor.register.submit').click();
    await people.link(page, 'factor.registered.continue').click();
    await expect(desk.button(consoleWords.credentials.mfa.removeDevice('laptop'))).toBeVisible();
  });

  await test.step('part 2, step 1: enables IAM Identity Center, 「有効化」, with 「AWS 組織の作成」 (G-01, G-03, F-02, F-05)', async () => {
    await desk.open('/singlesignon');
    await expect(page.getByText(t.enable.rootMfa.title)).toHaveCount(0);
    await station(page, '02-enable');
    await page.getByRole('button', { name: labels.enable, exact: true }).click();
    await expect(page.getByRole('button', { name: labels.createOrganization, exact: true })).toBeVisible();
    await station(page, '03-create-organization');
    await page.getByRole('button', { name: labels.createOrganization, exact: true }).click();
    await expect(desk.title(t.shared.dashboard)).toBeVisible();
    await expect(desk.value(t.dashboard.source)).toHaveText(t.dashboard.sources.IDENTITY_CENTER);
    await station(page, '04-dashboard');
  });

  await test.step('verifies the address of the management account by the mail (F-06, N-13, N-26)', async () => {
    await expect.poll(verificationMail, { message: 'the verification mail' }).toBeTruthy();
    const reading = await otherBrowser();
    await reading.goto((await verificationMail())!.links.find((link) => link.includes('/organizations/verify'))!);
    await expect(people.title(reading, 'org-verify.title')).toBeVisible();
    await station(reading, '05-verify-address');
    await people.button(reading, 'org-verify.submit').click();
    await expect(people.title(reading, 'org-verify.done.title')).toBeVisible();
    await station(reading, '06-address-verified');
    await reading.close();
  });

  await test.step('part 2, step 2: the identity source is the directory of Identity Center (G-05, G-06)', async () => {
    await center.goTo('settings');
    await page.getByRole('tab', { name: t.settings.tabs.source, exact: true }).click();
    await expect(desk.value(t.settings.source.title, page.getByRole('tabpanel', { name: t.settings.tabs.source }))).toHaveText(t.dashboard.sources.IDENTITY_CENTER);
    await station(page, '07-identity-source');
  });

  await test.step('creates the administrative user, who is invited by mail (G-26, G-28, G-29)', async () => {
    await center.goTo('users');
    await station(page, '08-no-users');
    await page.getByRole('link', { name: t.users.add, exact: true }).first().click();
    await expect(center.step(t.users.wizard.details)).toBeVisible();
    await center.describe(nikhil);
    await expect(page.getByRole('radio', { name: t.users.wizard.mail })).toBeChecked();
    await station(page, '09-user-details');
    await desk.nextStep();
    await expect(center.step(t.users.wizard.groups)).toBeVisible();
    await desk.nextStep();
    await expect(center.step(t.users.wizard.review)).toBeVisible();
    await station(page, '10-user-review');
    await center.submit(t.users.wizard.submit);
    await expect(desk.notice(t.users.wizard.addedInvited(nikhil.userName, nikhil.email))).toBeVisible();
    await station(page, '11-user');
  });

  await test.step('part 2, step 3: creates the administrative permission set as proposed, for 1 hour (G-33 to G-37)', async () => {
    await center.goTo('permissionSets');
    for (const [i, title] of labels.setTypes.entries()) expect([t.sets.wizard.type, t.sets.wizard.details, t.sets.wizard.review][i]).toBe(title);
    await center.createPredefinedSet((step) => station(page, `12-set-${step}`));
    await station(page, '13-sets');
  });

  let account = '';
  await test.step('part 2, step 4: assigns it in the management account, and waits for the end (G-40 to G-46, Q-24)', async () => {
    await center.goTo('accounts');
    await expect(page.getByRole('checkbox', { name: t.accounts.select(paulo.accountName), exact: true })).toBeAttached();
    await station(page, '14-accounts');
    await page.getByRole('checkbox', { name: t.accounts.select(paulo.accountName), exact: true }).check({ force: true });
    await page.getByRole('link', { name: labels.assign, exact: true }).click();
    await expect(center.step(labels.assignSteps[0])).toBeVisible();
    await expect(page.getByText(t.accounts.wizard.peopleTitle(paulo.accountName)).filter({ visible: true }).first()).toBeVisible();
    await station(page, '15-assign-users');
    await center.chooseUser(nikhil.userName);
    await expect(center.step(labels.assignSteps[1])).toBeVisible();
    await station(page, '16-assign-sets');
    await center.chooseSet(role);
    await expect(center.step(labels.assignSteps[2])).toBeVisible();
    await station(page, '17-assign-review');
    account = (await page.getByText(`${paulo.accountName} (`).filter({ visible: true }).first().innerText()).match(/\d{12}/)?.[0] ?? '';
    expect(account).toMatch(/^\d{12}$/);
    await center.submitAssignments(1);
    await station(page, '18-assigned');
  });

  const theirs = await otherBrowser();
  await test.step('part 2, step 5, in another browser: the invitation 「AWS シングルサインオンへの招待」 is accepted (N-14, G-28)', async () => {
    await expect.poll(invitationMail, { message: 'the invitation' }).toBeTruthy();
    await theirs.setContent((await invitationMail())!.html);
    await station(theirs, '19-invitation');
    await theirs.getByRole('link', { name: labels.accept, exact: true }).click();
    await expect(theirs.getByRole('heading', { level: 1, name: labels.newUser, exact: true })).toBeVisible();
    await station(theirs, '20-new-user');
    await people.password(theirs, 'field.new-password').fill(chosen);
    await people.password(theirs, 'field.confirm').fill(chosen);
    await theirs.getByRole('button', { name: labels.setPassword, exact: true }).click();
    await expect(people.title(theirs, 'people.done.title')).toBeVisible();
    await station(theirs, '21-signed-up');
  });

  await test.step('the person signs in to the portal, which has AdministratorAccess in the account (H-04, H-05, H-12 to H-15)', async () => {
    await theirs.getByRole('main').getByRole('link').first().click();
    await people.signInHere(theirs, { username: nikhil.userName, password: chosen, email: nikhil.email });
    await people.atPortal(theirs);
    await expect(theirs.getByRole('tab', { name: labels.accounts, exact: true })).toBeVisible();
    await people.account(theirs, paulo.accountName).click();
    await expect(theirs.getByRole('list', { name: words.accounts.roles(paulo.accountName), exact: true })).toContainText(role);
    await station(theirs, '22-portal');
  });

  await test.step('「マネージメントコンソール」 opens the console as that role (H-16)', async () => {
    const link = theirs.getByRole('link', { name: new RegExp(`${labels.console}.*${role}`) });
    const [opened] = await Promise.all([theirs.context().waitForEvent('page'), link.click()]);
    await opened.waitForURL((url) => url.origin === server.console());
    const told = await opened.evaluate(() => JSON.parse(document.getElementById('sekisho-session')?.textContent ?? '{}') as object);
    expect(told).toMatchObject({ kind: 'role', accountId: account, userName: nikhil.userName });
    // And may do what the set says: the administrator's page of users is there.
    const opens = consoleOn(opened);
    await opens.open('/singlesignon/users');
    await expect(opened.getByRole('link', { name: nikhil.userName, exact: true })).toBeVisible();
    await station(opened, '23-console-of-the-role');
    await opened.close();
  });

  await test.step('「認証情報の取得」: what it shows works with the CLI (H-17, I-14 to I-21)', async () => {
    await theirs.getByRole('button', { name: words.accounts.accessKeysFor(role, paulo.accountName), exact: true }).click();
    const dialog = theirs.getByRole('dialog', { name: new RegExp(labels.credentials) });
    await expect(dialog.getByText(words.credentials.option1, { exact: true })).toBeVisible();
    await station(theirs, '24-credentials');
    const arn = await whoami(server, await people.shownCredentials(dialog));
    expect(arn).toMatch(new RegExp(`^arn:aws:sts::${account}:assumed-role/AWSReservedSSO_${role}_[0-9a-f]{16}/${nikhil.userName}$`));
  });

  await test.step('the root user signs out, whom nobody needs from now on (Q-10, L-03)', async () => {
    await desk.signOut();
    await theirs.reload();
    await people.atPortal(theirs);
  });
});
