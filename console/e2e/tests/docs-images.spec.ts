import path from 'node:path';
import { jane } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';

// The pictures in the documentation: npm run docs-images writes them anew.

const images = path.resolve(import.meta.dirname, '../../../docs/images');

test('the portal', async ({ page, people, words }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  await people.signIn(page, jane);
  const dialog = await people.openCredentials(page, 'Production', 'AdministratorAccess');
  await expect(dialog.getByText(words.credentials.startUrl, { exact: true })).toBeVisible();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path: path.join(images, 'portal.png') });
});

test.describe('in Japanese', () => {
  test.use({ locale: 'ja-JP', viewport: { width: 1280, height: 720 } });

  test('the sign-in page', async ({ page, server, people }) => {
    await page.goto(server.startUrl());
    await people.identify(page, jane.username);
    await page.screenshot({ path: path.join(images, 'signin-ja.png') });
  });
});
