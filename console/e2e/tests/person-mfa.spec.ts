/** Second factors of people of a directory: at sign-in, registered there, mailed, and their own page of devices. */
import type { Page } from '@playwright/test';
import { SecurityKey, totp } from '../harness/authenticator.ts';
import { look } from '../harness/look.ts';
import { jane, root, subdomain } from '../harness/organisation.ts';
import type { Accounts } from '../harness/accounts.ts';
import type { Sekisho } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

// Each test also signs the root user in, in another browser, to change the settings.
test.slow();

type NoDevice = 'REQUIRE_REGISTRATION' | 'EMAIL_OTP' | 'BLOCK' | 'ALLOW';

/** Sets what the instance asks for, as the root user does in the console. */
async function setMfa(page: Page, server: Sekisho, accounts: Accounts, prompt: 'CONTEXT_AWARE' | 'ALWAYS_ON', noDevice: NoDevice): Promise<void> {
  await page.route(`${server.console()}/console-assets/**/*.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await accounts.open();
  await accounts.signInRoot(root.email, root.password);
  await page.waitForURL(`${server.console()}/**`);
  const status = await page.evaluate(
    async ([ask, without]) => {
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- this runs in the page
      const post = (address: string, target: string, input: object) =>
        fetch(address, {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Sekisho-Csrf': '1', ...(target && { 'X-Amz-Target': target }) },
          body: JSON.stringify(input),
        });
      const { Instances } = (await (await post('/api/sso-admin', 'SWBExternalService.ListInstances', {})).json()) as { Instances: { InstanceArn: string }[] };
      const InstanceArn = Instances[0]?.InstanceArn;
      const answer = await post('/api/_identity-center/UpdateMfaSettings', '', {
        InstanceArn,
        Mfa: { Prompt: ask, Types: ['WEBAUTHN', 'TOTP'], NoDevice: without, SelfService: true },
      });
      return `${answer.status} ${answer.ok ? '' : await answer.text()}`;
    },
    [prompt, noDevice] as const,
  );
  expect(status.trim()).toBe('200');
}

/** The seed that the page of a new app shows. */
async function seed(page: Page): Promise<string> {
  return (await page.locator('#seed').textContent() ?? '').replaceAll(' ', '');
}

test('who must have a device registers an app, names it, and is asked for it from then on; a trusted browser is not (H-10)', async ({
  page, server, people, say, accountsOn, otherBrowser, watch,
}, info) => {
  watch.expect(422, /^\/platform\/mfa\//);
  const admin = await otherBrowser();
  await setMfa(admin, server, accountsOn(admin), 'CONTEXT_AWARE', 'REQUIRE_REGISTRATION');
  await page.goto(server.startUrl());
  await people.signInHere(page, jane);
  await expect(people.title(page, 'personmfa.register.title')).toBeVisible();
  await look(page, info, 'person-mfa-register');
  await people.link(page, 'personmfa.kind.app').click();
  await expect(page.getByRole('img', { name: say('personmfa.app.qr') })).toBeVisible();
  await expect(people.field(page, 'personmfa.name')).toHaveValue(say('personmfa.name.app'));
  await page.getByText(say('personmfa.app.key'), { exact: true }).click();
  await look(page, info, 'person-mfa-app');
  await people.field(page, 'personmfa.app.code').fill('000000');
  await people.button(page, 'personmfa.app.submit').click();
  await expect(people.faults(page)).toContainText(say('personmfa.error.code'));
  await expect(people.faults(page)).toBeFocused();
  const app = await seed(page);
  await people.field(page, 'personmfa.app.code').fill(totp(app));
  await people.button(page, 'personmfa.app.submit').click();
  await people.atPortal(page);
  expect((await server.messages(jane.email))[0]?.subject).toBe(say('mail.personmfa-added.subject'));

  await people.signOut(page);
  await people.signInHere(page, jane);
  await expect(people.field(page, 'factor.code')).toBeFocused();
  await look(page, info, 'person-mfa-code');
  await page.getByRole('checkbox', { name: say('personmfa.trust') }).check();
  await people.field(page, 'factor.code').fill(totp(app, 1));
  await people.button(page, 'factor.submit').click();
  await people.atPortal(page);
  await people.signOut(page);
  await people.signInHere(page, jane);
  await people.atPortal(page);
});

test('a security key registers at sign-in, and the person manages devices (G-55, K-53, M-47, Q-34)', async ({
  page, server, people, say, accountsOn, otherBrowser,
}, info) => {
  const admin = await otherBrowser();
  await setMfa(admin, server, accountsOn(admin), 'ALWAYS_ON', 'REQUIRE_REGISTRATION');
  await SecurityKey.plug(page);
  await page.goto(server.startUrl());
  await people.signInHere(page, jane);
  await people.link(page, 'personmfa.kind.passkey').click();
  await look(page, info, 'person-mfa-passkey');
  await people.field(page, 'personmfa.name').fill('YubiKey 5');
  await people.button(page, 'personmfa.passkey.submit').click();
  await people.atPortal(page);
  await people.signOut(page);
  await people.signInHere(page, jane);
  await expect(people.button(page, 'factor.passkey.use')).toBeFocused();
  await look(page, info, 'person-mfa-get');
  await page.keyboard.press('Enter');
  await people.atPortal(page);

  await page.goto(`${server.signIn()}/platform/devices?portal=${subdomain}`);
  await expect(people.title(page, 'personmfa.devices.title')).toBeVisible();
  await people.link(page, 'personmfa.devices.add').click();
  await people.link(page, 'personmfa.kind.app').click();
  const app = await seed(page);
  await people.field(page, 'personmfa.app.code').fill(totp(app));
  await people.button(page, 'personmfa.app.submit').click();
  await expect(page.getByRole('status')).toContainText(say('personmfa.notice.added'));
  await look(page, info, 'person-mfa-devices');
  await page.getByRole('link', { name: say('personmfa.devices.change-one', { device: 'YubiKey 5' }) }).click();
  await look(page, info, 'person-mfa-device');
  await people.button(page, 'personmfa.device.remove').click();
  await expect(page.getByRole('status')).toContainText(say('personmfa.notice.removed'));
  await expect(page.getByRole('heading', { level: 2 })).toHaveText([say('personmfa.name.app')]);
  await people.link(page, 'personmfa.devices.portal').click();
  await people.atPortal(page);
});

test('a code by mail stands for a device (H-09, N-17)', async ({ page, server, people, say, accountsOn, otherBrowser, watch }, info) => {
  watch.expect(422, /^\/platform\/mfa\/mail$/);
  const admin = await otherBrowser();
  await setMfa(admin, server, accountsOn(admin), 'ALWAYS_ON', 'EMAIL_OTP');
  await page.goto(server.startUrl());
  await people.signInHere(page, jane);
  await expect(people.title(page, 'personmfa.mail.title')).toBeVisible();
  await look(page, info, 'person-mfa-mail');
  await people.field(page, 'factor.recovery.code').fill('12345');
  await people.button(page, 'personmfa.mail.submit').click();
  await expect(people.faults(page)).toContainText(say('personmfa.mail.error.required'));
  const code = (await server.messages(jane.email)).flatMap((message) => message.codes)[0] ?? '';
  await people.field(page, 'factor.recovery.code').fill(code);
  await people.button(page, 'personmfa.mail.submit').click();
  await people.atPortal(page);
});

test('who has no device is refused and told whom to ask (behaviours 6.7: Block their sign-in)', async ({ page, server, people, say, accountsOn, otherBrowser, watch }, info) => {
  watch.expect(403, /^\/platform\/password$/);
  const admin = await otherBrowser();
  await setMfa(admin, server, accountsOn(admin), 'ALWAYS_ON', 'BLOCK');
  await page.goto(server.startUrl());
  await people.signInHere(page, jane);
  await expect(people.title(page, 'personmfa.blocked.title')).toBeVisible();
  await expect(page.getByText(say('personmfa.blocked.ask'))).toBeVisible();
  await look(page, info, 'person-mfa-blocked');
});
