// A person in a real browser; browser_test.go says what they do. Name and password come by
// COMPAT_USER and COMPAT_PASSWORD; what they found is printed as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [task, address, ...args] = process.argv.slice(2);
const user = process.env.COMPAT_USER;
const password = process.env.COMPAT_PASSWORD;

async function signIn(page) {
  await page.getByLabel('Username').fill(user);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Presses one Copy button and returns what is on the clipboard. */
async function copied(page, button) {
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await button.click();
  const handle = await page.waitForFunction(() => navigator.clipboard.readText());
  await page.keyboard.press('Escape').catch(() => {}); // the note that it is copied
  return handle.jsonValue();
}

const tasks = {
  /** Opens the address with the code, compares, signs in, allows. */
  async approve(page) {
    await page.goto(address);
    const code = await page.locator('.code').innerText();
    await page.getByRole('button', { name: 'Confirm and continue' }).click();
    await signIn(page);
    const asked = await page.locator('main').innerText();
    await page.getByRole('button', { name: 'Allow access' }).click();
    await page.waitForLoadState();
    return { code, asked, done: await page.locator('main').innerText() };
  },

  /** Signs in at the portal and copies everything that the credentials dialog offers. */
  async dialog(page) {
    const [account, role] = args;
    await page.goto(address);
    await signIn(page);
    const row = page.getByRole('listitem').filter({ hasText: account }).first();
    await row.getByRole('button', { name: new RegExp(account) }).first().click();
    await page.getByRole('button', { name: `Access keys for ${role} in ${account}` }).click();
    const dialog = page.getByRole('dialog');
    const texts = {};
    for (const system of ['macOS and Linux', 'Windows', 'PowerShell']) {
      await dialog.getByRole('tab', { name: system, exact: true }).click();
      const panel = dialog.getByRole('tabpanel').filter({ visible: true });
      await panel.getByText('Option 1: Set AWS environment variables').waitFor();
      const closed = panel.locator('[aria-expanded="false"]');
      while ((await closed.count()) > 0) await closed.first().click();
      texts[system] = {};
      for (const button of await panel.getByRole('button', { name: /^Copy: / }).filter({ visible: true }).all()) {
        const label = (await button.getAttribute('aria-label')).replace(/^Copy: /, '');
        texts[system][label] = await copied(page, button);
      }
    }
    return { texts, shown: await dialog.innerText() };
  },
};

const profile = mkdtempSync(join(tmpdir(), 'compat-chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  headless: true,
  locale: 'en-US',
  viewport: { width: 1280, height: 900 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  permissions: ['clipboard-read', 'clipboard-write'],
});
context.setDefaultTimeout(20_000);
try {
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints = [];
  page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(String(e)));
  try {
    const found = await tasks[task](page);
    console.log(JSON.stringify({ ...found, complaints }));
  } catch (e) {
    console.error(`at ${page.url()}: ${await page.locator('body').innerText().catch(() => '')}\n${complaints.join('\n')}`);
    throw e;
  }
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
