// GraphiQL in a real browser, against a running service with the demo data.
// CRM_STEPS_URL and CRM_STEPS_TOKEN name the service and a token, CHROMIUM the browser unless it is on PATH,
// and SCREENSHOTS a folder for screenshots.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { graphql, SITE, TOKEN } from './support/api.mjs';
import { chromium, picture as pictureOf } from './support/browser.mjs';

const PAGE = `${SITE}/graphiql`;
const SCENARIO_ID = '019a0000-0000-7000-8000-000000000301';

const picture = (name) => pictureOf(page, name);

let browser;
let context;
let page;
let requests;
let problems;

before(async () => {
  browser = await puppeteer.launch({
    executablePath: chromium(),
    // Chromium has no sandbox for root, which is often the only user of a container.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
});

after(() => browser?.close());

beforeEach(async () => {
  // A new browser for each test, without stored data.
  context = await browser.createBrowserContext();
  page = await context.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  page.setDefaultTimeout(20_000);
  requests = [];
  problems = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('workercreated', (worker) => requests.push(worker.url()));
  page.on('pageerror', (error) => problems.push(String(error)));
  // Violations of the policy by the page and its workers are in the console too.
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) problems.push(message.text());
  });
});

afterEach(async () => {
  await context.close();
  assert.deepEqual(problems, [], 'the console is clean');
  for (const url of requests.map((text) => new URL(text))) {
    // Browsers do not send the fragment.
    url.hash = '';
    if (url.protocol === 'data:') continue;
    assert.equal(url.origin, SITE, 'no request goes to another host');
    assert.ok(!url.href.includes(TOKEN), 'no URL of a request contains the token');
  }
});

test('signs in from the fragment of the address, and removes the fragment', async () => {
  const response = await page.goto(`${PAGE}#token=${TOKEN}`);
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /default-src 'none'.*script-src 'self'/);
  await editorIsOpen();

  assert.equal(page.url(), PAGE);
  assert.equal(await page.title(), 'GraphiQL · crm-steps');
  assert.match(await text('header'), /Signed in to .+, as .+Sign out/);
  await picture('signed-in');

  const kept = await page.evaluate(() => ({
    session: Object.values(sessionStorage),
    local: Object.values(localStorage),
    cookie: document.cookie,
  }));
  assert.ok(kept.session.includes(TOKEN), 'the token is kept for this browser tab');
  assert.deepEqual([kept.local, kept.cookie], [[], ''], 'the token is stored nowhere else');

  await page.reload();
  await editorIsOpen();
});

test('signs in from the fragment of an address that is opened in a tab with the page', async () => {
  await page.goto(PAGE);
  await page.waitForSelector('form');
  await page.evaluate((token) => (location.hash = `token=${token}`), TOKEN);
  await editorIsOpen();
  assert.equal(page.url(), PAGE);
});

test('signs in by the form, which says how to create a token', async () => {
  await page.goto(PAGE);
  const input = await page.waitForSelector('::-p-aria([name="Access token"])');
  assert.equal(await input.evaluate((element) => element.type), 'password');
  assert.match(await text('form'), /printed when the service started for the first time/);
  assert.match(await text('form'), /crm-steps token create --organization NAME/);
  await picture('sign-in');

  await signIn(TOKEN);
  await editorIsOpen();
});

test('shows an error for an invalid token, and then accepts a valid one', async () => {
  await page.goto(PAGE);
  await signIn('crm_wrong');
  await waitForText('#problem', 'This token is not valid.');
  await picture('wrong-token');
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  // The browser logs responses with 401 to the console.
  assert.match(problems.pop(), /status of 401/);

  // A token that cannot be sent in a header is rejected by the page.
  await signIn('crm_…');
  await waitForText('#problem', 'This token is not valid.');

  await signIn(TOKEN);
  await editorIsOpen();
});

test('shows an error for an invalid token in the fragment', async () => {
  await page.goto(`${PAGE}#token=crm_wrong`);
  await waitForText('#problem', 'This token is not valid.');
  assert.equal(page.url(), PAGE);
  assert.match(problems.pop(), /status of 401/);
});

test('reads the pipeline in the first tab', async () => {
  await openEditor();
  await run();
  await waitForText('.result-window', '"totalCount": ');
  await waitForText('.result-window', '"name": "Novo lead"');
  await picture('read-pipeline');
});

test('creates a step in the second tab, with the next index', async () => {
  const count = await stepCount();
  await openEditor();
  await press('CreateStep');
  await run();
  await waitForText('.result-window', `"index": ${count},`);
  await waitForText('.result-window', '"name": "Follow-up"');
  await waitForText('.result-window', '"userErrors": []');
  assert.equal(await stepCount(), count + 1);
  await picture('create-step');
});

test('shows all violations in the third tab, and nothing is stored', async () => {
  const count = await stepCount();
  await openEditor();
  await press('BreakRules');
  await run();
  await waitForText('.result-window', '"crmStep": null');
  await waitForText('.result-window', '"code": "BLANK"');
  await waitForText('.result-window', '"code": "OUT_OF_RANGE"');
  assert.equal(await stepCount(), count);
  await picture('break-rules');
});

test('follows changes in the fourth tab until it is stopped', async () => {
  await openEditor();
  await press('FollowChanges');
  const stream = page.waitForResponse(isEventStream);
  await run();
  await stream;
  await createStep('Seen live');
  await waitForText('.result-window', '"action": "CREATED"');
  await waitForText('.result-window', '"name": "Seen live"');
  await createStep('Seen as well');
  await waitForText('.result-window', '"name": "Seen as well"');
  await picture('follow-changes');

  const end = new Promise((resolve) => page.once('requestfailed', resolve));
  await press('Stop query (Ctrl-Enter)');
  assert.ok(isEventStream((await end).response()), 'the browser ends the stream');
});

test('runs the operation of a tab immediately after changing to it', async () => {
  await openEditor();
  await page.evaluate(() => {
    document.querySelector('[role="tab"] [title="BreakRules"]').click();
    document.querySelector('.graphiql-execute-button').click();
  });
  await waitForText('.result-window', '"code": "BLANK"');
});

test('shows the description of a type in the docs pane', async () => {
  await openEditor();
  await press('Show Documentation Explorer');
  await page.locator('.graphiql-doc-explorer a ::-p-text(Query)').click();
  await page.locator('.graphiql-doc-explorer a ::-p-text(Viewer)').click();
  await waitForText('.graphiql-doc-explorer', 'The bearer token of this request.');
  await waitForText('.graphiql-doc-explorer', 'tokenName: String!');
  await picture('docs');
});

test('keeps executed operations in the history', async () => {
  await openEditor();
  await press('BreakRules');
  await run();
  await waitForText('.result-window', '"code": "BLANK"');
  await press('Show History');
  await waitForText('.graphiql-history', 'BreakRules');
  await picture('history');
});

test('completes the names of fields, and marks unknown ones', async () => {
  await openEditor();
  await press('New tab');
  // Completion needs the schema; the docs pane shows when it is loaded.
  await press('Show Documentation Explorer');
  await page.waitForSelector('.graphiql-doc-explorer a');
  await page.locator('::-p-aria([name="Operation"][role="textbox"])').fill('{ view');
  await page.keyboard.down('Control');
  await page.keyboard.press('Space');
  await page.keyboard.up('Control');
  await waitForText('.suggest-widget', 'viewer');
  await picture('completion');
  await page.keyboard.press('Escape');
  await page.keyboard.type('s }');
  await page.waitForSelector('.squiggly-error');
  await picture('marked');
});

test('asks for another token when this one becomes invalid, and keeps the tabs', async () => {
  await openEditor();
  await press('New tab');
  await page.locator('::-p-aria([name="Operation"][role="textbox"])').fill('query Mine { __typename }');
  await waitForText('[aria-label="Select active operation"]', 'Mine');

  // Like the response of the service after the token was revoked.
  await page.setRequestInterception(true);
  page.on('request', (request) =>
    request.url() === `${SITE}/graphql` && request.postData().includes('Mine')
      ? request.respond({ status: 401 })
      : request.continue(),
  );
  await run();
  await waitForText('#problem', 'This token is not valid.');
  assert.match(problems.pop(), /status of 401/);

  await signIn(TOKEN);
  await waitForText('.graphiql-query-editor .view-lines', 'query Mine { __typename }');
});

test('signing out leaves nothing in the browser tab', async () => {
  await openEditor();
  await run();
  await waitForText('.result-window', '"totalCount": ');
  // As GraphiQL does, which stores an edited query with a delay.
  await page.evaluate(() =>
    window.addEventListener('pagehide', () => sessionStorage.setItem('graphiql:query', 'late')),
  );
  await press('Sign out');
  await page.waitForSelector('form');
  assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
});

for (const scheme of ['light', 'dark']) {
  test(`is ${scheme} as the system is, and every control has a name`, async () => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(PAGE);
    await page.waitForSelector('form');
    assert.deepEqual(await darkOrLight('.sign-in input'), scheme);
    assert.deepEqual(await namelessControls(), []);
    await picture(`sign-in-${scheme}`);

    await signIn(TOKEN);
    await editorIsOpen();
    assert.deepEqual(await darkOrLight('html'), scheme);
    assert.deepEqual(await darkOrLight('.graphiql-container'), scheme);
    assert.deepEqual(await namelessControls(), []);
    await run();
    await waitForText('.result-window', '"totalCount": ');
    await picture(`editor-${scheme}`);
  });
}

async function openEditor() {
  await page.goto(`${PAGE}#token=${TOKEN}`);
  await editorIsOpen();
}

async function editorIsOpen() {
  await waitForText('.graphiql-query-editor .view-lines', 'query ReadPipeline');
  await page.waitForSelector('::-p-aria([name="Result"][role="textbox"])');
}

async function signIn(token) {
  await page.locator('::-p-aria([name="Access token"])').fill(token);
  await press('Sign in');
}

function press(name) {
  return page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
}

function run() {
  return press('Execute query (Ctrl-Enter)');
}

/** The editor renders spaces as non-breaking ones. */
function text(selector) {
  return page.$eval(selector, (element) => element.textContent.replaceAll('\u00a0', ' '));
}

async function waitForText(selector, part) {
  await page
    .waitForFunction(
      (selector, part) =>
        document.querySelector(selector)?.textContent.replaceAll('\u00a0', ' ').includes(part),
      {},
      selector,
      part,
    )
    .catch(async (cause) => {
      const there = await text(selector).catch(() => 'nothing');
      throw new Error(`"${part}" did not come; in ${selector} is: ${there}`, { cause });
    });
}

function darkOrLight(selector) {
  return page.$eval(selector, (element) => {
    const [red] = getComputedStyle(element).backgroundColor.match(/\d+/g);
    return Number(red) < 128 ? 'dark' : 'light';
  });
}

async function namelessControls() {
  const found = [];
  const roles = ['button', 'checkbox', 'combobox', 'link', 'tab', 'textbox'];
  (function visit(node) {
    if (roles.includes(node.role) && !node.name) found.push(node.role);
    node.children?.forEach(visit);
  })(await page.accessibility.snapshot());
  return found;
}

function isEventStream(response) {
  return response.headers()['content-type']?.startsWith('text/event-stream');
}

async function stepCount() {
  const data = await graphql(`{ crmScenario(id: "${SCENARIO_ID}") { steps { totalCount } } }`);
  return data.crmScenario.steps.totalCount;
}

async function createStep(name) {
  const data = await graphql(
    `mutation ($input: CreateCrmStepInput!) { createCrmStep(input: $input) { userErrors { code } } }`,
    { input: { scenarioId: SCENARIO_ID, name, prompt: 'Be kind.' } },
  );
  assert.deepEqual(data.createCrmStep.userErrors, []);
}
