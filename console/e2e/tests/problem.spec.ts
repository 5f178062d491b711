import { jane, organizationName } from '../harness/organisation.ts';
import { expect, test } from '../harness/test.ts';

test('an unknown portal says so and helps to find the right one (M-28, M-29)', async ({ page, server, people, say, watch }) => {
  watch.expect(404, /^\/start$/);
  for (const name of ['nosuch', 'd-0000000000']) {
    await page.goto(server.startUrl(name));
    await expect(people.title(page, 'problem.unknown-portal.title')).toBeVisible();
    await expect(page.getByText(say('problem.unknown-portal.next'))).toBeVisible();
  }
  await people.link(page, 'problem.unknown-portal.link').click();
  await expect(people.title(page, 'signin-home.title')).toBeVisible();
});

test('the page of sign-in pages directs portal users to their portal (D-07, D-16, H-11, M-30, M-31, R-22)', async ({ page, server, people, say }) => {
  await page.goto(`${server.signIn()}/sign-in-pages`);
  await expect(people.title(page, 'signin-home.title')).toBeVisible();
  await expect(page.getByText(say('signin-home.portal.how'))).toBeVisible();
  await expect(page.getByText(`awsapps.localhost:${server.port}/start`)).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveCount(0);
});

test('a visitor finds out which kind of user they are (R-01, R-02, R-03, R-04, R-05, R-06)', async ({ page, server, say }) => {
  await page.goto(`${server.signIn()}/sign-in-pages`);
  for (const kind of ['root', 'iam', 'portal', 'federated', 'builder']) {
    await expect(page.getByText(say(`signin-home.${kind}.who`))).toBeVisible();
  }
});

test('the landing page leads to the portal and tells the API endpoint', async ({ page, server, people, say }) => {
  await page.goto(server.base());
  await expect(people.title(page, 'landing.title')).toBeVisible();
  // Service by service: the bare variable would take S3 and all the others along.
  await expect(page.getByText('export AWS_ENDPOINT_URL_STS=')).toBeVisible();
  await expect(page.getByText('AWS_ENDPOINT_URL=')).toHaveCount(0);
  await page.getByRole('link', { name: say('landing.portal', { organisation: organizationName }) }).click();
  await expect(people.title(page, 'identify.title')).toBeVisible();
});

test('a form of another browser or of yesterday is refused, and one starts again (H-05)', async ({ page, server, people, watch, otherBrowser }) => {
  watch.expect(400, /^\/platform\/password$/);
  await page.goto(server.startUrl());
  await people.identify(page, jane.username);
  const other = await otherBrowser();
  await other.goto(page.url());
  await expect(people.title(other, 'problem.stale-form.title')).toBeVisible();
  await people.link(other, 'problem.stale-form.link').click();
  await people.signInHere(other, jane);
  await people.atPortal(other);

  await server.advance('2h');
  await people.enterPassword(page, jane.password);
  await expect(people.title(page, 'problem.stale-form.title')).toBeVisible();
  await people.link(page, 'problem.stale-form.link').click();
  await people.signInHere(page, jane);
  await people.atPortal(page);
});

test('an address of sign-in that was cut off leads to a new start', async ({ page, server, people, watch }) => {
  watch.expect(400, /^\/platform\/login$/);
  await page.goto(`${server.signIn()}/platform/login?flow=cut-off`);
  await expect(people.title(page, 'problem.stale-form.title')).toBeVisible();
  await people.link(page, 'problem.stale-form.link').click();
  await expect(people.title(page, 'problem.stale-form.title')).toHaveCount(0);
});

test('where there is no page, each host says so', async ({ page, server, people, watch }) => {
  watch.expect(404, /^\/no\/such\/page$/);
  for (const host of [server.signIn(), server.portal(), server.device()]) {
    await page.goto(`${host}/no/such/page`);
    await expect(people.title(page, 'problem.not-found.title')).toBeVisible();
    // And there is a way on.
    await people.link(page, 'problem.not-found.link').click();
    await expect(people.title(page, 'problem.not-found.title')).toHaveCount(0);
  }
});

test('the address of a form, opened, says how to go on', async ({ page, server, people, watch }) => {
  watch.expect(405, /^\/start\/signout$/);
  await page.goto(`${server.portal()}/start/signout`);
  await expect(people.title(page, 'problem.method-not-allowed.title')).toBeVisible();
  await people.link(page, 'problem.method-not-allowed.link').click();
  await expect(people.title(page, 'identify.title')).toBeVisible();
});

test('the developer\'s mailbox shows what was sent', async ({ page, server, people, say }) => {
  await page.goto(`${server.base()}/_sekisho/dev/mailbox`);
  await expect(page.getByText(say('mailbox.empty'))).toBeVisible();
  await page.goto(server.startUrl());
  await people.askForReset(page, jane.username);
  const link = await people.resetLink(jane);
  await people.link(page, 'frame.mailbox').click();
  await page.getByRole('link', { name: link, exact: true }).click();
  await expect(people.title(page, 'new-password.title')).toBeVisible();
});
