/** A page as people see it: a picture to look at, and what a machine can tell about its accessibility. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, type Page, type TestInfo } from '@playwright/test';
import type axe from 'axe-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = path.resolve(import.meta.dirname, '../../../test/results/screenshots');

/**
 * Takes the picture. On a busy machine Chromium now and then fails to draw one in
 * time, which says nothing about the page: it is asked once more.
 */
async function picture(page: Page, file: string): Promise<void> {
  const options = { path: file, fullPage: true, animations: 'disabled', timeout: 20_000 } as const;
  await page.screenshot(options).catch(() => page.screenshot(options));
}

/** @param dark also judges the dark colours, which depend on neither language nor width */
export async function look(page: Page, info: TestInfo, name: string, dark = false): Promise<void> {
  const dir = path.join(pictures, info.project.name.replace('looks-', ''));
  mkdirSync(dir, { recursive: true });
  // Bars that stay in view are drawn where the page was scrolled to.
  await page.evaluate(() => scrollTo(0, 0));
  // What fades in is not there yet.
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined))));
  await picture(page, path.join(dir, `${name}.png`));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  const hasDark = dark && (await page.locator('meta[name=color-scheme][content~=dark]').count()) > 0;
  for (const colorScheme of hasDark ? (['dark', 'light'] as const) : (['light'] as const)) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() =>
      (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        resultTypes: ['violations'],
      }),
    );
    const grave = violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
    expect.soft(grave, `axe about ${name}, ${colorScheme}`).toEqual([]);
  }
}
