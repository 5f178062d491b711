/** What root users and IAM users do on the sign-in host, by what they see, in one browser. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { People } from './people.ts';
import type { Sekisho } from './server.ts';
import type { Say } from './words.ts';

export class Accounts {
  private readonly page: Page;
  private readonly server: Sekisho;
  private readonly people: People;
  private readonly say: Say;

  constructor(page: Page, server: Sekisho, people: People, say: Say) {
    this.page = page;
    this.server = server;
    this.people = people;
    this.say = say;
  }

  /** The main sign-in page. */
  async open(): Promise<void> {
    await this.page.goto(`${this.server.signIn()}/?user=root`);
    await this.at('account.main.title');
  }

  async at(key: string): Promise<void> {
    await expect(this.people.title(this.page, key)).toBeVisible();
  }

  /** From the main page to that of the root user's password, past the security check if there is one (B-07). */
  async rootEmail(email: string): Promise<void> {
    await this.page.getByRole('radio', { name: this.say('account.root'), exact: true }).check();
    await this.people.field(this.page, 'account.field.email').fill(email);
    await this.people.button(this.page, 'account.next').click();
    const check = this.people.title(this.page, 'account.check.title');
    await expect(check.or(this.people.title(this.page, 'account.root.title'))).toBeVisible();
    if (await check.isVisible()) await this.passCheck();
    await this.at('account.root.title');
  }

  async passCheck(): Promise<void> {
    await this.people.field(this.page, 'account.characters').fill(await this.people.captchaAnswer(this.page));
    await this.people.button(this.page, 'account.check.submit').click();
  }

  async password(password: string): Promise<void> {
    await this.people.password(this.page).fill(password);
    await this.people.button(this.page, 'account.submit').click();
  }

  /** Signs the root user in from the main page on, in a browser that is new to them: with a mailed code (B-13, B-14). */
  async signInRoot(email: string, password: string): Promise<void> {
    const before = await this.codes(email);
    await this.rootEmail(email);
    await this.password(password);
    await this.mailedCode(email, before.length);
  }

  /** Enters the code that is mailed after the first `before` ones. */
  async mailedCode(email: string, before = 0): Promise<void> {
    await this.at('account.code.title');
    await this.people.field(this.page, 'account.field.code').fill(await this.code(email, before));
    await this.people.button(this.page, 'account.code.submit').click();
  }

  /** The newest code that was sent to an address or number, after `before` others. */
  async code(to: string, before = 0): Promise<string> {
    await expect.poll(async () => (await this.codes(to)).length, { message: `a code to ${to}` }).toBeGreaterThan(before);
    return (await this.codes(to))[0] ?? '';
  }

  async codes(to: string): Promise<string[]> {
    return (await this.server.messages(to)).flatMap((message) => message.codes);
  }

  /** From the main page to that of IAM users (C-05). */
  async chooseAccount(account: string): Promise<void> {
    await this.page.getByRole('radio', { name: this.say('account.iam'), exact: true }).check();
    await this.people.field(this.page, 'account.field.account').fill(account);
    await this.people.button(this.page, 'account.next').click();
    await this.at('account.iam.title');
  }

  /** Fills in the page of IAM users, on which the account stands already. */
  async signInUser(name: string, password: string): Promise<void> {
    await this.at('account.iam.title');
    await this.people.field(this.page, 'account.field.user').fill(name);
    await this.password(password);
  }

  /** Opens the account's own address and signs an IAM user in there (C-06). */
  async signInUserAt(account: string, name: string, password: string): Promise<void> {
    await this.page.goto(this.server.accountUrl(account));
    await this.signInUser(name, password);
  }

  async inConsole(): Promise<void> {
    await this.page.waitForURL((url) => url.origin === this.server.console());
  }

  /** Signs out of the sign-in host, as the console's own menu does. */
  async signOut(): Promise<void> {
    await this.page.goto(`${this.server.signIn()}/signin/signout`);
    await this.people.button(this.page, 'account.out.submit').click();
  }

  /** Asks for the mail that resets a root user's password, from the page of that password on (B-26, B-29). */
  async askForReset(): Promise<void> {
    await this.people.link(this.page, 'account.forgot').first().click();
    await this.at('account.recovery.title');
    await this.people.field(this.page, 'account.characters').fill(await this.people.captchaAnswer(this.page));
    await this.people.button(this.page, 'account.recovery.submit').click();
    await this.at('account.sent.title');
  }

  /** The link of the newest mail of that kind to an address. */
  async resetLink(email: string): Promise<string> {
    const link = async () => (await this.server.messages(email)).find(({ subject }) => subject === this.say('mail.account-reset.subject'))?.links[0] ?? '';
    await expect.poll(link, { message: `a reset mail to ${email}` }).not.toBe('');
    return link();
  }

  /** Chooses a password where one has to be chosen; `submit` is the button's key. */
  async choose(password: string, submit: string, current?: string): Promise<void> {
    if (current !== undefined) await this.people.password(this.page).fill(current);
    await this.people.password(this.page, 'field.new-password').fill(password);
    await this.people.password(this.page, 'field.confirm').fill(password);
    await this.people.button(this.page, submit).click();
  }

  /** The errors at the top of a form, which have the focus. */
  async refused(key: string, args?: Record<string, string | number>): Promise<Locator> {
    const faults = this.people.faults(this.page);
    await expect(faults).toContainText(this.say(key, args));
    await expect(faults).toBeFocused();
    return faults;
  }
}
