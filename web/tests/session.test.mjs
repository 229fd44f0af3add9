// Signing in to the console, and what it does when requests fail.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql, SITE, TOKEN } from './support/api.mjs';
import {
  CONSOLE,
  fill,
  find,
  focused,
  intercept,
  look,
  open,
  picture,
  press,
  textOf,
  useBrowser,
  waitForText,
} from './support/browser.mjs';
import { withoutClipboard } from './support/clipboard.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { newPipeline } from './support/pipeline.mjs';
import { loseAnswer } from './support/requests.mjs';
import { newOrganization, newToken, revokeToken } from './support/tokens.mjs';

const tab = useBrowser();

const KEY = 'crm-steps:token';

/** An organization with one pipeline, "Vendas", and a token of it. */
async function newShop() {
  const organization = newOrganization();
  const token = newToken({ organization });
  await newPipeline({ name: 'Vendas', token });
  return { organization, token };
}

test('signs in from the fragment of any address, and removes the fragment', async () => {
  const { page } = tab;
  const response = await page.goto(`${SITE}/?from=mail#token=${TOKEN}`);
  assert.match(response.headers()['content-security-policy'], /script-src 'self'.*trusted-types 'none'/);
  await find(page, 'Pipelines', 'heading');
  assert.equal(page.url(), `${CONSOLE}/?from=mail`);
  assert.equal(await page.title(), 'Pipelines · crm-steps');
  assert.match(await textOf(page, 'header'), /Horizonte Digital \(teste\)\s+demo/);

  const kept = await page.evaluate(() => ({
    session: Object.values(sessionStorage),
    local: Object.values(localStorage),
    cookie: document.cookie,
  }));
  assert.deepEqual(kept, { session: [TOKEN], local: [], cookie: '' }, 'the token is kept for this browser tab only');

  await page.reload();
  await find(page, 'Pipelines', 'heading');
});

test('signs in from the fragment of an address that is opened in a tab with the page', async () => {
  const { page } = tab;
  await page.goto(`${CONSOLE}/people`);
  await find(page, 'Access token', 'textbox');
  await page.evaluate((token) => (location.hash = `token=${token}`), TOKEN);
  await page.waitForSelector('main h1');
  assert.equal(page.url(), `${CONSOLE}/people`);
});

test('signs in by the form, which says how to create a token', async () => {
  const { page } = tab;
  await page.goto(CONSOLE);
  const field = await find(page, 'Access token', 'textbox');
  assert.equal(await field.evaluate(({ type, autocomplete }) => `${type} ${autocomplete}`), 'password off');
  assert.deepEqual(await focused(page), { role: 'textbox', name: 'Access token' });
  assert.match(await textOf(page, 'form'), /crm-steps token create --organization NAME/);
  assert.match(await textOf(page, 'form'), /Each browser tab asks for the token once\..*NAME is the name of the organization/s);
  await picture(page, 'sign-in');
  // As it is pasted from a terminal: at once, with white space around it.
  await page.keyboard.sendCharacter(` ${TOKEN} `);
  await page.keyboard.press('Enter');
  await find(page, 'Pipelines', 'heading');
});

test('shows an error for an invalid token, and then accepts a valid one', async () => {
  const { page } = tab;
  await page.goto(`${CONSOLE}/#token=crm_wrong`);
  await waitForText(page, 'form', 'This token is not valid.');
  assert.equal(page.url(), `${CONSOLE}/`);
  // The browser logs responses with 401 to the console.
  tab.expectProblem(/status of 401/);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);

  // A token that cannot be sent in a header is rejected by the page.
  await fill(page, 'Access token', 'crm_…');
  await page.keyboard.press('Enter');
  await waitForText(page, 'form', 'This token is not valid.');
  await picture(page, 'sign-in-wrong');

  await fill(page, 'Access token', TOKEN);
  await press(page, 'Sign in');
  await find(page, 'Pipelines', 'heading');
});

test('says that a token may not read', async () => {
  const { page } = tab;
  await page.goto(`${CONSOLE}/#token=${newToken({ scopes: ['write'] })}`);
  await waitForText(page, 'form', 'This token may not read');
  tab.expectProblem(/status of 403/);
});

test('shows what is wrong if the service does not respond to the first request, and tries again', async () => {
  const { page } = tab;
  let isThere = false;
  await intercept(page, () => (isThere ? null : 'lost'));
  await page.goto(`${CONSOLE}/#token=${TOKEN}`);
  await waitForText(page, '#root', 'The server cannot be reached.');
  tab.expectProblem(/ERR_/);
  await picture(page, 'unreachable');
  isThere = true;
  await press(page, 'Try again');
  await find(page, 'Pipelines', 'heading');
});

test('signing out leaves nothing in the browser tab', async () => {
  const { page } = tab;
  await open(page);
  await press(page, 'Horizonte Digital (teste) demo');
  await picture(page, 'account');
  await press(page, 'Sign out', 'menuitem');
  await find(page, 'Access token', 'textbox');
  assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
});

test('asks for another token over the page when the token becomes invalid, and then goes on', async () => {
  const { page } = tab;
  const organization = newOrganization();
  const first = newToken({ organization });
  let isRevoked = false;
  // Like the response of the service after the token was revoked.
  const isOf = (request, token) => request.headers().authorization === `Bearer ${token}`;
  await intercept(page, (_, request) => (isRevoked && isOf(request, first) ? { status: 401 } : null));
  await open(page, '/', first);
  await press(page, 'New pipeline');
  await fill(page, 'Name', 'Kept');
  isRevoked = true;
  await press(page, 'Create');
  await find(page, 'You have been signed out', 'alertdialog');
  tab.expectProblem(/status of 401/);
  await checkScreen(page, 'signed-out');

  // Escape leaves nothing, and a wrong token changes nothing.
  await page.keyboard.press('Escape');
  await fill(page, 'Access token', 'crm_wrong');
  await page.keyboard.press('Enter');
  await waitForText(page, '[role=alertdialog]', 'This token is not valid.');
  tab.expectProblem(/status of 401/);

  // That of another organization would show the page of one and send to the other.
  const other = newToken();
  await fill(page, 'Access token', other);
  await page.keyboard.press('Enter');
  await waitForText(page, '[role=alertdialog]', 'This token belongs to');
  await picture(page, 'other-organization');

  const second = newToken({ organization });
  await fill(page, 'Access token', second);
  await page.keyboard.press('Enter');
  // What was on its way has been sent, once.
  await page.waitForFunction(() => location.pathname.startsWith('/console/pipelines/'));
  const { crmScenarios } = await graphql('{ crmScenarios { nodes { name } } }', {}, second);
  assert.deepEqual(crmScenarios.nodes, [{ name: 'Kept' }]);
  assert.equal(await page.evaluate((key) => sessionStorage.getItem(key), KEY), second);
});

test('notices by itself that the token was revoked, and opens another organization on demand', async () => {
  const { page } = tab;
  const first = newToken();
  await open(page, '/', first);
  await waitForText(page, 'main', 'No pipelines yet');
  // Nothing is asked for: the service closes the socket.
  await revokeToken(first);
  await find(page, 'You have been signed out', 'alertdialog');
  const { organization, token } = await newShop();
  await fill(page, 'Access token', token);
  await page.keyboard.press('Enter');
  await press(page, `Open ${organization}`);
  await waitForText(page, 'main', 'Vendas');
});

test('a token that may only read shows everything, and says why controls are disabled', async () => {
  const { page } = tab;
  const { organization } = await newShop();
  await open(page, '/', newToken({ organization, scopes: ['read'], name: 'reader' }));
  await waitForText(page, 'main', 'Vendas');
  await waitForText(page, '.frame', 'This token may only read.');
  await page.focus('::-p-aria([name="New pipeline"])');
  const { description } = await page.accessibility.snapshot({
    root: await page.$('::-p-aria([name="New pipeline"])'),
  });
  assert.match(description, /no scope WRITE/);
  await press(page, 'New pipeline');
  assert.equal(await page.$('[role=dialog]'), null);
  await checkScreen(page, 'read-only');
});

test('says that there is no network, keeps what is there, and reads it again once there is one', async () => {
  const { page } = tab;
  await open(page, '/', (await newShop()).token);
  await waitForText(page, 'main', 'Vendas');
  await page.setOfflineMode(true);
  await waitForText(page, '.frame', 'The server cannot be reached');
  await checkScreen(page, 'offline');
  await fill(page, 'Find pipelines', 'nothing');
  await waitForText(page, 'main', 'This could not be loaded');
  assert.equal((await page.$$('::-p-aria([name="Try again"])')).length, 1, 'one button tries everything again');
  await page.setOfflineMode(false);
  await waitForText(page, 'main', 'No pipeline has this in its name');
  await waitForText(page, '.frame', 'The server cannot be reached', { isGone: true });
  tab.expectProblem(/ERR_INTERNET_DISCONNECTED/);
});

test('counts down until a token may send requests again, and then does', async () => {
  const { page } = tab;
  let isLimited = false;
  await intercept(page, () => (isLimited ? tooMany('2') : null));
  await open(page, '/', (await newShop()).token);
  await waitForText(page, 'main', 'Vendas');
  isLimited = true;
  await fill(page, 'Find pipelines', 'vendas');
  await waitForText(page, '.frame', 'Too many requests with this token');
  await waitForText(page, '.frame', '2 seconds');
  // What stands still says no seconds.
  await waitForText(page, 'main', 'Too many requests with this token. Try again in a moment.');
  await picture(page, 'rate-limited');
  isLimited = false;
  await waitForText(page, '.frame', '1 second');
  await waitForText(page, '.frame', 'Too many requests', { isGone: true });
  await waitForText(page, 'main', '1 pipeline found');
  tab.expectProblem(/status of 429/);
});

test('says that the service is busy, and tries again on demand', async () => {
  const { page } = tab;
  let isBusy = false;
  const answer = failed(503, 'OVERLOADED', { 'x-request-id': 'abc-123' });
  await intercept(page, () => (isBusy ? answer : null));
  await open(page, '/', (await newShop()).token);
  await waitForText(page, 'main', 'Vendas');
  isBusy = true;
  await fill(page, 'Find pipelines', 'vendas');
  await waitForText(page, '.frame', 'The server is busy');
  // The pane that failed, with the id that the log has.
  await waitForText(page, '.state-error', 'abc-123');
  await checkScreen(page, 'busy');
  assert.equal(await page.$('.state-error ::-p-aria([name="Try again"])'), null, 'the banner has the button');
  isBusy = false;
  await page.locator('.frame-banners ::-p-aria([name="Try again"])').click();
  await waitForText(page, 'main', '1 pipeline found');
  await waitForText(page, '.frame', 'The server is busy', { isGone: true });
  tab.expectProblem(/status of 503/);
});

test('the id of a request is copied also without TLS, and the button keeps the focus', async () => {
  const { page } = tab;
  let isBroken = false;
  const answer = failed(500, 'INTERNAL', { 'x-request-id': 'abc-123' });
  await withoutClipboard(page);
  await intercept(page, () => (isBroken ? answer : null));
  await open(page, '/', (await newShop()).token);
  await waitForText(page, 'main', 'Vendas');
  isBroken = true;
  await fill(page, 'Find pipelines', 'vendas');
  await waitForText(page, '.state-error', 'abc-123');
  tab.expectProblem(/status of 500/);
  await press(page, 'Copy');
  await find(page, 'Copied', 'button');
  assert.equal(await page.evaluate(() => window.copied), 'abc-123');
  assert.deepEqual(await focused(page), { role: 'button', name: 'Copied' });
});

test('says that the service did not respond in time', async () => {
  const { page } = tab;
  // The limit is too long to wait for.
  await page.evaluateOnNewDocument(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (limit) => timeout(limit === 30_000 && window.isSlow ? 50 : limit);
  });
  const held = [];
  let isSlow = false;
  await intercept(page, () => (isSlow ? new Promise((resolve) => held.push(resolve)) : null));
  await open(page, '/', (await newShop()).token);
  await waitForText(page, 'main', 'Vendas');
  isSlow = true;
  await page.evaluate(() => (window.isSlow = true));
  await fill(page, 'Find pipelines', 'vendas');
  await waitForText(page, '.state-error', 'The server did not respond in time.');
  isSlow = false;
  await page.evaluate(() => (window.isSlow = false));
  await press(page, 'Try again');
  await waitForText(page, 'main', '1 pipeline found');
  for (const resolve of held) resolve('lost');
});

test('asks to reload when the service has another version', async () => {
  const { page } = tab;
  let isOther = false;
  await intercept(page, () => (isOther ? failed(200, 'PERSISTED_QUERY_NOT_FOUND') : null));
  await open(page, '/', (await newShop()).token);
  await waitForText(page, 'main', 'Vendas');
  isOther = true;
  await fill(page, 'Find pipelines', 'vendas');
  await waitForText(page, '.frame-banners', 'The server has a new version');
  await page.waitForFunction(() => location.search === '?q=vendas');
  await picture(page, 'other-version');
  isOther = false;
  await page.locator('.frame-banners ::-p-aria([name="Reload the page"])').click();
  await waitForText(page, 'main', '1 pipeline found');
});

test('a lost answer and "Try again" make one pipeline', async () => {
  const { page } = tab;
  const token = newToken();
  await loseAnswer(page, 'mutationsCreateMutation');
  await open(page, '/', token);
  await press(page, 'New pipeline');
  await fill(page, 'Name', 'Once');
  await press(page, 'Create');
  await waitForText(page, '[role=dialog]', 'The server cannot be reached.');
  tab.expectProblem(/ERR_/);
  await picture(page, 'lost-answer');
  await press(page, 'Try again');
  await page.waitForFunction(() => location.pathname.startsWith('/console/pipelines/'));
  const { crmScenarios } = await graphql('{ crmScenarios { nodes { name } } }', {}, token);
  assert.deepEqual(crmScenarios.nodes, [{ name: 'Once' }]);
});

test('an address without a page says so', async () => {
  const { page } = tab;
  await open(page, '/nothing/here');
  await find(page, 'There is no such page', 'heading');
  await checkScreen(page, 'not-found');
  await press(page, 'To the pipelines', 'link');
  await find(page, 'Pipelines', 'heading');
  assert.deepEqual(await focused(page), { role: 'heading', name: 'Pipelines' });
});

test('the first stop of the keyboard leads past the bar', async () => {
  const { page } = tab;
  await open(page);
  await page.keyboard.press('Tab');
  assert.deepEqual(await focused(page), { role: 'link', name: 'Skip to the content' });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.deepEqual(await focused(page), { role: 'searchbox', name: 'Find pipelines' });
});

for (const language of ['en', 'pt-BR']) {
  test(`the navigation stands on one line of a phone: ${language}`, async () => {
    const { page } = tab;
    await page.evaluateOnNewDocument((language) => localStorage.setItem('crm-steps:language', language), language);
    await look(page, { width: 360 });
    await open(page);
    const tops = await page.$$eval('.frame-link', (links) => links.map((link) => link.getBoundingClientRect().top));
    assert.equal(tops.length, 4);
    assert.equal(new Set(tops).size, 1, tops.join());
  });
}

testLooks('the form to sign in has no violations', tab, async (page, suffix) => {
  await page.goto(CONSOLE);
  await find(page, 'Access token', 'textbox');
  await checkScreen(page, `sign-in-${suffix}`);
});

function failed(status, code, headers = {}) {
  return { status, headers, body: { data: null, errors: [{ message: 'Failed.', extensions: { code } }] } };
}

function tooMany(seconds) {
  return failed(429, 'RATE_LIMITED', { 'retry-after': seconds });
}
