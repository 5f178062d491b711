import { jane, organizationName } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';

test('from the start URL by user name and password to the portal (H-01, H-02, H-04 to H-06, D-04)', async ({ page, server, people, language }) => {
  await page.goto(server.startUrl());
  await expect(page).toHaveURL(new RegExp(`^${server.signIn()}/platform/login`)); // D-06
  // The words that the requirements ask for, whatever the catalogue says.
  const required = { en: { next: 'Next', forgot: 'Forgot password' }, ja: { next: '次へ', forgot: 'パスワードを忘れた場合' } }[language];
  await page.getByRole('textbox').fill(jane.username);
  await page.getByRole('button', { name: required.next, exact: true }).click();
  await expect(page.getByRole('link', { name: required.forgot, exact: true })).toBeVisible();
  await people.enterPassword(page, jane.password);
  await people.atPortal(page);
  expect(page.url().startsWith(server.startUrl())).toBe(true);
  await expect(page.getByRole('heading', { level: 1, name: organizationName })).toBeVisible();
});

test('each portal answers by its directory id, at /login and at the bare host too (D-03, D-05)', async ({ page, server, people }) => {
  await page.goto(server.directoryUrl());
  await people.signInHere(page, jane);
  await people.atPortal(page);
  expect(page.url().startsWith(server.directoryUrl())).toBe(true);
  // Signed in once, at another address of the same portal no password is asked for.
  for (const path of ['/login', '/']) {
    await page.goto(server.portal() + path);
    await people.atPortal(page);
    expect(page.url().startsWith(server.startUrl())).toBe(true);
  }
});

test('a wrong password and an unknown user are told in the same words (promise 4)', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/platform\/password$/);
  const told: string[] = [];
  for (const name of [jane.username, 'nobody']) {
    await page.goto(server.startUrl());
    await people.identify(page, name);
    await people.enterPassword(page, 'Not-The-Password-53');
    await expect(people.faults(page)).toContainText(say('password.error.incorrect'));
    await expect(people.faults(page)).toBeFocused();
    expect(await page.title()).toContain(say('frame.errors'));
    // What was typed does not come back.
    await expect(people.password(page)).toHaveValue('');
    told.push((await page.getByRole('main').innerText()).replaceAll(name, '…'));
  }
  expect(told[1]).toBe(told[0]);
  // A person who mistyped goes on from there.
  await people.link(page, 'password.change').click();
  await people.signInHere(page, jane);
  await people.atPortal(page);
});

test('the language is chosen on any page and kept', async ({ page, server, people, language }) => {
  const other = { en: { name: '日本語', lang: 'ja', next: '次へ', accounts: 'アカウント' }, ja: { name: 'English', lang: 'en', next: 'Next', accounts: 'Accounts' } }[language];
  await page.goto(server.startUrl());
  await expect(people.title(page, 'identify.title')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  await page.getByRole('link', { name: other.name, exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', other.lang);
  await page.getByRole('textbox').fill(jane.username);
  await page.getByRole('button', { name: other.next, exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', other.lang);
  await page.locator('input[type=password]').fill(jane.password);
  await page.keyboard.press('Enter');
  // The portal follows, on its own host too.
  await expect(page.getByRole('tab', { name: other.accounts, exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', other.lang);
});

test('with the keyboard alone, past an error, to the portal', async ({ page, server, people, watch }) => {
  watch.expect(422, /^\/platform\/(login|password)$/);
  await page.goto(server.startUrl());
  await expect(people.field(page, 'field.username')).toBeFocused();
  await page.keyboard.type(' ');
  await page.keyboard.press('Enter');
  await expect(people.faults(page)).toBeFocused();
  // From the list of errors straight to the field that has one.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(people.field(page, 'field.username')).toBeFocused();
  await expect(people.field(page, 'field.username')).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.type(jane.username);
  await page.keyboard.press('Enter');

  await expect(people.password(page)).toBeFocused();
  await page.keyboard.type('Not-The-Password-53');
  await page.keyboard.press('Enter');
  await expect(people.faults(page)).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(people.password(page)).toBeFocused();
  await page.keyboard.type(jane.password);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: /password|パスワード/i })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await people.atPortal(page);
});

test('the skip link is the first stop and leads past the frame', async ({ page, server, people, say }) => {
  await page.goto(`${server.signIn()}/sign-in-pages`);
  await expect(people.title(page, 'signin-home.title')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: say('frame.skip'), exact: true })).toBeFocused();
  await expect(page.getByRole('link', { name: say('frame.skip'), exact: true })).toBeInViewport();
});

test('password managers find what they look for (H-05)', async ({ page, server, people, say }) => {
  await page.goto(server.startUrl());
  await expect(people.field(page, 'field.username')).toHaveAttribute('autocomplete', 'username');
  await people.identify(page, jane.username);
  // Both on the password's page: the name to store it under, and the password.
  await expect(people.field(page, 'field.username')).toHaveValue(jane.username);
  await expect(people.field(page, 'field.username')).toHaveAttribute('autocomplete', 'username');
  await expect(people.field(page, 'field.username')).toHaveAttribute('readonly', '');
  await expect(people.password(page)).toHaveAttribute('autocomplete', 'current-password');
  await expect(people.password(page)).toHaveAttribute('type', 'password');
  // Pasting works, and what was typed can be looked at.
  await people.password(page).evaluate((input, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    return input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, jane.password).then((notPrevented) => expect(notPrevented).toBe(true));
  await people.password(page).fill(jane.password);
  await page.getByRole('button', { name: new RegExp(`^${say('field.show')}`) }).click();
  await expect(people.password(page)).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: new RegExp(`^${say('field.hide')}`) }).click();
  await expect(people.password(page)).toHaveAttribute('type', 'password');
});

test('without script the whole way works', async ({ browser, server, people, locale, viewport }) => {
  const context = await browser.newContext({ locale, viewport, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(server.startUrl());
  await people.signInHere(page, jane);
  await page.waitForURL((url) => url.href.startsWith(server.startUrl()));
  await context.close();
});

test('going back after sign-in and after sign-out harms nothing (L-05)', async ({ page, people }) => {
  await people.signIn(page, jane);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(jane.password)).toHaveCount(0);
  await page.goForward();
  await people.atPortal(page);
  await people.signOut(page);
  await page.goBack();
  // No cache shows the accounts to whoever sits down next.
  await expect(people.title(page, 'identify.title')).toBeVisible();
  await expect(people.account(page, 'Production')).toHaveCount(0);
});

test('a form that was open before somebody signed in elsewhere still works', async ({ page, context, server, people }) => {
  await page.goto(server.startUrl());
  await people.identify(page, jane.username);
  const second = await context.newPage();
  await people.signIn(second, jane);
  await people.enterPassword(page, jane.password);
  await people.atPortal(page);
  await second.reload();
  await people.atPortal(second);
});

test('the portal comes back with the query that it was asked for with', async ({ page, server, people }) => {
  await page.goto(`${server.startUrl()}?from=bookmark#/?tab=accounts&filter=Sand`);
  await people.signInHere(page, jane);
  await people.atPortal(page);
  expect(new URL(page.url()).searchParams.get('from')).toBe('bookmark');
});
