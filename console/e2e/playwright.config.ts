import { defineConfig } from '@playwright/test';
import path from 'node:path';

/** Where everything that a run leaves behind goes; git ignores it. */
const results = path.resolve(import.meta.dirname, '../../test/results');

const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 844 };

// What people do is tested once on a desk in English and once on a telephone in
// Japanese; how the pages look, in all four combinations.
const looks = [
  { locale: 'en-US', viewport: wide },
  { locale: 'en-US', viewport: narrow },
  { locale: 'ja-JP', viewport: wide },
  { locale: 'ja-JP', viewport: narrow },
] as const;

export default defineConfig({
  testDir: 'tests',
  outputDir: path.join(results, 'e2e'),
  globalSetup: './harness/build.ts',
  reporter: [['list'], ['junit', { outputFile: path.join(results, 'e2e.xml') }]],
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--autoplay-policy=no-user-gesture-required'],
    },
    timezoneId: 'Asia/Tokyo',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    // Recording costs a third of the time: TRACE=1 asks for it.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'en-1280', testIgnore: ['**/looks.spec.ts', '**/docs-images.spec.ts'], use: looks[0] },
    { name: 'ja-390', testIgnore: ['**/looks.spec.ts', '**/docs-images.spec.ts'], use: looks[3] },
    ...looks.map((use) => ({ name: `looks-${use.locale.slice(0, 2)}-${use.viewport.width}`, testMatch: '**/looks.spec.ts', use })),
    // Writes into docs/images, so only when asked for: npm run docs-images.
    ...(process.env.DOCS_IMAGES ? [{ name: 'docs-images', testMatch: '**/docs-images.spec.ts', use: looks[0] }] : []),
  ],
});
