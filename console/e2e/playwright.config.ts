import { defineConfig } from '@playwright/test';
import path from 'node:path';

/** Where everything that a run leaves behind goes; git ignores it. */
const results = path.resolve(import.meta.dirname, '../../test/results');

const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 844 };

// What people do is tested on a desk in English and on a telephone in Japanese: the
// main ways in both, everything else in one of them, so that the whole run stays
// within its time. EVERYTHING=1 runs all of it in both, and looks in all four combinations.
const looks = [
  { locale: 'en-US', viewport: wide },
  { locale: 'en-US', viewport: narrow },
  { locale: 'ja-JP', viewport: wide },
  { locale: 'ja-JP', viewport: narrow },
] as const;

const apart = ['**/looks.spec.ts', '**/docs-images.spec.ts'];
const japaneseOnly = ['**/article-*.spec.ts', '**/deep-links.spec.ts', '**/identity-center.spec.ts', '**/iam-console-identities.spec.ts', '**/journey-recovery.spec.ts', '**/person-mfa.spec.ts', '**/session.spec.ts', '**/signin.spec.ts', '**/signup.spec.ts'];
const englishOnly = ['account-life', 'account-signin', 'console', 'factors', 'iam-permissions', 'device', 'journey', 'organizations', 'organizations-accounts', 'password', 'portal', 'portal-person', 'problem'].map((name) => `**/${name}.spec.ts`);

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
      // Chromium without windows takes two thirds of the processor's time of the one with.
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
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
    { name: 'en-1280', testIgnore: process.env.EVERYTHING ? apart : [...apart, ...japaneseOnly], use: looks[0] },
    { name: 'ja-390', testIgnore: process.env.EVERYTHING ? apart : [...apart, ...englishOnly], use: looks[3] },
    ...(process.env.EVERYTHING ? looks : [looks[0], looks[3]]).map((use) => ({ name: `looks-${use.locale.slice(0, 2)}-${use.viewport.width}`, testMatch: '**/looks.spec.ts', use })),
    // Writes into docs/images, so only when asked for: npm run docs-images.
    ...(process.env.DOCS_IMAGES ? [{ name: 'docs-images', testMatch: '**/docs-images.spec.ts', use: looks[0] }] : []),
  ],
});
