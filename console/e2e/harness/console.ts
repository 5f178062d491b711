/** What people do in the console, by what they see. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { AccessKey } from './cli.ts';
import type { ConsoleWords } from './console-words.ts';
import type { Sekisho } from './server.ts';

export class ConsolePages {
  private readonly page: Page;
  private readonly server: Sekisho;
  private readonly words: ConsoleWords;

  constructor(page: Page, server: Sekisho, words: ConsoleWords) {
    this.page = page;
    this.server = server;
    this.words = words;
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.server.console() + path);
    await this.drawn();
  }

  /** Waits for a page's code, which comes after that of the frame. */
  private async drawn(): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  title(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name, exact: true });
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: true });
  }

  /** Without the breadcrumbs, which are a button of the page's name on narrow screens. */
  private main(): Locator {
    return this.page.getByRole('main');
  }

  dialog(name: string): Locator {
    return this.page.getByRole('dialog', { name });
  }

  /** The value beside a label. */
  value(label: string, within: Page | Locator = this.page): Locator {
    const term = within.getByRole('term').filter({ has: this.page.getByText(label, { exact: true }) });
    return term.locator('xpath=following-sibling::dd[1]');
  }

  notice(words: string): Locator {
    return this.page.getByText(words, { exact: true }).filter({ visible: true }).first();
  }

  /** What there is in the menu at the person's name, once the page is there: drawing it draws the menu anew. */
  private async fromUserMenu(item: string): Promise<void> {
    await this.drawn();
    await this.page.getByRole('button', { name: new RegExp(`^${this.words.shell.nav.account}:`) }).click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  async signOut(): Promise<void> {
    await this.fromUserMenu(this.words.shell.nav.signOut);
    await this.page.waitForURL((url) => url.origin === this.server.signIn());
  }

  /** To the page of the person's own credentials, from the menu at their name (E-05, E-06). */
  async ownCredentials(): Promise<void> {
    await this.fromUserMenu(this.words.shell.nav.credentials);
    await expect(this.title(this.words.own.myTitle)).toBeVisible();
  }

  /** Begins to register a passkey, which goes on at the sign-in host. */
  async assignPasskey(): Promise<void> {
    const { mfa, assign, next } = this.words.credentials;
    await this.button(mfa.assign).click();
    const dialog = this.dialog(assign.title);
    await dialog.getByRole('radio', { name: mfa.fido }).check();
    await this.button(next, dialog).click();
  }

  /** Takes away an MFA device, by its name. */
  async removeDevice(name: string): Promise<void> {
    const { mfa } = this.words.credentials;
    await this.button(mfa.removeDevice(name)).click();
    const dialog = this.dialog(mfa.removeTitle(name));
    await this.button(mfa.removeButton, dialog).click();
    await expect(dialog).toBeHidden();
    await expect(this.button(mfa.removeDevice(name))).toHaveCount(0);
  }

  /** Makes an access key on the page that shows them, and reads it while it is shown. */
  async createAccessKey(ofRoot = false): Promise<AccessKey> {
    const { createKey, keys, done } = this.words.credentials;
    await this.button(keys.create).first().click();
    const asked = this.dialog(createKey.title);
    await asked.getByRole('checkbox', { name: ofRoot ? createKey.rootConsent : createKey.consent }).check();
    await this.button(createKey.create, asked).click();
    const shown = this.dialog(createKey.shownTitle);
    await this.button(createKey.show, shown).click();
    const key = { id: await text(this.value(keys.id, shown)), secret: await text(this.value(createKey.secret, shown)) };
    await this.button(done, shown).click();
    await expect(shown).toBeHidden();
    return key;
  }

  keyRow(key: AccessKey): Locator {
    return this.page.getByRole('row').filter({ hasText: key.id });
  }

  /** One of the actions on a key: activate, deactivate or delete. */
  async onKey({ id }: AccessKey, action: 'activate' | 'deactivate' | 'delete'): Promise<void> {
    const { keys } = this.words.credentials;
    await this.button(keys.actionsOn(id)).click();
    await this.page.getByRole('menuitem', { name: keys[action], exact: true }).click();
    if (action === 'activate') return;
    const dialog = this.dialog(action === 'delete' ? keys.deleteTitle(id) : keys.deactivateTitle(id));
    if (action === 'delete') await dialog.getByRole('textbox').fill(id);
    await this.button(action === 'delete' ? this.words.shell.confirm.delete : keys.deactivate, dialog).click();
    await expect(dialog).toBeHidden();
  }

  /** Gives the account an alias on IAM's dashboard (C-23). */
  async createAlias(alias: string): Promise<void> {
    const { dashboard: t, ui } = this.words;
    await this.open('/iam/home');
    await this.button(t.createAlias).click();
    const dialog = this.dialog(t.createAlias);
    await this.field(t.preferred, dialog).fill(alias);
    await this.button(ui.common.save, dialog).click();
    await expect(dialog).toBeHidden();
    await expect(this.value(t.alias)).toContainText(alias);
  }

  /** Lets passwords expire after a day, in IAM's account settings. */
  async expirePasswords({ onlyAdministratorResets }: { onlyAdministratorResets: boolean }): Promise<void> {
    const { settings, ui } = this.words;
    await this.open('/iam/account-settings');
    const policy = this.page.getByRole('heading', { name: settings.password.title, exact: true });
    await expect(policy).toBeVisible();
    await this.button(settings.password.edit).first().click();
    const dialog = this.dialog(settings.password.editTitle);
    await dialog.getByRole('radio', { name: settings.password.custom }).check({ force: true });
    await dialog.getByRole('checkbox', { name: settings.password.expires }).check({ force: true });
    await this.field(settings.password.days, dialog).fill('1');
    await dialog.getByRole('checkbox', { name: settings.password.hardExpiry }).setChecked(onlyAdministratorResets, { force: true });
    await this.button(ui.common.save, dialog).click();
    await expect(dialog).toBeHidden();
  }

  /** Filters the table that is shown, and selects the one row of that name. */
  async pick(name: string, within: Page | Locator = this.page): Promise<void> {
    await within.getByRole('searchbox', { name: this.words.ui.table.find }).fill(name);
    const box = within.getByRole('row').filter({ has: this.page.getByText(name, { exact: true }) }).getByRole('checkbox');
    // Cloudscape draws its own box over the real one, and rows move while a long list still comes in.
    await expect(() => box.check({ force: true, timeout: 2_000 })).toPass();
  }

  /** Makes a group in its three steps. */
  async createGroup(name: string, policy: string): Promise<void> {
    const { groups } = this.words;
    await this.open('/iam/groups/create');
    await this.field(groups.name).fill(name);
    await this.nextStep();
    await expect(this.step(groups.usersStep)).toBeVisible();
    await this.nextStep();
    await this.pick(policy);
    await this.nextStep();
    await this.button(groups.create, this.main()).click();
    await expect(this.title(name)).toBeVisible();
  }

  /**
   * Makes a user with a console password, in groups, and reads the password while it is shown.
   * @param mustChange whether the user has to choose another at the first sign-in
   */
  async createUser(name: string, groups: string[], mustChange = false): Promise<string> {
    const { wizard, password: words, result, ...users } = this.words.users;
    await this.open('/iam/users/create');
    await this.field(users.name).fill(name);
    await this.page.getByRole('checkbox', { name: wizard.console }).check({ force: true });
    await this.page.getByRole('checkbox', { name: words.mustChange }).setChecked(mustChange, { force: true });
    await this.nextStep();
    for (const group of groups) await this.pick(group);
    await this.nextStep();
    await this.button(wizard.submit, this.main()).click();
    await expect(this.title(result.title)).toBeVisible();
    return this.shownPassword();
  }

  /** The password of a user that was just set. */
  async shownPassword(within: Page | Locator = this.page): Promise<string> {
    const { result } = this.words.users;
    await this.button(result.show, within).click();
    return text(this.value(result.password, within));
  }

  /** On the page of a user: gives them a new password, and reads it while it is shown (C-14). */
  async resetPassword(mustChange = true): Promise<string> {
    const { console: words, password, result } = this.words.users;
    await this.button(words.reset).click();
    const asked = this.dialog(words.reset);
    await asked.getByRole('checkbox', { name: password.mustChange }).setChecked(mustChange, { force: true });
    await this.button(words.set, asked).click();
    const shown = this.dialog(words.savedTitle);
    const chosen = await this.shownPassword(shown);
    await this.button(result.close, shown).click();
    await expect(shown).toBeHidden();
    return chosen;
  }

  field(label: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('textbox', { name: label, exact: true });
  }

  /** On to the next step of a wizard. */
  async nextStep(): Promise<void> {
    await this.button(this.words.wizard.next, this.main()).click();
  }

  private step(title: string): Locator {
    return this.page.getByRole('heading', { name: new RegExp(title) }).first();
  }
}

/** What stands there, without the button that copies it. */
async function text(value: Locator): Promise<string> {
  return (await value.locator('.copy-value').innerText()).trim();
}
