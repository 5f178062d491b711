/**
 * The test function of all tests: a server per worker that starts each test from
 * the organisation file, and a fresh browser context that is watched.
 */
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { Accounts } from './accounts.ts';
import { consoleWords, type ConsoleWords } from './console-words.ts';
import { ConsolePages } from './console.ts';
import { IdentityCenterPages } from './identity-center.ts';
import { OIDC } from './oidc.ts';
import { organisationFile } from './organisation.ts';
import { People } from './people.ts';
import { Sekisho } from './server.ts';
import { Watch } from './watch.ts';
import { app, say, type Language, type Messages, type Say } from './words.ts';

interface Fixtures {
  language: Language;
  /** The words of the server's pages. */
  say: Say;
  /** The words of the portal's app. */
  words: Messages;
  watch: Watch;
  /** Opens another browser altogether: no cookie in common, watched as well. */
  otherBrowser: () => Promise<Page>;
  people: People;
  /** The words of the console's app. */
  consoleWords: ConsoleWords;
  /** What root users and IAM users do before they are in the console, on a page. */
  accountsOn: (page: Page) => Accounts;
  /** What they do in the console, on a page. */
  consoleOn: (page: Page) => ConsolePages;
  /** What they do on the pages of IAM Identity Center, on a page of the console. */
  identityCenterOn: (page: Page) => IdentityCenterPages;
  oidc: OIDC;
  fresh: void;
}

interface WorkerFixtures {
  /** What the server begins with; `test.use({ organisation: '' })` for one on which there is nothing. */
  organisation: string;
  server: Sekisho;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  organisation: [organisationFile, { option: true, scope: 'worker' }],
  server: [
    async ({ organisation }, use) => {
      const server = await Sekisho.start(organisation);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 30_000 },
  ],
  fresh: [
    async ({ server }, use, info) => {
      await server.reset();
      const before = server.log().length;
      await use();
      if (info.status !== info.expectedStatus) {
        await info.attach('server.log', { body: server.log().slice(before), contentType: 'text/plain' });
      }
    },
    { auto: true },
  ],
  language: async ({ locale }, use) => use(locale?.startsWith('ja') ? 'ja' : 'en'),
  say: async ({ language }, use) => use(say(language)),
  words: async ({ language }, use) => use(app[language]),
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
  watch: async ({}, use, info) => {
    const watch = new Watch();
    await use(watch);
    // What failed already would only be told again.
    if (info.status === info.expectedStatus) watch.verify();
  },
  context: async ({ context, watch }, use) => {
    await watch.follow(context);
    await use(context);
  },
  otherBrowser: async ({ browser, watch, locale, viewport, timezoneId }, use) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ locale, viewport, timezoneId });
      opened.push(context);
      await watch.follow(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
  people: async ({ server, say: inWords, words }, use) => use(new People(server, inWords, words)),
  consoleWords: async ({ language }, use) => use(consoleWords(language)),
  accountsOn: async ({ server, people, say: inWords }, use) => use((page) => new Accounts(page, server, people, inWords)),
  consoleOn: async ({ server, consoleWords: inWords }, use) => use((page) => new ConsolePages(page, server, inWords)),
  identityCenterOn: async ({ consoleOn, consoleWords: inWords }, use) => use((page) => new IdentityCenterPages(page, consoleOn(page), inWords)),
  oidc: async ({ server }, use) => use(new OIDC(server)),
});

export { expect };
