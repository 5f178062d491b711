import type { Page } from '@playwright/test';
import { look } from '../harness/look.ts';
import { jane, many, organizationName } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';
import type { Language, Messages } from '../harness/words.ts';

// What is the person's own in the portal: favourites, applications, sign-ins, shortcuts.

/** Opens an entry of the person's menu, which small screens keep one level deeper. */
async function choose(page: Page, words: Messages, item: string): Promise<void> {
  if ((page.viewportSize()?.width ?? 0) > 600) {
    await page.getByRole('button', { name: new RegExp(`^${words.navigation.user}`) }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
    return;
  }
  await page.getByRole('button', { name: words.navigation.more, exact: true }).click();
  await page.getByRole('button', { name: /Jane Doe/ }).click();
  await page.getByRole('link', { name: item, exact: true }).or(page.getByRole('button', { name: item, exact: true })).first().click();
}

test('the words that people are told to look for', async ({ language, words }) => {
  const required: Record<Language, string[]> = {
    en: ['Accounts', 'Applications', 'Create shortcut', 'MFA devices', 'Active sessions', 'Favorites'],
    ja: ['アカウント', 'アプリケーション', 'ショートカットの作成', 'MFA デバイス', 'アクティブなセッション', 'お気に入り'],
  };
  expect([words.accounts.tab, words.applications.tab, words.accounts.shortcut, words.navigation.mfaDevices, words.navigation.sessions, words.favourites.heading]).toEqual(required[language]);
});

test('favourites come first, in every browser of the person', async ({ page, people, words, otherBrowser }, info) => {
  await people.signIn(page, jane);
  await page.getByRole('button', { name: words.favourites.mark('Staging'), exact: true }).click();
  const first = (on: Page) => on.getByRole('list', { name: words.favourites.heading, exact: true });
  await expect(first(page).getByRole('button', { expanded: false })).toHaveText([/^Staging/]);
  await expect(page.getByRole('button', { name: words.favourites.mark('Staging'), exact: true })).toBeFocused();
  await look(page, info, 'portal-favourites');
  const elsewhere = await otherBrowser();
  await people.signIn(elsewhere, jane);
  await expect(first(elsewhere)).toContainText('Staging');
  await elsewhere.getByRole('button', { name: words.favourites.mark('Staging'), exact: true }).click();
  await expect(first(elsewhere)).toHaveCount(0);
  await expect.poll(async () => {
    await page.reload();
    await people.atPortal(page);
    return first(page).count();
  }).toBe(0);
});

test('who has hundreds of accounts finds a favourite first, and searches all', async ({ page, people, words }) => {
  await people.signIn(page, many);
  const search = page.getByRole('searchbox', { name: words.accounts.filter });
  await search.fill('team 250');
  await page.getByRole('button', { name: words.favourites.mark('Team 250'), exact: true }).click();
  await search.fill('');
  const first = page.getByRole('list', { name: words.favourites.heading, exact: true });
  await expect(first).toContainText('Team 250');
  await page.getByRole('button', { name: words.accounts.nextPage, exact: true }).click();
  await expect(first).toHaveCount(0);
});

test('a shortcut opens the console as the role, from another tab (behaviours.md 6.12)', async ({ page, server, people, words, context }, info) => {
  await people.signIn(page, jane);
  await people.account(page, 'Production').click();
  await page.getByRole('button', { name: words.accounts.shortcutFor('ReadOnly', 'Production'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: words.shortcut.title });
  await dialog.getByRole('textbox', { name: words.shortcut.destination }).fill('https://evil.example/');
  await expect(dialog.getByText(words.shortcut.destinationError)).toBeVisible();
  await look(page, info, 'portal-shortcut-wrong');
  await dialog.getByRole('textbox', { name: words.shortcut.destination }).fill('https://console.aws.amazon.com/iam/home');
  const address = (await dialog.getByRole('group', { name: words.shortcut.address, exact: true }).locator('pre').textContent()) ?? '';
  expect(address).toBe(`${server.startUrl()}/#/console?account_id=444455556666&role_name=ReadOnly&destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fiam%2Fhome`);
  const tab = await context.newPage();
  await tab.goto(address);
  await expect(tab).toHaveURL(new RegExp(`^http://console\\.localhost:${server.port}/iam`));
});

test('applications: nothing yet, and whom to ask (H-18)', async ({ page, people, words }, info) => {
  await people.signIn(page, jane);
  await page.getByRole('tab', { name: words.applications.tab, exact: true }).click();
  await expect(page.getByText(words.applications.emptyTitle)).toBeVisible();
  await look(page, info, 'portal-applications-empty');
});

test('applications as icons that open, and those that do not yet (H-18)', async ({ page, people, words }, info) => {
  // Applications are made by an API, for which the portal is not the place: its answer stands for one.
  const applications = [
    { applicationId: 'apl-0123456789abcdef', name: 'Wiki', description: 'What everybody here should know, and nobody remembers.', url: 'https://wiki.example/start' },
    { applicationId: 'apl-0123456789abcdea', name: 'Payroll', description: '' },
    { applicationId: 'apl-0123456789abcdeb', name: '勤怠管理', description: '出退勤の記録', url: 'https://time.example/' },
    { applicationId: 'apl-0123456789abcdec', name: `Long${'name'.repeat(20)}`, description: 'd'.repeat(120), url: 'https://long.example/' },
  ];
  await page.route('**/api/_portal/applications', (route) => route.fulfill({ json: { applications } }));
  await people.signIn(page, jane);
  await page.getByRole('tab', { name: words.applications.tab, exact: true }).click();
  const link = page.getByRole('link', { name: words.applications.open('Wiki'), exact: true });
  await expect(link).toHaveAttribute('href', 'https://wiki.example/start');
  await expect(page.getByText(words.applications.notHere)).toHaveCount(1);
  await page.getByRole('button', { name: words.favourites.mark('Payroll'), exact: true }).click();
  await expect(page.getByRole('list', { name: words.favourites.heading, exact: true })).toContainText('Payroll');
  await look(page, info, 'portal-applications');
});

test('active sessions: this one marked, another ended at once (behaviours.md 6.5)', async ({ page, people, words, otherBrowser, watch }, info) => {
  watch.expect(401, /^\/api\/sso\//);
  await people.signIn(page, jane);
  const elsewhere = await otherBrowser();
  await people.signIn(elsewhere, jane);
  await choose(page, words, words.navigation.sessions);
  const list = page.getByRole('list', { name: words.sessions.title, exact: true });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByRole('listitem').first()).toContainText(words.sessions.current);
  await look(page, info, 'portal-sessions');
  await page.getByRole('button', { name: words.sessions.endOthers, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: words.sessions.endOthersTitle });
  await look(page, info, 'portal-sessions-end');
  await dialog.getByRole('button', { name: words.sessions.endOthers, exact: true }).click();
  await expect(page.getByText(words.sessions.only)).toBeVisible();
  // Whoever sits there is told at the next thing they do.
  await people.account(elsewhere, 'Production').click();
  await expect(elsewhere.getByText(words.session.endedTitle).first()).toBeVisible();
  await page.getByRole('link', { name: words.sessions.back, exact: true }).click();
  await people.atPortal(page);
});

test('the menu leads to a new password, by the sign-in page (H-22)', async ({ page, people, words }, info) => {
  await people.signIn(page, jane);
  await choose(page, words, words.navigation.password);
  const dialog = page.getByRole('dialog', { name: words.password.title });
  await expect(dialog).toContainText(jane.email);
  await look(page, info, 'portal-password');
  await dialog.getByRole('button', { name: words.password.signOut, exact: true }).click();
  await expect(people.title(page, 'identify.title')).toBeVisible();
});

test('the advice to bookmark the portal is given once (Q-26)', async ({ page, server, people, words }, info) => {
  await people.signIn(page, jane);
  await expect(page.getByText(words.bookmark.title)).toBeVisible();
  await expect(page.getByText(server.startUrl(), { exact: true })).toBeVisible();
  await look(page, info, 'portal-bookmark');
  await page.reload();
  await people.atPortal(page);
  await expect(page.getByText(words.bookmark.title)).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1, name: organizationName })).toBeVisible();
});
