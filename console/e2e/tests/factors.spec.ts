/** Second factors of root users and IAM users, with the browser's own virtual authenticator. */
import { createHmac } from 'node:crypto';
import type { CDPSession, Page } from '@playwright/test';
import AxeBuilder from 'axe-core';
import { keiko, root, rootAccount } from '../harness/organisation.ts';
import type { People } from '../harness/people.ts';
import type { Sekisho } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';
import type { Say } from '../harness/words.ts';

const phone = '+15555550142';

/** A security key that the browser has plugged in; its user touches it at once. */
class Authenticator {
  private constructor(
    private readonly cdp: CDPSession,
    private readonly id: string,
  ) {}

  static async plug(page: Page): Promise<Authenticator> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'usb', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    return new Authenticator(cdp, authenticatorId);
  }

  async unplug(): Promise<void> {
    await this.cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.id });
  }
}

/** What an authenticator app with this seed shows (RFC 6238), steps from now. */
function totp(seed: string, steps = 0): string {
  const bits = [...seed].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => Number.parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

class Accounts {
  constructor(
    private readonly server: Sekisho,
    private readonly people: People,
    private readonly say: Say,
  ) {}

  /** The newest code that was sent to an address or number. */
  async code(to: string, after = 0): Promise<string> {
    const codes = async () => (await this.server.messages(to)).flatMap((message) => message.codes);
    await expect.poll(async () => (await codes()).length, { message: `a code to ${to}` }).toBeGreaterThan(after);
    return (await codes())[0] ?? '';
  }

  /** The first factor of the root user, up to whatever is asked for next. */
  async rootPassword(page: Page): Promise<void> {
    await page.goto(`${this.server.signIn()}/`);
    await page.getByRole('textbox', { name: this.say('account.field.email') }).fill(root.email);
    await this.people.button(page, 'account.next').click();
    await expect(this.people.title(page, 'account.root.title')).toBeVisible();
    await this.people.password(page).fill(root.password);
    await this.people.button(page, 'account.submit').click();
  }

  /** Signs the root user in who has no second factor: by a mailed code on a browser that is new to them (B-13). */
  async rootWithoutFactor(page: Page): Promise<void> {
    const before = (await this.server.messages(root.email)).length;
    await this.rootPassword(page);
    await expect(this.people.title(page, 'account.code.title')).toBeVisible();
    await this.people.field(page, 'account.field.code').fill(await this.code(root.email, before));
    await this.people.button(page, 'account.code.submit').click();
    await this.inConsole(page);
  }

  async iamPassword(page: Page): Promise<void> {
    await page.goto(`${this.server.signIn()}/signin/iam?account=${rootAccount}`);
    await this.iamFill(page);
  }

  async iamFill(page: Page): Promise<void> {
    await this.people.field(page, 'account.field.user').fill(keiko.username);
    await this.people.password(page).fill(keiko.password);
    await this.people.button(page, 'account.submit').click();
  }

  async inConsole(page: Page): Promise<void> {
    await page.waitForURL(`${this.server.console()}/**`);
  }

  /** Signs out of everything in this browser, as if it were another. */
  async forget(page: Page): Promise<void> {
    await page.context().clearCookies();
  }

  async register(page: Page, name: string, query = ''): Promise<void> {
    await page.goto(`${this.server.signIn()}/mfa/register?return=/security-credentials${query}`);
    await expect(this.people.title(page, 'factor.register.title')).toBeVisible();
    await this.people.field(page, 'factor.register.name').fill(name);
    await this.people.button(page, 'factor.register.submit').click();
  }

  /** A call of IAM with the console's cookie. */
  async iam(page: Page, action: string, args: Record<string, string> = {}): Promise<string> {
    await page.goto(`${this.server.console()}/`);
    return page.evaluate(
      async ([path, body]) => {
        const answer = await fetch(path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Sekisho-Csrf': '1' },
          body,
        });
        return answer.text();
      },
      ['/api/iam/', new URLSearchParams({ Action: action, Version: '2010-05-08', ...args }).toString()] as const,
    );
  }

  async setTelephone(page: Page): Promise<void> {
    const status = await page.evaluate(async (number) => {
      const answer = await fetch('/api/account/putContactInformation', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Sekisho-Csrf': '1' },
        body: JSON.stringify({
          ContactInformation: {
            FullName: 'Jane', AddressLine1: '1 Street', City: 'Springfield', StateOrRegion: 'WA', PostalCode: '98101', CountryCode: 'US', PhoneNumber: number,
          },
        }),
      });
      return answer.status;
    }, phone);
    expect(status).toBe(200);
  }
}

/** Nothing that axe finds on the page. */
async function accessible(page: Page): Promise<void> {
  await page.evaluate(AxeBuilder.source);
  const found = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: typeof AxeBuilder }).axe;
    return (await axe.run()).violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(', ')}`);
  });
  expect(found).toEqual([]);
}

// Here the console is only where sign-in leads to: its script, and what that asks for, is others' subject.
test.beforeEach(async ({ page, server }) => {
  await page.route(`${server.console()}/console-assets/**/*.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
});

let pictures = 0;

/** Leaves a picture to be looked at, when LOOK names a folder. */
async function look(page: Page, name: string): Promise<void> {
  await accessible(page);
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/${test.info().project.name}-${String(++pictures).padStart(2, '0')}-${name}.png`, fullPage: true });
}

test('the root user registers a passkey and signs in with it (B-12, B-20, B-21, Q-02)', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/mfa\/register$/);
  const accounts = new Accounts(server, people, say);
  await Authenticator.plug(page);
  await accounts.rootWithoutFactor(page);

  await page.goto(`${server.signIn()}/mfa/register?return=/security-credentials`);
  await look(page, 'register');
  await accounts.register(page, 'my laptop');
  await expect(people.faults(page)).toContainText(say('factor.passkey.error.name-invalid'));
  await expect(people.faults(page)).toBeFocused();
  await look(page, 'register-fault');
  await accounts.register(page, 'laptop');
  await expect(people.title(page, 'factor.registered.title')).toBeVisible();
  await look(page, 'registered');
  await expect(people.link(page, 'factor.registered.continue')).toHaveAttribute('href', `${server.console()}/security-credentials`);
  expect((await server.messages(root.email))[0]?.subject).toBe(say('mail.factor-added.subject'));

  // The same key again is refused by the browser, in the page's words.
  await accounts.register(page, 'again');
  await expect(people.faults(page)).toContainText(say('factor.passkey.error.taken'));

  await accounts.forget(page);
  await accounts.rootPassword(page);
  await expect(people.button(page, 'factor.passkey.use')).toBeFocused();
  await look(page, 'passkey');
  await page.keyboard.press('Enter');
  await accounts.inConsole(page);
});

test('another key than the registered one does not sign in (Q-34)', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/mfa\/passkey$/);
  const accounts = new Accounts(server, people, say);
  const key = await Authenticator.plug(page);
  await accounts.iamPassword(page);
  await accounts.inConsole(page);
  await accounts.register(page, 'key');
  await expect(people.title(page, 'factor.registered.title')).toBeVisible();
  await key.unplug();
  await Authenticator.plug(page);
  await accounts.forget(page);
  await accounts.iamPassword(page);
  await people.button(page, 'factor.passkey.use').click();
  await expect(people.faults(page)).toContainText(say('factor.passkey.error.cancelled'), { timeout: 20_000 });
  await expect(people.faults(page)).toBeFocused();
  await look(page, 'passkey-cancelled');
});

test('a lost device: by mail and telephone, and the owner is told (B-22, B-23, M-20)', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/mfa\/mail$/);
  const accounts = new Accounts(server, people, say);
  const key = await Authenticator.plug(page);
  await accounts.rootWithoutFactor(page);
  await accounts.setTelephone(page);
  await accounts.register(page, 'lost');
  await expect(people.title(page, 'factor.registered.title')).toBeVisible();
  await key.unplug();
  await accounts.forget(page);

  await accounts.rootPassword(page);
  await people.link(page, 'factor.trouble').click();
  await look(page, 'trouble');
  const before = (await server.messages(root.email)).flatMap((message) => message.codes).length;
  await people.button(page, 'factor.recovery.begin').click();
  await expect(people.title(page, 'factor.mail.title')).toBeVisible();
  await people.field(page, 'factor.recovery.code').fill('000000');
  await people.button(page, 'factor.verify').click();
  await expect(people.faults(page)).toContainText(say('factor.recovery.error.incorrect'));
  await look(page, 'mail');
  await people.field(page, 'factor.recovery.code').fill(await accounts.code(root.email, before));
  await people.button(page, 'factor.verify').click();
  await expect(people.title(page, 'factor.phone.title')).toBeVisible();
  await look(page, 'phone');
  await people.button(page, 'factor.phone.sms').click();
  await look(page, 'pin');
  await people.field(page, 'factor.pin.code').fill(await accounts.code(phone));
  await people.button(page, 'factor.verify').click();
  await expect(people.title(page, 'factor.recovered.title')).toBeVisible();
  await look(page, 'recovered');
  await people.button(page, 'factor.recovered.continue').click();
  await accounts.inConsole(page);
  expect((await server.messages(root.email))[0]?.subject).toBe(say('mail.factor-recovered.subject'));
});

test('an IAM user with both kinds of device chooses, re-syncs, and has no way without (C-10, C-16, C-17, M-21)', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/mfa\/code$/);
  const accounts = new Accounts(server, people, say);
  await Authenticator.plug(page);
  await accounts.iamPassword(page);
  await accounts.inConsole(page);
  await accounts.register(page, 'key');
  await expect(people.title(page, 'factor.registered.title')).toBeVisible();
  const made = await accounts.iam(page, 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' });
  const seed = Buffer.from(/<Base32StringSeed>([^<]+)/.exec(made)?.[1] ?? '', 'base64').toString();
  const serial = /<SerialNumber>([^<]+)/.exec(made)?.[1] ?? '';
  expect(
    await accounts.iam(page, 'EnableMFADevice', { UserName: keiko.username, SerialNumber: serial, AuthenticationCode1: totp(seed, -2), AuthenticationCode2: totp(seed, -1) }),
  ).toContain('EnableMFADeviceResponse');

  await accounts.forget(page);
  await accounts.iamPassword(page);
  await expect(people.link(page, 'factor.kind.code')).toBeVisible();
  await look(page, 'choice');
  await people.link(page, 'factor.kind.code').click();
  await expect(people.field(page, 'factor.code')).toBeFocused();
  for (let i = 0; i < 3; i++) {
    await people.field(page, 'factor.code').fill('000000');
    await page.keyboard.press('Enter');
    await expect(people.faults(page)).toContainText(say('factor.code.error.incorrect'));
  }
  await look(page, 'code-resync');
  await people.link(page, 'factor.resync.title').click();
  await look(page, 'resync');
  await people.field(page, 'factor.resync.first').fill(totp(seed, 0));
  await people.field(page, 'factor.resync.second').fill(totp(seed, 1));
  await people.button(page, 'factor.resync.submit').click();
  await accounts.inConsole(page);

  await accounts.forget(page);
  await accounts.iamPassword(page);
  await people.link(page, 'factor.kind.passkey').click();
  await people.button(page, 'factor.passkey.use').click();
  await accounts.inConsole(page);

  await accounts.forget(page);
  await accounts.iamPassword(page);
  await people.link(page, 'factor.trouble').click();
  await expect(page.getByText(say('factor.administrator.support'))).toBeVisible();
  await expect(people.button(page, 'factor.recovery.begin')).toHaveCount(0);
  await look(page, 'trouble-user');
});

test('a sign-in of a while ago is not enough to register a device: the password is asked for again (attack: console left open)', async ({ page, server, people, say }) => {
  const accounts = new Accounts(server, people, say);
  await accounts.iamPassword(page);
  await accounts.inConsole(page);
  await server.advance('20m');
  await page.goto(`${server.signIn()}/mfa/register?return=/iam/users`);
  await expect(people.title(page, 'account.iam.title')).toBeVisible();
  await accounts.iamFill(page);
  await expect(people.title(page, 'factor.register.title')).toBeVisible();
  await expect(people.link(page, 'factor.cancel')).toHaveAttribute('href', `${server.console()}/iam/users`);
});
