/** An organization from its first day: made, verified, and joined by an account that it makes and by one that it invites. */
import type { Locator, Page } from '@playwright/test';
import { look } from '../harness/look.ts';
import { paulo, SignUp, type Applicant } from '../harness/signup.ts';
import { expect, test } from '../harness/test.ts';

test.use({ organisation: '' });

const ana: Applicant = { email: 'ana@example.com', accountName: 'ana-carolina-studio', password: 'Still Harbour 27' };

/** In a tree: the box beside a name. */
const box = (within: Page | Locator, name: string) => within.getByRole('checkbox', { name, exact: true }).or(within.getByRole('radio', { name, exact: true }));

test('an organization is made, an account created and moved, another one invited and accepted (F-05 to F-08, F-13, N-13)', async ({
  page, server, people, say, watch, accountsOn, consoleOn, consoleWords, otherBrowser,
}, info) => {
  test.setTimeout(240_000);
  watch.allow(404, /^\/api\//);
  // Asking for the organization of an account that is in none.
  watch.allow(400, /^\/api\/organizations/);
  const { organizations } = consoleWords;
  const { accounts: t, units, invitations, start } = organizations;
  const desk = consoleOn(page);
  const theirs = await otherBrowser();
  const guest = consoleOn(theirs);
  const verifyAddress = async () => (await server.messages(paulo.email)).flatMap(({ links }) => links).find((link) => link.includes('/organizations/verify')) ?? '';

  await test.step('two people sign up for an account each', async () => {
    for (const who of [paulo, ana]) {
      const applying = await otherBrowser();
      await new SignUp(applying, server, people, say, who).complete();
      await applying.close();
    }
    await page.goto(`${server.console()}/organizations`);
    await accountsOn(page).signInRoot(paulo.email, paulo.password);
    await theirs.goto(`${server.console()}/organizations`);
    await accountsOn(theirs).signInRoot(ana.email, ana.password);
  });

  await test.step('one makes an organization (F-05)', async () => {
    await expect(desk.button(start.create)).toBeVisible();
    await look(page, info, 'organizations-1-start');
    await desk.button(start.create).click();
    await expect(desk.title(t.title)).toBeVisible();
    await look(page, info, 'organizations-2-unverified');
  });

  await test.step('and verifies the address by the mail (F-06, N-13)', async () => {
    await expect.poll(verifyAddress, { message: 'the verification mail' }).not.toBe('');
    const reading = await otherBrowser();
    await reading.goto(await verifyAddress());
    await people.button(reading, 'org-verify.submit').click();
    await expect(people.title(reading, 'org-verify.done.title')).toBeVisible();
    await reading.close();
  });

  const created = { name: 'Onboarding', email: 'onboarding@example.com' };
  await test.step('creates an account, whose state is shown until it is there (F-08)', async () => {
    await desk.open('/organizations/v2/home/accounts/add/create');
    await desk.field(t.accountName).fill(created.name);
    await desk.field(t.ownerEmail).fill(created.email);
    await look(page, info, 'organizations-3-create-account');
    await desk.button(t.createButton).click();
    await expect(page.getByText(t.createdTitle(created.name), { exact: true })).toBeVisible({ timeout: 20_000 });
    await look(page, info, 'organizations-4-created');
  });

  const unit = 'Trials';
  await test.step('makes a unit, and moves the account there (F-07)', async () => {
    await desk.open('/organizations/v2/home/accounts');
    await expect(page.getByRole('link', { name: created.name, exact: true })).toBeVisible();
    await box(page, t.select('Root')).check({ force: true });
    await desk.button(t.actions).click();
    await page.getByRole('menuitem', { name: units.create, exact: true }).click();
    const naming = desk.dialog(units.createTitle('Root'));
    await desk.field(units.name, naming).fill(unit);
    await desk.button(units.createButton, naming).click();
    await expect(desk.notice(units.created(unit))).toBeVisible();

    await box(page, t.select(created.name)).check({ force: true });
    await desk.button(t.actions).click();
    await page.getByRole('menuitem', { name: t.move, exact: true }).click();
    const moving = desk.dialog(t.moveTitle(1, created.name));
    await box(moving, t.select(unit)).check({ force: true });
    await look(page, info, 'organizations-5-move');
    await desk.button(t.move, moving).click();
    await expect(desk.notice(t.moved(1, created.name))).toBeVisible();
    await expect(moving).toBeHidden();
    await desk.button(t.expand(unit)).click();
    await look(page, info, 'organizations-6-tree');
    await page.getByRole('link', { name: created.name, exact: true }).click();
    await expect(desk.title(created.name)).toBeVisible();
    await expect(page.getByRole('main').getByRole('link', { name: unit, exact: true }).first()).toBeVisible();
    await look(page, info, 'organizations-7-account');
  });

  await test.step('invites the other account, by its address', async () => {
    await desk.open('/organizations/v2/home/accounts/add/invite');
    await desk.field(t.inviteWhom).fill(ana.email);
    await look(page, info, 'organizations-8-invite');
    await desk.button(t.inviteButton).click();
    await expect(page.getByRole('row', { name: ana.email })).toContainText(invitations.states.OPEN);
  });

  await test.step('which sees the invitation, and joins', async () => {
    await guest.open('/organizations');
    await theirs.getByRole('link', { name: start.seeInvitations, exact: true }).click();
    const accept = theirs.getByRole('button', { name: new RegExp(`^${invitations.accept}: o-`) });
    await expect(accept).toBeVisible();
    await look(theirs, info, 'organizations-9-invitation');
    await accept.click();
    await guest.button(invitations.accept, guest.dialog(invitations.accepting.INVITE!.title)).click();
    await expect(guest.notice(invitations.accepted)).toBeVisible();
    await guest.open('/organizations');
    await expect(guest.button(organizations.member.leave)).toBeVisible();
    await look(theirs, info, 'organizations-10-member');
  });

  await test.step('and is in the organization (F-13)', async () => {
    await desk.open('/organizations/v2/home/accounts');
    await expect(page.getByRole('link', { name: ana.accountName, exact: true })).toBeVisible();
  });
});
