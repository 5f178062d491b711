/** Signing up: from nothing but an e-mail address to an active account, as a person does it. */
import { expect, type Page } from '@playwright/test';
import { Accounts } from './accounts.ts';
import type { People } from './people.ts';
import type { Sekisho } from './server.ts';
import type { Say } from './words.ts';

export interface Applicant {
  email: string;
  accountName: string;
  password: string;
}

export const paulo: Applicant = { email: 'paulo@example.com', accountName: 'paulo-santos-testaccount', password: 'Quiet Lantern 58' };

export const phone = '+12065550100';

/** Of the test gateway; each behaves in its own way. */
export const cards = { good: '4242 4242 4242 4242', declined: '4000 0000 0000 0002', held: '4000 0000 0000 0259', challenged: '4000 0000 0000 3220' };

/** A person who signs up, and every step of it. */
export class SignUp {
  private readonly page: Page;
  private readonly server: Sekisho;
  private readonly people: People;
  private readonly say: Say;
  private readonly who: Applicant;

  constructor(page: Page, server: Sekisho, people: People, say: Say, who = paulo) {
    this.page = page;
    this.server = server;
    this.people = people;
    this.say = say;
    this.who = who;
  }

  /** The code of the newest message to an address or a number. */
  async code(to: string): Promise<string> {
    const newest = async () => /\b\d{6}\b/.exec((await this.server.messages(to))[0]?.text ?? '')?.[0] ?? '';
    await expect.poll(newest, { message: `a code for ${to}` }).not.toBe('');
    return newest();
  }

  async start(): Promise<void> {
    await this.page.goto(`${this.server.signIn()}/signup`);
    await expect(this.people.title(this.page, 'signup.account.title')).toBeVisible();
  }

  async address(): Promise<void> {
    await this.people.field(this.page, 'signup.field.email').fill(this.who.email);
    await this.people.field(this.page, 'signup.field.account_name').fill(this.who.accountName);
    await this.people.button(this.page, 'signup.continue').click();
    await expect(this.people.title(this.page, 'signup.code.title')).toBeVisible();
  }

  async verify(): Promise<void> {
    await this.people.field(this.page, 'signup.field.code').fill(await this.code(this.who.email));
    await this.people.button(this.page, 'signup.code.verify').click();
    await expect(this.people.title(this.page, 'signup.password.title')).toBeVisible();
  }

  async choosePassword(): Promise<void> {
    await this.people.password(this.page, 'field.new-password').fill(this.who.password);
    await this.people.password(this.page, 'field.confirm').fill(this.who.password);
    await this.people.button(this.page, 'signup.continue').click();
    await expect(this.people.title(this.page, 'signup.contact.title')).toBeVisible();
  }

  async contact(country = 'US', number = phone): Promise<void> {
    await this.people.field(this.page, 'signup.field.full_name').fill('Paulo Santos');
    await this.people.field(this.page, 'signup.field.phone').fill(number);
    await this.country().selectOption(country);
    await this.people.field(this.page, 'signup.field.address_line1').fill('100 Main Street');
    await this.people.field(this.page, 'signup.field.city').fill('Any Town');
    await this.people.field(this.page, 'signup.field.state').fill('WA');
    await this.people.field(this.page, 'signup.field.postal_code').fill('98101');
    await this.page.getByRole('checkbox', { name: this.say('signup.contact.agree') }).check();
    await this.people.button(this.page, 'signup.contact.create').click();
  }

  country() {
    return this.page.getByRole('combobox', { name: this.say('signup.field.country'), exact: true });
  }

  async open(country?: string, number?: string): Promise<void> {
    await this.start();
    await this.address();
    await this.verify();
    await this.choosePassword();
    await this.contact(country, number);
    await expect(this.people.title(this.page, 'signup.payment.title')).toBeVisible();
  }

  /** All of it, until the account is active. */
  async complete(): Promise<void> {
    await this.open();
    await this.pay(cards.good);
    await this.askForPIN();
    await this.pin(await this.code(phone));
    await this.plan();
    await this.later('10s');
    await this.mailed('mail.account-activated.subject');
  }

  async pay(card: string): Promise<void> {
    await this.people.field(this.page, 'signup.field.card_number').fill(card);
    await this.page.getByRole('combobox', { name: this.say('signup.field.card_month'), exact: true }).selectOption('12');
    await this.page.getByRole('combobox', { name: this.say('signup.field.card_year'), exact: true }).selectOption({ index: 5 });
    await this.page.getByLabel(this.say('signup.field.card_cvv'), { exact: true }).fill('123');
    await this.people.field(this.page, 'signup.field.card_holder').fill('PAULO SANTOS');
    await this.people.button(this.page, 'signup.payment.submit').click();
  }

  async askForPIN(channel: 'sms' | 'voice' = 'sms'): Promise<void> {
    await expect(this.people.title(this.page, 'signup.phone.title')).toBeVisible();
    await this.page.getByRole('radio', { name: this.say(`signup.phone.${channel}`), exact: true }).check();
    await this.page.getByRole('combobox', { name: this.say('signup.field.dial'), exact: true }).selectOption('US');
    await this.people.field(this.page, 'signup.field.phone').fill('206 555 0100');
    await this.people.field(this.page, 'captcha.characters').fill(await this.people.captchaAnswer(this.page));
    await this.people.button(this.page, 'signup.phone.submit').click();
    await expect(this.people.title(this.page, 'signup.pin.title')).toBeVisible();
  }

  async pin(pin: string): Promise<void> {
    await this.people.field(this.page, 'signup.field.pin').fill(pin);
    await this.people.button(this.page, 'signup.continue').click();
  }

  /** Another PIN than the one that was sent. */
  async wrongPIN(): Promise<string> {
    const right = await this.code(phone);
    return right.slice(0, 5) + ((Number(right[5]) + 1) % 10);
  }

  async plan(plan: 'basic' | 'developer' | 'business' = 'basic', title = 'signup.done.title'): Promise<void> {
    await expect(this.people.title(this.page, 'signup.plan.title')).toBeVisible();
    await this.page.getByRole('radio', { name: new RegExp(this.say(`signup.plan.${plan}`)) }).check();
    await this.people.button(this.page, 'signup.plan.submit').click();
    await expect(this.people.title(this.page, title)).toBeVisible();
  }

  async mailed(subject: string): Promise<void> {
    const subjects = async () => (await this.server.messages(this.who.email)).map((message) => message.subject);
    await expect.poll(subjects, { message: subject }).toContain(this.say(subject));
  }

  /** The server's clock goes faster than the browser's. */
  async later(duration: string): Promise<void> {
    await this.server.advance(duration);
  }

  /** Signs in as the root user where the page leads, in a browser that was not used before. */
  async signIn(): Promise<void> {
    const accounts = new Accounts(this.page, this.server, this.people, this.say);
    const before = await accounts.codes(this.who.email);
    await accounts.rootEmail(this.who.email);
    await accounts.password(this.who.password);
    await accounts.mailedCode(this.who.email, before.length);
  }
}
