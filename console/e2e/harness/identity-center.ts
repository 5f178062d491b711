/** What an administrator does on the pages of IAM Identity Center, by what they see. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { ConsolePages } from './console.ts';
import type { ConsoleWords } from './console-words.ts';

/** A person as an administrator enters them. */
export interface NewPerson {
  userName: string;
  email: string;
  givenName: string;
  familyName: string;
}

/** What is passed on to a person who has no mail of an invitation. */
export interface HandedOver {
  portalUrl: string;
  password: string;
}

export class IdentityCenterPages {
  private readonly page: Page;
  private readonly desk: ConsolePages;
  private readonly words: ConsoleWords;

  constructor(page: Page, desk: ConsolePages, words: ConsoleWords) {
    this.page = page;
    this.desk = desk;
    this.words = words;
  }

  /** To one of the section's pages, by the navigation at the left, which narrow screens fold away (G-57). */
  async goTo(item: 'dashboard' | 'users' | 'groups' | 'settings' | 'accounts' | 'permissionSets'): Promise<void> {
    const { shell, center } = this.words;
    const name = center.navigation.nav[item];
    const link = this.page.getByRole('navigation', { name: shell.sideNavigation }).getByRole('link', { name, exact: true });
    if (!(await link.isVisible())) await this.desk.button(shell.openNavigation).click();
    await link.click();
    // Lists have their number of items behind their names.
    await expect(this.page.getByRole('heading', { level: 1, name: new RegExp(`^${name}`) })).toBeVisible();
  }

  /** Enables it together with the organization that it needs (G-01, G-03, F-05). */
  async enableWithOrganization(): Promise<void> {
    const { enable } = this.words.center;
    await this.desk.button(enable.enable).click();
    const asked = this.desk.dialog(enable.create.title);
    await this.desk.button(enable.create.submit, asked).click();
    await expect(asked).toBeHidden();
    await expect(this.desk.title(this.words.center.shared.dashboard)).toBeVisible();
  }

  /** Fills in the first step of adding a person (G-26). */
  async describe(person: NewPerson): Promise<void> {
    const { fields } = this.words.center.users;
    await this.desk.field(fields.userName).fill(person.userName);
    await this.desk.field(fields.email).fill(person.email);
    await this.desk.field(fields.emailAgain).fill(person.email);
    await this.desk.field(fields.givenName).fill(person.givenName);
    await this.desk.field(fields.familyName).fill(person.familyName);
  }

  /** Adds a person, who gets the invitation by mail: what the wizard begins with (G-26, G-28). */
  async invite(person: NewPerson): Promise<void> {
    const { wizard } = this.words.center.users;
    await this.desk.open('/singlesignon/users/add');
    await this.describe(person);
    await this.desk.nextStep();
    await this.desk.nextStep();
    await this.submit(wizard.submit);
    await expect(this.desk.notice(wizard.addedInvited(person.userName, person.email))).toBeVisible();
  }

  /** Adds a person, and reads the one-time password while it is shown (G-26, G-27). */
  async addWithPassword(person: NewPerson): Promise<HandedOver> {
    const { wizard } = this.words.center.users;
    await this.desk.open('/singlesignon/users/add');
    await this.describe(person);
    await this.page.getByRole('radio', { name: wizard.otp }).check({ force: true });
    await this.desk.nextStep();
    await this.desk.nextStep();
    await this.submit(wizard.submit);
    return this.readPassword();
  }

  async readPassword(): Promise<HandedOver> {
    const { oneTime } = this.words.center.users;
    const shown = this.desk.dialog(oneTime.title);
    await this.desk.button(oneTime.show, shown).click();
    const value = async (label: string) => (await this.desk.value(label, shown).locator('.copy-value').innerText()).trim();
    const handed = { portalUrl: await value(oneTime.portal), password: await value(oneTime.password) };
    await this.desk.button(oneTime.close, shown).last().click();
    await expect(shown).toBeHidden();
    return handed;
  }

  /** Makes a predefined permission set as the wizard proposes it (G-34 to G-37). */
  async createPredefinedSet(look: (step: string) => Promise<void> = async () => {}): Promise<void> {
    const { sets } = this.words.center;
    await this.desk.open('/singlesignon/permission-sets/create');
    await expect(this.step(sets.wizard.type)).toBeVisible();
    await expect(this.page.getByRole('radio', { name: sets.wizard.predefined })).toBeChecked();
    await expect(this.page.getByRole('radio', { name: /^AdministratorAccess/ })).toBeChecked();
    await look('type');
    await this.desk.nextStep();
    await expect(this.step(sets.wizard.details)).toBeVisible();
    await expect(this.desk.field(sets.fields.name)).toHaveValue('AdministratorAccess');
    await look('details');
    await this.desk.nextStep();
    await expect(this.step(sets.wizard.review)).toBeVisible();
    await expect(this.desk.value(sets.fields.session)).toHaveText(this.words.center.access.set.hours(1));
    await expect(this.desk.value(sets.wizard.awsPolicy)).toContainText('AdministratorAccess');
    await look('review');
    await this.submit(sets.wizard.submit);
    await expect(this.desk.notice(sets.wizard.created('AdministratorAccess'))).toBeVisible();
  }

  /** Ticks an account in the tree of the organization, and begins to assign (G-40). */
  async tick(...accounts: string[]): Promise<void> {
    const { accounts: t } = this.words.center;
    for (const account of accounts) await this.page.getByRole('checkbox', { name: t.select(account), exact: true }).check({ force: true });
    await this.page.getByRole('link', { name: t.assign, exact: true }).click();
  }

  /** In the first step of assigning: a user, found by the beginning of the name (G-41). */
  async chooseUser(userName: string): Promise<void> {
    const { principal } = this.words.center.access;
    await this.page.getByRole('searchbox', { name: principal.findUser }).fill(userName.slice(0, 3));
    await this.page.getByRole('checkbox', { name: principal.select(userName), exact: true }).check({ force: true });
    await this.desk.nextStep();
  }

  /** In the first step of assigning: a group (G-32, G-41). */
  async chooseGroup(name: string): Promise<void> {
    const { principal } = this.words.center.access;
    await this.page.getByRole('tab', { name: principal.groups, exact: true }).click();
    await this.page.getByRole('checkbox', { name: principal.select(name), exact: true }).check({ force: true });
    await this.desk.nextStep();
  }

  /** In the second step of assigning: a permission set (G-42). */
  async chooseSet(name: string): Promise<void> {
    const { set } = this.words.center.access;
    await this.page.getByRole('checkbox', { name: set.select(name), exact: true }).check({ force: true });
    await this.desk.nextStep();
  }

  /** Submits the assignments, and stays until all of them are made (G-43, G-44, Q-24). */
  async submitAssignments(of: number): Promise<void> {
    const { wizard } = this.words.center.accounts;
    await this.submit(wizard.submit);
    await expect(this.page.getByText(wizard.success(of), { exact: true }).filter({ visible: true }).first()).toBeVisible({ timeout: 20_000 });
  }

  /** The last button of a wizard. */
  async submit(name: string): Promise<void> {
    await this.desk.button(name, this.page.getByRole('main')).click();
  }

  step(title: string): Locator {
    return this.page.getByRole('heading', { name: title }).first();
  }
}
