import { erika, jane, long } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';

const chosen = 'Nikko-Kaido-1617!';

test('a one-time password must be replaced, by every rule (H-08)', async ({ page, server, people, say, watch, otherBrowser }) => {
  watch.expect(422, /^\/platform\/(new-password|password)$/);
  await page.goto(server.startUrl());
  await people.signInHere(page, erika);
  await expect(people.title(page, 'new-password.title')).toBeVisible();
  await expect(people.password(page, 'field.new-password')).toHaveAttribute('autocomplete', 'new-password');
  await expect(people.password(page, 'field.confirm')).toHaveAttribute('autocomplete', 'new-password');

  const rule = (key: string, args?: Record<string, number>) => say(`new-password.error.${key}`, args);
  const cases: [password: string, confirmation: string, errors: string[]][] = [
    ['quxzy', 'quxzy', [rule('too-short', { min: 8 }), rule('no-upper'), rule('no-digit'), rule('no-symbol')]],
    ['UPPER-CASE-53', 'UPPER-CASE-53', [rule('no-lower')]],
    ['Aa1!'.repeat(17), 'Aa1!'.repeat(17), [rule('too-long', { max: 64 })]],
    [chosen, `${chosen}?`, [rule('mismatch')]],
    ['Password123!', 'Password123!', [rule('common')]],
    ['Mustermann-53!', 'Mustermann-53!', [rule('contains-name')]],
    [erika.password, erika.password, [rule('reused', { count: 3 })]],
  ];
  for (const [password, confirmation, errors] of cases) {
    await people.choosePassword(page, password, confirmation);
    await expect(people.faults(page).getByRole('listitem')).toHaveText(errors);
    await expect(people.faults(page)).toBeFocused();
    await expect(people.password(page, 'field.new-password')).toHaveValue('');
  }
  // Nothing but that page was opened by the one-time password.
  const aside = await page.context().newPage();
  await aside.goto(server.startUrl());
  await expect(people.title(aside, 'identify.title')).toBeVisible();
  await aside.close();

  await people.choosePassword(page, chosen);
  await people.atPortal(page);

  const other = await otherBrowser();
  await other.goto(server.startUrl());
  await people.signInHere(other, erika);
  await expect(people.faults(other)).toContainText(say('password.error.incorrect'));
  await people.signIn(other, erika, chosen);
});

test('a forgotten password, whole (H-22 to H-27, N-08, N-19, N-26, M-32)', async ({ page, server, people, say, watch, language, otherBrowser }) => {
  watch.expect(422, /^\/platform\/(forgot|password)$/);
  await page.goto(server.startUrl());
  await people.forgetPassword(page, jane.username);
  // The wording of H-24.
  if (language === 'en') {
    await expect(page.getByRole('heading', { level: 1, name: 'Forgot password' })).toBeVisible();
    await expect(page.getByText("Verify that you're a real person. Enter the characters from the image below.")).toBeVisible();
  }
  await expect(people.field(page, 'field.username')).toHaveValue(jane.username);
  const natural = () => people.captchaImage(page).evaluate((img: HTMLImageElement) => (img.complete ? img.naturalWidth : 0));
  await expect.poll(natural).toBeGreaterThan(100);

  // Other characters on request.
  const first = await people.captchaImage(page).getAttribute('src');
  await people.link(page, 'captcha.refresh').click();
  await expect(people.captchaImage(page)).not.toHaveAttribute('src', first ?? '');
  await expect.poll(natural).toBeGreaterThan(100);
  await expect(people.field(page, 'field.username')).toHaveValue(jane.username);

  // A wrong answer is spent; there are new characters.
  const second = await people.captchaImage(page).getAttribute('src');
  await people.answerCaptcha(page, 'wrong!');
  await expect(people.faults(page)).toContainText(say('captcha.error.wrong'));
  await expect(people.captchaImage(page)).not.toHaveAttribute('src', second ?? '');
  expect(await server.messages(jane.email)).toHaveLength(0);

  await people.answerCaptcha(page, await people.captchaAnswer(page));
  await expect(people.title(page, 'forgot-sent.title')).toBeVisible();
  if (language === 'en') {
    await expect(page.getByRole('heading', { level: 1, name: 'Reset password email sent' })).toBeVisible();
    await expect(
      page.getByText(
        'Please check your inbox. If you did not receive a password reset email, confirm that your username is correct, or ask your administrator to check your registered email.',
      ),
    ).toBeVisible(); // H-25
  }
  await expect(page.getByText(say('forgot-sent.spam'))).toBeVisible(); // N-08
  await page.reload();
  await expect(people.title(page, 'forgot-sent.title')).toBeVisible();
  await people.link(page, 'forgot-sent.continue').click();
  await expect(people.title(page, 'identify.title')).toBeVisible();

  const link = await people.resetLink(jane);
  const [mail] = await server.messages(jane.email);
  expect(mail?.subject).toBe(say('mail.password-reset.subject'));
  // The mail may be read on another device.
  const other = await otherBrowser();
  await other.goto(link);
  await expect(people.title(other, 'new-password.title')).toBeVisible();
  expect(other.url()).not.toContain(new URL(link).searchParams.get('token') ?? link);
  await people.choosePassword(other, chosen);
  await expect(people.title(other, 'password-done.title')).toBeVisible();
  await expect(other.getByRole('status')).toContainText(jane.username); // N-26
  await people.link(other, 'password-done.continue').click();
  await people.signInHere(other, jane, chosen);
  await people.atPortal(other);

  await page.goto(server.startUrl());
  await people.signInHere(page, jane);
  await expect(people.faults(page)).toContainText(say('password.error.incorrect'));
  await expect.poll(async () => (await server.messages(jane.email))[0]?.subject).toBe(say('mail.password-changed.subject'));
});

test('the characters can be heard instead (H-24, WCAG 1.1.1)', async ({ page, server, people, say }) => {
  await page.goto(server.startUrl());
  await people.forgetPassword(page, jane.username);
  const audio = page.locator('audio');
  await expect(audio).toBeVisible();
  await expect(audio).toHaveAccessibleName(say('captcha.audio'));
  // It plays: its time goes on.
  await audio.evaluate((a: HTMLAudioElement) => ((a.muted = true), a.play()));
  await expect.poll(() => audio.evaluate((a: HTMLAudioElement) => a.currentTime)).toBeGreaterThan(0.2);
  expect(await audio.evaluate((a: HTMLAudioElement) => a.duration)).toBeGreaterThan(1);
  const [download] = await Promise.all([page.waitForEvent('download'), people.link(page, 'captcha.audio-link').click()]);
  expect(download.suggestedFilename()).toMatch(/\.wav$/);
  await people.answerCaptcha(page, await server.captchaAnswer((await audio.getAttribute('src')) ?? ''));
  await expect(people.title(page, 'forgot-sent.title')).toBeVisible();
});

test('a link works once, and the newest only (N-19, promise 6)', async ({ page, server, people, say, watch }) => {
  watch.expect(410, /^\/platform\/reset$/);
  await page.goto(server.startUrl());
  await people.askForReset(page, jane.username);
  const older = await people.resetLink(jane);
  await page.goto(server.startUrl());
  await people.askForReset(page, jane.username);
  await expect.poll(async () => (await server.messages(jane.email)).length).toBe(2);
  const link = await people.resetLink(jane);
  expect(link).not.toBe(older);

  await page.goto(older);
  await expect(people.title(page, 'problem.link-used.title')).toBeVisible();
  // Following it spends nothing, for mail scanners follow links too.
  await page.goto(link);
  await page.goto(link);
  await people.choosePassword(page, chosen);
  await expect(people.title(page, 'password-done.title')).toBeVisible();
  await page.goto(link);
  await expect(people.title(page, 'problem.link-used.title')).toBeVisible();
  await expect(page.getByText(say('problem.link-used.next'))).toBeVisible();
  await people.link(page, 'problem.link-used.link').click();
  await people.signInHere(page, jane, chosen);
  await people.atPortal(page);
});

test('a link expires after an hour, and says how to get another (N-19)', async ({ page, server, people, watch }) => {
  watch.expect(410, /^\/platform\/reset$/);
  await page.goto(server.startUrl());
  await people.askForReset(page, jane.username);
  const link = await people.resetLink(jane);
  await server.advance('61m');
  await page.goto(link);
  await expect(people.title(page, 'problem.link-expired.title')).toBeVisible();
  await people.link(page, 'problem.link-expired.link').click();
  // "Ask for a new link" must lead to where one can.
  await expect(people.title(page, 'identify.title').or(people.title(page, 'forgot.title'))).toBeVisible();
});

test('for a name that nobody has the page is the same, and no mail goes out (H-25, promise 4)', async ({ page, server, people }) => {
  const told: string[] = [];
  for (const name of ['nobody', long.username]) {
    await page.goto(server.startUrl());
    await people.askForReset(page, name);
    told.push(await page.getByRole('main').innerText());
  }
  expect(told[1]).toBe(told[0]);
  await people.resetLink(long); // by then the other would have been written too
  expect(await server.messages('')).toHaveLength(1);
});

test('guessing is slowed down, and whoever signed in here before still enters (promise 3)', async ({ page, server, people, say, watch, otherBrowser }) => {
  watch.expect(422, /^\/platform\/password$/);
  watch.expect(429, /^\/platform\/password$/);
  await people.signIn(page, jane);
  await people.signOut(page);

  const attacker = await otherBrowser();
  await attacker.goto(server.startUrl());
  await people.identify(attacker, jane.username);
  for (let i = 0; i < 5; i++) {
    await people.enterPassword(attacker, `Guess-Number-${i}`);
    await expect(people.faults(attacker)).toContainText(say('password.error.incorrect'));
  }
  await people.enterPassword(attacker, jane.password);
  await expect(people.faults(attacker)).toContainText(say('password.error.throttled', { minutes: 1 }));

  await people.signInHere(page, jane);
  await people.atPortal(page);

  // The wait is as long as it said.
  await server.advance('61s');
  await people.enterPassword(attacker, jane.password);
  await people.atPortal(attacker);
});
