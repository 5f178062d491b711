/** What people do, by what they see: roles and names, never the page's insides. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Person } from './organisation.ts';
import type { Sekisho } from './server.ts';
import type { Messages, Say } from './words.ts';

export class People {
  private readonly server: Sekisho;
  private readonly say: Say;
  private readonly words: Messages;

  constructor(server: Sekisho, say: Say, words: Messages) {
    this.server = server;
    this.say = say;
    this.words = words;
  }

  title(page: Page, key: string, args?: Record<string, string>): Locator {
    return page.getByRole('heading', { level: 1, name: this.say(key, args), exact: true });
  }

  field(page: Page, key: string): Locator {
    return page.getByRole('textbox', { name: this.say(key), exact: true });
  }

  password(page: Page, key = 'field.password'): Locator {
    return page.getByLabel(this.say(key), { exact: true });
  }

  button(page: Page, key: string): Locator {
    return page.getByRole('button', { name: this.say(key), exact: true });
  }

  link(page: Page, key: string): Locator {
    return page.getByRole('link', { name: this.say(key), exact: true });
  }

  async identify(page: Page, name: string): Promise<void> {
    await expect(this.title(page, 'identify.title')).toBeVisible();
    await this.field(page, 'field.username').fill(name);
    await this.button(page, 'identify.next').click();
    await expect(this.title(page, 'password.title')).toBeVisible();
  }

  async enterPassword(page: Page, password: string): Promise<void> {
    await this.password(page).fill(password);
    await this.button(page, 'password.submit').click();
  }

  /** From the sign-in page on, to wherever sign-in leads. */
  async signInHere(page: Page, person: Person, password = person.password): Promise<void> {
    await this.identify(page, person.username);
    await this.enterPassword(page, password);
  }

  /** From the start URL to the portal. */
  async signIn(page: Page, person: Person, password = person.password): Promise<void> {
    await page.goto(this.server.startUrl());
    await this.signInHere(page, person, password);
    await this.atPortal(page);
  }

  async atPortal(page: Page): Promise<void> {
    await expect(page.getByRole('tab', { name: this.words.accounts.tab, exact: true })).toBeVisible();
    await expect(this.signOutButton(page)).toBeVisible();
    // What the page asks for by itself has been answered, before a test goes on to turn the clock or to sign out.
    await expect(page.getByText(this.words.accounts.loading, { exact: true })).toHaveCount(0);
  }

  signOutButton(page: Page): Locator {
    return page.getByRole('button', { name: this.words.navigation.signOut, exact: true });
  }

  async signOut(page: Page): Promise<void> {
    await this.signOutButton(page).click();
    await expect(this.title(page, 'identify.title')).toBeVisible();
  }

  account(page: Page, name: string): Locator {
    return page.getByRole('button', { name: new RegExp(`^${name}`) });
  }

  /** Opens an account and the dialog of one of its roles. */
  async openCredentials(page: Page, account: string, role: string): Promise<Locator> {
    await this.account(page, account).click();
    await page.getByRole('button', { name: this.words.accounts.accessKeysFor(role, account), exact: true }).click();
    const dialog = page.getByRole('dialog', { name: new RegExp(this.words.credentials.title) });
    await expect(dialog).toBeVisible();
    await expect(dialog.getByText(this.words.credentials.option1, { exact: true })).toBeVisible();
    return dialog;
  }

  /** Shows what the credentials dialog hides, and returns the commands that set the environment variables (I-17). */
  async shownCredentials(dialog: Locator): Promise<string> {
    await dialog.getByText(this.words.credentials.show, { exact: true }).filter({ visible: true }).click();
    const commands = dialog.getByRole('group', { name: this.words.credentials.option1Label, exact: true }).locator('pre').filter({ visible: true });
    await expect(commands).not.toContainText('****');
    return commands.innerText();
  }

  /** The link of the newest reset mail to a person. */
  async resetLink(person: Person): Promise<string> {
    const links = async () => (await this.server.messages(person.email)).flatMap((message) => message.links);
    await expect.poll(async () => (await links()).length, { message: 'a mail with a link' }).toBeGreaterThan(0);
    return (await links())[0] ?? '';
  }

  /** From the sign-in page on. */
  async forgetPassword(page: Page, name: string): Promise<void> {
    await this.identify(page, name);
    await this.link(page, 'password.forgot').click();
    await expect(this.title(page, 'forgot.title')).toBeVisible();
  }

  /** Asks for a reset mail, from the sign-in page on. */
  async askForReset(page: Page, name: string): Promise<void> {
    await this.forgetPassword(page, name);
    await this.answerCaptcha(page, await this.captchaAnswer(page));
    await expect(this.title(page, 'forgot-sent.title')).toBeVisible();
  }

  captchaImage(page: Page): Locator {
    return page.getByRole('img', { name: this.say('captcha.image'), exact: true });
  }

  async captchaAnswer(page: Page): Promise<string> {
    return this.server.captchaAnswer((await this.captchaImage(page).getAttribute('src')) ?? '');
  }

  async answerCaptcha(page: Page, answer: string): Promise<void> {
    await this.field(page, 'captcha.characters').fill(answer);
    await this.button(page, 'forgot.next').click();
  }

  async choosePassword(page: Page, password: string, confirmation = password): Promise<void> {
    await this.password(page, 'field.new-password').fill(password);
    await this.password(page, 'field.confirm').fill(confirmation);
    await this.button(page, 'new-password.submit').click();
  }

  /** The errors at the top of a form, which have the focus. */
  faults(page: Page): Locator {
    return page.getByRole('alert');
  }
}
