import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { keiko, rootAccount, sandbox, sandboxAccount, type Person } from '../harness/organisation.ts';
import type { People } from '../harness/people.ts';
import type { Sekisho } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';
import type { Say } from '../harness/words.ts';

// What becomes of an account: its root user's address and password change, it is
// closed, reopened, suspended, and after 90 days it is gone.

/** SHOTS=1 keeps a picture of every page, to be looked at. */
const shots = process.env.SHOTS ? path.resolve(import.meta.dirname, '../../../test/results/account-life') : '';

/** The pages under /account. */
class Settings {
  private readonly page: Page;
  private readonly server: Sekisho;
  private readonly people: People;
  private readonly say: Say;
  private pictures = 0;

  constructor(page: Page, server: Sekisho, people: People, say: Say) {
    this.page = page;
    this.server = server;
    this.people = people;
    this.say = say;
  }

  async open(where = ''): Promise<void> {
    await this.page.goto(`${this.server.signIn()}/account${where}`);
  }

  async at(key: string): Promise<void> {
    await expect(this.people.title(this.page, key)).toBeVisible();
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    const name = `${test.info().project.name}-${test.info().title.split(' ').slice(0, 4).join('-')}-${this.pictures++}.png`;
    await this.page.screenshot({ path: path.join(shots, name), fullPage: true });
  }

  /** Signs the root user in from the page that asks for it, with the code that is mailed to an unknown browser. */
  async signInRoot(who: Person, password = who.password): Promise<void> {
    await this.enterRoot(who.email, password);
    const code = this.people.title(this.page, 'account.code.title');
    const home = this.page.locator('h1').filter({ hasNotText: this.say('account.root.title') });
    await expect(home).toBeVisible();
    if (!(await code.isVisible())) return;
    const sent = async () => (await this.server.messages(who.email)).find((m) => m.codes.length === 1 && /^\d{6}$/.test(m.codes[0]!))?.codes[0] ?? '';
    await expect.poll(sent, { message: 'a code by mail' }).not.toBe('');
    await this.people.field(this.page, 'account.field.code').fill(await sent());
    await this.people.button(this.page, 'account.code.submit').click();
  }

  /** As far as the password. */
  async enterRoot(email: string, password: string): Promise<void> {
    const known = this.people.title(this.page, 'account.root.title');
    const main = this.people.title(this.page, 'account.main.title');
    await expect(known.or(main)).toBeVisible();
    if (await main.isVisible()) {
      await this.page.getByRole('radio', { name: this.say('account.root') }).check();
      await this.people.field(this.page, 'account.field.email').fill(email);
      await this.people.button(this.page, 'account.next').click();
    }
    await this.people.password(this.page, 'field.password').fill(password);
    await this.people.button(this.page, 'account.submit').click();
  }

  async type(key: string, text: string): Promise<void> {
    await this.people.field(this.page, key).fill(text);
  }

  async press(key: string): Promise<void> {
    await this.people.button(this.page, key).click();
  }

  async notice(key: string): Promise<void> {
    await expect(this.page.getByRole('status').filter({ hasText: this.say(key) })).toBeVisible();
  }

  async fault(key: string, args?: Record<string, string | number>): Promise<void> {
    const summary = this.page.getByRole('alert');
    await expect(summary).toContainText(this.say(key, args));
    await expect(summary).toBeFocused();
  }
}

// N-25
test('the root user changes the address and the password', async ({ page, server, people, say, watch, otherBrowser }) => {
  test.slow();
  watch.expect(422, /^\/account\/(email|email\/code|password)$/);
  const settings = new Settings(page, server, people, say);
  await settings.open('/email');
  await settings.signInRoot(sandbox);
  await settings.at('settings.email.title');
  await settings.type('settings.email.new', sandbox.email);
  await settings.press('settings.email.send');
  await settings.fault('settings.error.email-same');
  const fresh = 'sandbox+new@example.com';
  await settings.type('settings.email.new', fresh);
  await settings.press('settings.email.send');
  await settings.at('settings.email-code.title');
  const code = async () => (await server.messages(fresh))[0]?.codes[0] ?? '';
  await expect.poll(code, { message: 'a code for the new address' }).not.toBe('');
  await settings.type('settings.email-code.code', 'zzzzzz');
  await people.password(page, 'settings.current-password').fill(sandbox.password);
  await settings.press('settings.email-code.submit');
  await settings.fault('settings.error.code-wrong');
  await settings.type('settings.email-code.code', await code());
  await people.password(page, 'settings.current-password').fill(sandbox.password);
  await settings.press('settings.email-code.submit');
  await settings.notice('settings.notice.email');
  await settings.at('settings.home.title');
  await expect(page.getByText(fresh)).toBeVisible();
  expect((await server.messages(sandbox.email)).some((m) => m.subject.includes('address was changed'))).toBe(true);

  // Another browser, with the new address; its session ends when the password changes here.
  const second = await otherBrowser();
  const there = new Settings(second, server, people, say);
  await there.open();
  await there.signInRoot({ ...sandbox, email: fresh });
  await expect(people.title(second, 'settings.home.title')).toBeVisible();

  await page.getByRole('link', { name: say('settings.password.title') }).click();
  await settings.at('settings.password.title');
  const another = 'Dune-Checkpoint-54';
  await people.password(page, 'settings.current-password').fill('Not-The-Password-1');
  await people.password(page, 'field.new-password').fill(another);
  await people.password(page, 'field.confirm').fill(another);
  await settings.press('settings.save');
  await settings.fault('settings.error.password-wrong');
  await settings.at('settings.password.title');
  await people.password(page, 'settings.current-password').fill(sandbox.password);
  await people.password(page, 'field.new-password').fill(another);
  await people.password(page, 'field.confirm').fill(another);
  await settings.press('settings.save');
  await settings.notice('settings.notice.password');

  await second.reload();
  await expect(people.title(second, 'settings.home.title')).toBeHidden();
  await there.signInRoot({ ...sandbox, email: fresh }, another);
  await expect(people.title(second, 'settings.home.title')).toBeVisible();
});

// M-23
test('an account is closed, reopened, closed again and gone after 90 days', async ({ page, server, people, say, watch, otherBrowser }) => {
  test.slow();
  watch.expect(422, /^\/account\/close$/);
  watch.expect(422, /^\/signin\/root$/);
  const settings = new Settings(page, server, people, say);
  const close = async () => {
    await settings.at('settings.close.title');
    await settings.type('settings.close.type', sandboxAccount);
    await settings.press('settings.close.submit');
    await settings.notice('settings.notice.closed');
  };
  await settings.open('/close');
  await settings.signInRoot(sandbox);
  await settings.at('settings.close.title');
  await settings.type('settings.close.type', '123456789012');
  await settings.press('settings.close.submit');
  await settings.fault('settings.error.account-id-wrong');
  await settings.at('settings.close.title');
  await close();
  await settings.at('settings.home.title');
  await expect(page.getByText(say('settings.state.closed'))).toBeVisible();

  await server.advance('2136h'); // 89 days
  await settings.open('/reopen');
  await settings.signInRoot(sandbox);
  await settings.at('settings.reopen.title');
  await settings.press('settings.reopen.submit');
  await settings.notice('settings.notice.reopened');
  await page.getByRole('link', { name: say('settings.close.title') }).click();
  await close();

  await server.advance('2184h'); // 91 days
  const later = await otherBrowser();
  const gone = new Settings(later, server, people, say);
  await gone.open('/reopen');
  await gone.enterRoot(sandbox.email, sandbox.password);
  await expect(later.getByRole('alert')).toContainText(say('account.failed'));
});

//
test('an IAM user is told who may close the account', async ({ page, server, people, say, watch }) => {
  watch.expect(403, /^\/account\/close$/);
  const settings = new Settings(page, server, people, say);
  await settings.open('/close');
  await page.getByRole('radio', { name: say('account.iam') }).check();
  await people.field(page, 'account.field.account').fill(rootAccount);
  await people.button(page, 'account.next').click();
  await people.field(page, 'account.field.user').fill(keiko.username);
  await people.password(page, 'field.password').fill(keiko.password);
  await people.button(page, 'account.submit').click();
  await settings.at('settings.denied.title');
  await expect(page.getByText(keiko.username)).toBeVisible();
});

//
test('payment methods are added, made the default and removed', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/account\/payment\/add$/);
  const settings = new Settings(page, server, people, say);
  const add = async (number: string) => {
    await page.getByRole('link', { name: say('settings.card.title') }).click();
    await fill(number);
  };
  const fill = async (number: string) => {
    await settings.at('settings.card.title');
    await people.field(page, 'signup.field.card_number').fill(number);
    await page.getByRole('combobox', { name: say('signup.field.card_year'), exact: true }).selectOption({ index: 4 });
    await page.getByLabel(say('signup.field.card_cvv'), { exact: true }).fill('123');
    await people.field(page, 'signup.field.card_holder').fill('JANE DOE');
    await page.getByRole('radio', { name: say('signup.payment.address.new') }).check();
    await people.field(page, 'signup.field.full_name').fill('Jane Doe');
    await page.getByRole('combobox', { name: say('signup.field.country'), exact: true }).selectOption('FR');
    await people.field(page, 'signup.field.address_line1').fill('1 rue de Rivoli');
    await people.field(page, 'signup.field.city').fill('Paris');
    await people.field(page, 'signup.field.postal_code').fill('75001');
    await settings.press('settings.card.submit');
  };
  const method = (brand: string, last: string) => page.getByRole('region', { name: say('settings.payment.card', { brand, last }) });
  await settings.open('/payment');
  await settings.signInRoot(sandbox);
  await settings.at('settings.payment.title');
  await add('4000 0000 0000 0002');
  await settings.fault('signup.declined.not-honored');
  await fill('4242 4242 4242 4242');
  await expect(method('Visa', '4242')).toContainText(say('settings.payment.default'));
  await add('5555 5555 5555 4444');
  await settings.at('settings.payment.title');
  await method('Mastercard', '4444').getByRole('button', { name: say('settings.payment.make-default') }).click();
  await expect(method('Mastercard', '4444')).toContainText(say('settings.payment.default'));
  await method('Visa', '4242').getByRole('button', { name: say('settings.payment.remove') }).click();
  await expect(method('Visa', '4242')).toBeHidden();
});
