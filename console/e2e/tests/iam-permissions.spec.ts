import type { Page } from '@playwright/test';
import { policyMessages } from '../../management/src/iam/policies/messages.ts';
import { editorMessages } from '../../management/src/policy-editor/messages.ts';
import { providerMessages } from '../../management/src/iam/providers/messages.ts';
import { roleMessages } from '../../management/src/iam/roles/messages.ts';
import { simulatorMessages } from '../../management/src/iam/simulator/messages.ts';
import { ConsolePages } from '../harness/console.ts';
import { consoleWords } from '../harness/console-words.ts';
import { look } from '../harness/look.ts';
import { keiko, rootAccount } from '../harness/organisation.ts';
import type { Sekisho } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

// IAM's pages about permissions: a policy is written, mended and versioned, a role is
// made and switched to, the simulator says what would be decided.

// Wizards have many steps, and a busy machine takes its time for each.
test.describe.configure({ timeout: 120_000 });

test.beforeEach(({ watch }) => {
  // What the shell asks for by itself, and what is not there yet.
  for (const status of [403, 404]) watch.allow(status, /^\/api\//);
});

async function signIn(page: Page, server: Sekisho): Promise<void> {
  await page.goto(`http://${rootAccount}.signin.localhost:${server.port}/console`);
  await page.locator('input[name=username]').fill(keiko.username);
  await page.locator('input[name=password]').fill(keiko.password);
  await page.locator('main form button.primary').click();
  await page.waitForURL(/\/\/console\./);
}

/** The page's own button: on a narrow screen the breadcrumbs are a button of the same name. */
const submit = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true });

/** Writes a document in place of the one in the editor. */
async function write(page: Page, label: string, document: string): Promise<void> {
  await page.getByRole('textbox', { name: label, exact: true }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(document);
}

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 4);

const looking = { Sid: 'Look', Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' };

test('a mistake in a policy is shown where it is, and mended', async ({ page, server, language }, info) => {
  const t = policyMessages[language];
  const editor = editorMessages[language];
  const pages = new ConsolePages(page, server, consoleWords(language));
  await signIn(page, server);
  await pages.open('/iam/policies/create');
  await write(page, t.document, policy({ ...looking, Effect: 'Alow' }));
  const findings = page.getByRole('list', { name: editor.findings });
  await expect(findings.getByRole('listitem')).toHaveCount(1);
  await expect(findings).toContainText(editor.line(6));
  await look(page, info, 'iam-policy-mistake');
  await pages.nextStep();
  await expect(page.getByText(t.documentMissing)).toBeVisible();

  // The line leads into the editor, at the mistake.
  await findings.getByRole('button', { name: editor.line(6) }).click();
  await expect(page.getByRole('textbox', { name: t.document, exact: true })).toBeFocused();
  await write(page, t.document, policy(looking));
  await expect(page.getByText(editor.nothingFound)).toBeVisible();
  await pages.nextStep();
  await submit(page, t.create).click();
  await expect(pages.field(t.name)).toBeFocused();
  await pages.field(t.name).fill('LookOnly');
  await submit(page, t.create).click();
  await expect(pages.title('LookOnly')).toBeVisible();

  // What is typed key by key is kept, however late the page hears of it.
  await write(page, t.document, policy(looking));
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('End');
  await page.keyboard.type('\n"Id": "Typed", ');
  await expect(page.getByText(editor.nothingFound)).toBeVisible();
  await pages.button(t.saveVersion).click();
  await expect(pages.notice(t.savedVersion('v2'))).toBeVisible();
  await page.getByRole('tab', { name: t.versions }).click();
  await pages.button(`${t.view}: v2`).click();
  await expect(page.locator('pre.policy-text')).toContainText('"Id": "Typed"');
  await look(page, info, 'iam-policy-versions');
});

/** The wizard, from whom the role trusts to the page of the role that was made. */
async function createRole(page: Page, pages: ConsolePages, t: (typeof roleMessages)['en'], name: string, attached: string, externalId = ''): Promise<void> {
  await pages.open('/iam/roles/create');
  if (externalId) {
    await page.getByRole('checkbox', { name: t.wizard.external }).check({ force: true });
    await pages.nextStep();
    await expect(pages.field(t.wizard.externalId)).toBeFocused(); // it was left out
    await pages.field(t.wizard.externalId).fill(externalId);
  }
  await pages.nextStep();
  await pages.pick(attached);
  await pages.nextStep();
  await pages.field(t.name).fill(name);
  await submit(page, t.create).click();
  await expect(pages.title(name)).toBeVisible();
}

test('a role with an external id is not switched to, one without is (behaviours 8.4)', async ({ page, server, say, language }, info) => {
  const t = roleMessages[language];
  const pages = new ConsolePages(page, server, consoleWords(language));
  await signIn(page, server);
  await createRole(page, pages, t, 'Partner', 'ConsoleViewOnlyAccessFromVercel', 'partner-7');
  await expect(pages.value(t.switchLink)).toHaveText(t.notSwitchable);
  await page.getByRole('tab', { name: t.tabs.trust }).click();
  await expect(page.getByRole('textbox', { name: t.trust.document, exact: true })).toContainText('partner-7');
  await look(page, info, 'iam-role-trust');

  await createRole(page, pages, t, 'Ops', 'ConsoleViewOnlyAccessFromVercel');
  const link = (await pages.value(t.switchLink).locator('.copy-value').innerText()).trim();
  await page.goto(link);
  await page.getByRole('button', { name: say('switch.submit'), exact: true }).click();
  await page.waitForURL(`${server.console()}/`);
  await expect.poll(() => page.evaluate(() => document.getElementById('sekisho-session')?.textContent)).toContain(`assumed-role/Ops/${keiko.username}`);
});

test('the sessions of a role are revoked, and the role is deleted', async ({ page, server, language }, info) => {
  const t = roleMessages[language];
  const pages = new ConsolePages(page, server, consoleWords(language));
  await signIn(page, server);
  await createRole(page, pages, t, 'Ops', 'ConsoleViewOnlyAccessFromVercel');
  await page.getByRole('tab', { name: t.tabs.sessions }).click();
  await expect(page.getByText(t.sessions.none)).toBeVisible();
  await pages.button(t.sessions.button).click();
  await pages.button(t.sessions.button, pages.dialog(t.sessions.askTitle('Ops'))).click();
  await expect(pages.notice(t.sessions.done)).toBeVisible();
  await page.getByRole('tab', { name: t.tabs.permissions }).click();
  await expect(page.getByRole('row').filter({ hasText: 'AWSRevokeOlderSessions' })).toBeVisible();
  await look(page, info, 'iam-role');

  // Attached and inline policies go with it (behaviours 5.2).
  await pages.button(t.delete).click();
  const dialog = pages.dialog(t.deleteTitle('Ops'));
  await dialog.getByRole('textbox').fill('Ops');
  await pages.button(t.delete, dialog).click();
  await expect(pages.notice(t.deleted('Ops'))).toBeVisible();
  await expect(page.getByRole('link', { name: 'Ops', exact: true })).toBeHidden();
});

test('the simulator says what is allowed and what denied, and by which statement', async ({ page, server, language }, info) => {
  const t = simulatorMessages[language];
  const pages = new ConsolePages(page, server, consoleWords(language));
  await signIn(page, server);
  await pages.open('/iam/simulator');
  await page.getByRole('button', { name: new RegExp(`^${t.name}`) }).click();
  await page.getByRole('option', { name: keiko.username, exact: true }).click();
  await pages.field(t.actions).fill('iam:CreateUser');
  await pages.button(t.run).click();
  const row = (action: string) => page.getByRole('row').filter({ hasText: action });
  await expect(row('iam:CreateUser')).toContainText(t.decisions.allowed);
  await expect(row('iam:CreateUser')).toContainText('AdministratorAccess');

  await page.getByRole('radio', { name: t.written }).check({ force: true });
  const denying = { Sid: 'NotFromThere', Effect: 'Deny', Action: 'iam:GetUser', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
  await write(page, t.document, policy(looking, denying));
  await expect(page.getByText(editorMessages[language].nothingFound)).toBeVisible();
  await pages.field(t.actions).fill('iam:GetUser\niam:ListUsers\niam:CreateUser');
  await pages.button(t.askKeys).click();
  await pages.field(t.values).fill('10.1.2.3');
  await pages.button(t.run).click();
  await expect(row('iam:GetUser')).toContainText(t.decisions.explicitDeny);
  await expect(row('iam:GetUser')).toContainText('"Sid": "NotFromThere"');
  await expect(row('iam:ListUsers')).toContainText(t.decisions.allowed);
  await expect(row('iam:CreateUser')).toContainText(t.decisions.implicitDeny);
  await expect(page.getByText(t.done(1, 2))).toBeVisible();
  await look(page, info, 'iam-simulator');
});

test('an OpenID Connect provider is added, and a role begins with it', async ({ page, server, language }, info) => {
  const t = providerMessages[language];
  const roles = roleMessages[language];
  const pages = new ConsolePages(page, server, consoleWords(language));
  await signIn(page, server);
  await pages.open('/iam/identity-providers/create');
  await page.getByRole('radio', { name: t.types.oidc }).check({ force: true });
  await submit(page, t.create).click();
  await expect(pages.field(t.url)).toBeFocused();
  await pages.field(t.url).fill('https://token.example.com/tenant');
  await pages.field(t.audience).fill('sts.amazonaws.com');
  await page.getByRole('textbox', { name: t.thumbprint }).fill('0123456789abcdef0123456789abcdef01234567');
  await look(page, info, 'iam-provider-create');
  await submit(page, t.create).click();
  await expect(pages.title('token.example.com/tenant')).toBeVisible();

  await page.getByRole('link', { name: t.assign }).click();
  await pages.field(roles.wizard.audience).fill('sts.amazonaws.com');
  await pages.nextStep();
  await pages.nextStep();
  await expect(page.locator('pre.policy-text')).toContainText('"token.example.com/tenant:aud": "sts.amazonaws.com"');
});
