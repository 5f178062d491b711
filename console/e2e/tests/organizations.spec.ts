/** A policy of the organization, which its members feel at once. */
import { look } from '../harness/look.ts';
import { keiko, rootAccount, sandbox } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 120_000 });

test.beforeEach(async ({ page, watch, accountsOn }) => {
  watch.allow(404, /^\/api\//);
  const accounts = accountsOn(page);
  await accounts.signInUserAt(rootAccount, keiko.username, keiko.password);
  await accounts.inConsole();
});

test("a service control policy stops even a member's root user, at once and in words, and no longer when it is detached (F-03)", async ({
  page, watch, consoleOn, consoleWords, otherBrowser, accountsOn,
}, info) => {
  watch.allow(403, /^\/api\//);
  const desk = consoleOn(page);
  const { shell, organizations } = consoleWords;
  const { accounts: tree, policies: t } = organizations;
  const type = t.names.SERVICE_CONTROL_POLICY!;
  const name = 'NoUsersHere';

  const theirs = await otherBrowser();
  await accountsOn(theirs).open();
  await accountsOn(theirs).signInRoot(sandbox.email, sandbox.password);
  await accountsOn(theirs).inConsole();
  const member = consoleOn(theirs);
  await member.open('/iam/users');
  await expect(theirs.getByRole('link', { name: 'mika', exact: true })).toBeVisible();

  await test.step('writes the policy', async () => {
    await desk.open('/organizations/v2/home/policies/service-control-policy');
    const enabling = desk.button(t.enable(type));
    await expect(enabling.or(desk.button(t.disable(type)))).toBeVisible();
    if (await enabling.isVisible()) {
      await enabling.click();
      await desk.button(t.enable(type), desk.dialog(t.enableTitle(type))).click();
      await expect(desk.notice(t.didEnable(type))).toBeVisible();
    }
    await page.getByRole('link', { name: t.create, exact: true }).click();
    await desk.field(t.name).fill(name);
    await page.getByRole('textbox', { name: t.document, exact: true }).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' }] }, null, 4));
    await look(page, info, 'organizations-6-policy');
    await desk.button(t.create, page.getByRole('main')).click();
    await expect(desk.title(name)).toBeVisible();
  });

  await test.step('attaches it to a unit, after seeing whom that reaches', async () => {
    await desk.button(t.attach).click();
    const asked = desk.dialog(t.attachTitle(name));
    await asked.getByRole('checkbox', { name: tree.select('Sandbox'), exact: true }).check({ force: true });
    await look(page, info, 'organizations-7-attach');
    await desk.button(t.attach, asked).click();
    await expect(desk.notice(t.attached(name))).toBeVisible();
    await look(page, info, 'organizations-8-attached');
  });

  await test.step('the member is denied, and told by what', async () => {
    await member.open('/iam/users');
    await expect(theirs.getByText(shell.denied.titleFor('iam:ListUsers'))).toBeVisible();
    await expect(theirs.getByText(shell.denied.explicit['service-control'])).toBeVisible();
    await expect(theirs.getByText(shell.denied.helper.organization)).toBeVisible();
    await look(theirs, info, 'organizations-9-denied');
  });

  await test.step('detached, it is as before', async () => {
    await desk.button(t.detachOf('Sandbox')).click();
    await desk.button(t.detach, desk.dialog(t.detachTitle(name, 'Sandbox'))).click();
    await expect(desk.notice(t.detached(name, 'Sandbox'))).toBeVisible();
    await member.open('/iam/users');
    await expect(theirs.getByRole('link', { name: 'mika', exact: true })).toBeVisible();
  });
});
