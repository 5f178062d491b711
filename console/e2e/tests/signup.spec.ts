import { expect, test } from '../harness/test.ts';
import { cards, phone, SignUp } from '../harness/signup.ts';

// From nothing but an e-mail address to an active account, as a person does it.

test('an account from an e-mail address (A-08 to A-33)', async ({ page, server, people, say }) => {
  const me = new SignUp(page, server, people, say);
  await me.open();
  await me.mailed('mail.account-created.subject');
  await me.pay(cards.good);
  await me.askForPIN();
  await me.pin(await me.code(phone));
  await me.plan('developer');
  await expect(page.getByText(say('signup.status.under-way.explain'))).toBeVisible();
  await me.later('10s');
  await me.mailed('mail.account-activated.subject');
  await page.goto(`${server.signIn()}/signup/status`);
  await expect(page.getByText(say('signup.status.active'), { exact: true })).toBeVisible();
  expect(server.log(), 'the log').not.toContain('4242424242424242');
  expect(server.log(), 'the log').not.toContain(cards.good);
});

test('mistakes are said where they are, and lose nothing (A-19 to A-22)', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/signup(\/verify|\/password|\/contact)?$/);
  const me = new SignUp(page, server, people, say);
  await me.start();
  await people.field(page, 'signup.field.email').fill('paulo@example');
  await people.field(page, 'signup.field.account_name').fill('x');
  await people.button(page, 'signup.continue').click();
  await expect(people.faults(page)).toBeFocused();
  await expect(people.faults(page)).toContainText(say('signup.error.email.invalid'));
  await me.address();
  await people.field(page, 'signup.field.code').fill('12345');
  await people.button(page, 'signup.code.verify').click();
  await expect(people.faults(page)).toContainText(say('signup.error.code.wrong'));
  await me.verify();
  await people.password(page, 'field.new-password').fill('password');
  await people.password(page, 'field.confirm').fill('password');
  await people.button(page, 'signup.continue').click();
  await expect(people.faults(page)).toContainText(say('new-password.error.common'));
  await me.choosePassword();

  // a professional account is asked for its company, a personal one is not.
  const company = people.field(page, 'signup.field.company');
  await expect(company).toBeHidden();
  await page.getByRole('radio', { name: new RegExp(say('signup.contact.professional')) }).check();
  await expect(company).toBeVisible();
  await me.contact();
  await expect(people.faults(page)).toContainText(say('signup.error.company.required'));
  await expect(people.field(page, 'signup.field.full_name')).toHaveValue('Paulo Santos');
  await company.fill('Example Corp');
  const [agreement] = await Promise.all([page.waitForEvent('popup'), people.link(page, 'signup.contact.agreement.read').click()]);
  await expect(people.title(agreement, 'signup.agreement.title')).toBeVisible();
  await agreement.close();
  await people.button(page, 'signup.contact.create').click();
  await expect(people.title(page, 'signup.payment.title')).toBeVisible();
});

test('an address that has an account is told by mail only (A-14, M-23)', async ({ page, server, people, say, otherBrowser }) => {
  const me = new SignUp(page, server, people, say);
  await me.open();
  const another = await otherBrowser();
  const again = new SignUp(another, server, people, say);
  await again.start();
  await again.address();
  await again.mailed('mail.signup-taken.subject');
  await expect(another.getByText(say('signup.code.missing'))).toBeVisible();
});

test('a declined card, a bank that asks, and one that holds (A-26, A-27, A-35, A-36)', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/signup\/payment(\/code)?$/);
  const me = new SignUp(page, server, people, say);
  await me.open('IN', '+91 98765 43210');
  await expect(page.getByText(say('signup.payment.explain.india'))).toBeVisible();
  await me.pay(cards.declined);
  await expect(people.faults(page)).toContainText(say('signup.declined.not-honored'));
  await expect(people.field(page, 'signup.field.card_number')).toHaveValue('');
  await me.pay(cards.challenged);
  await expect(people.title(page, 'signup.payment-code.title')).toBeVisible();
  await people.field(page, 'signup.field.otp').fill('000000');
  await people.button(page, 'signup.continue').click();
  await expect(people.faults(page)).toContainText(say('signup.error.code.bank'));
  await people.link(page, 'signup.payment-code.again').click();
  // a billing address of its own.
  await page.getByRole('radio', { name: say('signup.payment.address.new'), exact: true }).check();
  await people.field(page, 'signup.field.full_name').fill('Ana Santos');
  await me.country().selectOption('JP');
  await people.field(page, 'signup.field.address_line1').fill('1-1 Chiyoda');
  await people.field(page, 'signup.field.city').fill('Tokyo');
  await people.field(page, 'signup.field.postal_code').fill('100-0001');
  await me.pay(cards.held);
  await me.askForPIN('voice');
  await me.pin((await server.messages(phone))[0]?.text.replaceAll(/\D/g, '').slice(0, 6) ?? '');
  await me.plan('basic', 'signup.status.title');
  await expect(page.getByText(say('signup.status.payment-pending'), { exact: true })).toBeVisible();
  await me.later('25h'); // after which this bank approves
  await me.mailed('mail.account-activated.subject');
});

test('the maximum of wrong PINs, and the way out (A-38, M-03)', async ({ page, server, people, say, watch }) => {
  watch.expect(422, /^\/signup\/phone\/pin$/);
  watch.expect(403, /^\/signup\/phone(\/pin)?$/);
  const me = new SignUp(page, server, people, say);
  await me.open();
  await me.pay(cards.good);
  await me.askForPIN();
  for (let left = 4; left > 0; left--) {
    await me.pin(await me.wrongPIN());
    await expect(people.faults(page)).toContainText(say('signup.error.code.pin', { left }));
  }
  await me.pin(await me.wrongPIN());
  await expect(page.getByText(say('signup.blocked.error'), { exact: true })).toBeVisible();
  await expect(people.link(page, 'signup.support')).toHaveAttribute('href', /\/support\/cases\/create$/);
  await page.goto(`${server.signIn()}/signup/continue`);
  await expect(people.title(page, 'signup.blocked.title')).toBeVisible();
});

test('a sign-up that was left goes on in another browser (A-34)', async ({ page, server, people, say, otherBrowser }) => {
  const me = new SignUp(page, server, people, say);
  await me.open();
  await me.pay(cards.good);
  await expect(people.title(page, 'signup.phone.title')).toBeVisible();
  await page.close();

  const another = await otherBrowser();
  const again = new SignUp(another, server, people, say);
  await again.start();
  await people.link(another, 'signup.account.existing').click();
  await again.signIn();
  await again.askForPIN();
  await again.pin(await again.code(phone));
  await again.plan();
  await another.goto(`${server.signIn()}/signup`);
  await expect(people.link(another, 'signup.start.console')).toBeVisible();
});
