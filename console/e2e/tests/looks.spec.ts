import type { Page, TestInfo } from '@playwright/test';
import { look as lookAt } from '../harness/look.ts';
import { codeClient, Loopback } from '../harness/oidc.ts';
import { erika, hana, jane, keiko, kenji, long, longAccount, many, rootAccount } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';

// Every page and state at this project's width and in its language: a picture for
// people to look at, and what a machine can tell about its accessibility. The
// server's pages also have dark colours, which depend on neither.

function look(page: Page, info: TestInfo, name: string): Promise<void> {
  return lookAt(page, info, name, info.project.name === 'looks-en-1280');
}

test('sign-in', async ({ page, server, people, say, watch }, info) => {
  watch.expect(422, /^\/platform\/(login|password)$/);
  watch.expect(429, /^\/platform\/password$/);
  await page.goto(server.startUrl());
  await expect(people.title(page, 'identify.title')).toBeVisible();
  await look(page, info, 'identify');
  await page.getByText(say('identify.help')).click();
  await look(page, info, 'identify-help');
  await people.field(page, 'field.username').fill(' ');
  await people.button(page, 'identify.next').click();
  await expect(people.faults(page)).toBeFocused();
  await look(page, info, 'identify-required');
  await people.identify(page, jane.username);
  await look(page, info, 'password');
  for (let i = 0; i < 5; i++) {
    await people.enterPassword(page, 'Not-The-Password-53');
    await expect(people.faults(page)).toBeFocused();
    if (i === 0) await look(page, info, 'password-incorrect');
  }
  await people.enterPassword(page, jane.password);
  await expect(people.faults(page)).toContainText(say('password.error.throttled', { minutes: 1 }));
  await look(page, info, 'password-throttled');
  await page.goto(server.startUrl());
  await people.identify(page, long.username);
  await look(page, info, 'password-long-name');
});

test('passwords', async ({ page, server, people, watch }, info) => {
  watch.expect(422, /^\/platform\/(new-password|forgot)$/);
  watch.expect(410, /^\/platform\/reset$/);
  await page.goto(server.startUrl());
  await people.signInHere(page, erika);
  await expect(people.title(page, 'new-password.title')).toBeVisible();
  await look(page, info, 'new-password-one-time');
  await people.choosePassword(page, 'quxzy');
  await expect(people.faults(page)).toBeFocused();
  await look(page, info, 'new-password-errors');

  await page.goto(server.startUrl());
  await people.forgetPassword(page, jane.username);
  await look(page, info, 'forgot');
  await people.answerCaptcha(page, 'wrong!');
  await expect(people.faults(page)).toBeFocused();
  await look(page, info, 'forgot-wrong');
  await people.answerCaptcha(page, await people.captchaAnswer(page));
  await expect(people.title(page, 'forgot-sent.title')).toBeVisible();
  await look(page, info, 'forgot-sent');

  const link = await people.resetLink(jane);
  await page.goto(`${server.base()}/_sekisho/dev/mailbox`);
  await look(page, info, 'mailbox');
  await page.goto(link);
  await look(page, info, 'new-password-reset');
  await people.choosePassword(page, 'Nikko-Kaido-1617!');
  await expect(people.title(page, 'password-done.title')).toBeVisible();
  await look(page, info, 'password-done');
  await page.goto(link);
  await expect(people.title(page, 'problem.link-used.title')).toBeVisible();
  await look(page, info, 'problem-link-used');

  await page.goto(server.startUrl());
  await people.askForReset(page, hana.username);
  const second = await people.resetLink(hana);
  await server.advance('61m');
  await page.goto(second);
  await expect(people.title(page, 'problem.link-expired.title')).toBeVisible();
  await look(page, info, 'problem-link-expired');
});

test('the portal', async ({ page, server, people, words, watch }, info) => {
  watch.expect(401, /^\/api\/sso\//);
  await people.signIn(page, jane);
  await expect(people.account(page, 'Sandbox')).toBeVisible();
  await look(page, info, 'portal');
  await people.account(page, 'Production').click();
  await expect(page.getByRole('list', { name: words.accounts.roles('Production'), exact: true })).toBeVisible();
  await look(page, info, 'portal-expanded');
  await people.account(page, 'Production').click();
  await page.getByRole('searchbox', { name: words.accounts.filter }).fill('nothing of the kind');
  await expect(page.getByText(words.accounts.noMatchTitle, { exact: true })).toBeVisible();
  await look(page, info, 'portal-no-match');
  await page.getByRole('button', { name: words.accounts.clearFilter, exact: true }).click();
  await server.advance('8h1m');
  await people.account(page, 'Staging').click();
  await expect(page.getByText(words.session.endedTitle).first()).toBeVisible();
  await look(page, info, 'portal-session-ended');
  await page.getByRole('button', { name: words.session.signInAgain }).first().click();
  await expect(people.title(page, 'identify.title')).toBeVisible();
  await look(page, info, 'identify-session-ended');
  await people.signInHere(page, hana);
  await expect(page.getByText(words.accounts.emptyTitle)).toBeVisible();
  await look(page, info, 'portal-empty');
  await people.signOut(page);
  await look(page, info, 'identify-signed-out');
});

test('the credentials dialog', async ({ page, people, words, viewport }, info) => {
  await people.signIn(page, jane);
  const dialog = await people.openCredentials(page, 'Production', 'AdministratorAccess');
  // As tall as the dialog, so that the picture shows all of it.
  const tall = { width: viewport?.width ?? 1280, height: 2600 };
  await page.setViewportSize(tall);
  await look(page, info, 'dialog-posix');
  await dialog.getByText(words.credentials.show, { exact: true }).filter({ visible: true }).click();
  const closed = dialog.getByRole('button', { expanded: false }).filter({ visible: true });
  while ((await closed.count()) > 0) await closed.first().click();
  await page.setViewportSize({ ...tall, height: 4200 });
  await look(page, info, 'dialog-revealed');
  await page.setViewportSize(tall);
  await dialog.getByRole('tab', { name: 'Windows', exact: true }).click();
  await look(page, info, 'dialog-windows');
  await dialog.getByRole('tab', { name: 'PowerShell', exact: true }).click();
  await look(page, info, 'dialog-powershell');
  if (viewport) await page.setViewportSize(viewport);
  await look(page, info, 'dialog-as-seen');
});

test('the portal with much in it', async ({ page, people, words }, info) => {
  await people.signIn(page, many);
  await expect(page.getByText('(300)')).toBeVisible();
  await look(page, info, 'portal-many');
  await people.signOut(page);
  await people.signInHere(page, long);
  await people.account(page, longAccount).click();
  await expect(page.getByRole('list', { name: words.accounts.roles(longAccount), exact: true })).toBeVisible();
  await look(page, info, 'portal-long');
});

test('device and application approval', async ({ page, server, people, oidc, watch }, info) => {
  watch.expect(422, /^\/$/);
  watch.expect(404, /^\/platform\/consent$/);
  watch.expect(400, /^\/authorize$/);
  await people.signIn(page, jane);
  const client = await oidc.register();
  await page.goto(server.device());
  await look(page, info, 'device-entry');
  await people.field(page, 'field.user-code').fill('ABC');
  await people.button(page, 'device-entry.next').click();
  await expect(people.faults(page)).toBeFocused();
  await look(page, info, 'device-entry-invalid');
  for (const decision of ['allow', 'deny'] as const) {
    await page.goto((await oidc.startDevice(client)).verificationUriComplete);
    if (decision === 'allow') await look(page, info, 'device-confirm');
    await people.button(page, 'device-confirm.confirm').click();
    await expect(people.button(page, 'consent.allow')).toBeVisible();
    if (decision === 'allow') await look(page, info, 'consent-device');
    await people.button(page, `consent.${decision}`).click();
    await expect(people.title(page, decision === 'allow' ? 'device-done.approved' : 'device-done.denied')).toBeVisible();
    await look(page, info, decision === 'allow' ? 'device-approved' : 'device-denied');
  }
  await page.goto(`${server.device()}/?user_code=BBBB-BBBB`);
  await people.button(page, 'device-confirm.confirm').click();
  await expect(people.title(page, 'problem.code-invalid.title')).toBeVisible();
  await look(page, info, 'problem-code-invalid');

  const application = await oidc.register({ ...codeClient(server), clientName: 'An application whose name goes on and on, as names may, for a while' });
  const listener = await new Loopback().listen();
  try {
    await page.goto(listener.authorizeUrl(server, application));
    await expect(people.button(page, 'consent.allow')).toBeVisible();
    await look(page, info, 'consent-application');
    await page.goto(listener.authorizeUrl(server, application, { redirect_uri: 'https://evil.example/' }));
    await expect(people.title(page, 'problem.bad-request.title')).toBeVisible();
    await look(page, info, 'problem-bad-request');
  } finally {
    await listener.close();
  }
});

test('the other pages', async ({ page, server, people, watch }, info) => {
  watch.expect(404, /^\/(start|no\/such\/page)$/);
  watch.expect(400, /^\/platform\/login$/);
  watch.expect(405, /^\/start\/signout$/);
  await page.goto(server.base());
  await look(page, info, 'landing');
  await page.goto(`${server.signIn()}/sign-in-pages`);
  await look(page, info, 'signin-home');
  await page.goto(server.startUrl('nosuch'));
  await expect(people.title(page, 'problem.unknown-portal.title')).toBeVisible();
  await look(page, info, 'problem-unknown-portal');
  await page.goto(`${server.portal()}/no/such/page`);
  await look(page, info, 'problem-not-found');
  await page.goto(`${server.portal()}/start/signout`);
  await look(page, info, 'problem-method-not-allowed');
  await page.goto(`${server.signIn()}/platform/login?flow=stale`);
  await expect(people.title(page, 'problem.stale-form.title')).toBeVisible();
  await look(page, info, 'problem-stale-form');
  await page.goto(`${server.base()}/_sekisho/dev/mailbox`);
  await look(page, info, 'mailbox-empty');
});

test('the console', async ({ page, people, accountsOn, consoleOn, watch }, info) => {
  test.skip(['looks-en-390', 'looks-ja-1280'].includes(info.project.name), 'twenty pages, of which each width and each language is enough');
  test.slow();
  // What a page asks for and is not there: no password policy, no devices.
  watch.allow(404, /^\/api\//);
  await accountsOn(page).signInUserAt(rootAccount, keiko.username, keiko.password);
  await accountsOn(page).inConsole();
  const pages = {
    home: '/',
    account: '/account',
    billing: '/billing/home',
    'security-credentials': '/security-credentials',
    iam: '/iam/home',
    'iam-users': '/iam/users',
    'iam-user': `/iam/users/details/${kenji.username}?section=security_credentials`,
    'iam-user-create': '/iam/users/create',
    'iam-groups': '/iam/groups',
    'iam-roles': '/iam/roles',
    'iam-role-create': '/iam/roles/create',
    'iam-policies': '/iam/policies',
    'iam-policy-create': '/iam/policies/create',
    'iam-providers': '/iam/identity-providers',
    'iam-settings': '/iam/account-settings',
    'iam-credential-report': '/iam/credential-report',
    'iam-simulator': '/iam/simulator',
    cloudtrail: '/cloudtrail/home',
    support: '/support/home',
    'support-create': '/support/cases/create',
  };
  for (const [name, path] of Object.entries(pages)) {
    await consoleOn(page).open(path);
    // Nothing loads any more.
    await expect(page.locator('main [class*="awsui_spinner"], main [class*="status-loading"]').filter({ visible: true })).toHaveCount(0);
    await look(page, info, `console-${name}`);
  }
  await accountsOn(page).signOut();
  await expect(people.title(page, 'account.iam.title')).toBeVisible();
});
