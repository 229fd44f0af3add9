// A browser with the console. CHROMIUM names the browser unless it is on PATH, and SCREENSHOTS a folder for pictures.

import assert from 'node:assert/strict';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, afterEach, before, beforeEach } from 'node:test';
import puppeteer from 'puppeteer-core';
import { SITE, TOKEN } from './api.mjs';

export const CONSOLE = `${SITE}/console`;

/**
 * Starts a browser for the tests of a file, and a context without stored data for each of them. After each test it
 * checks that the console of the browser is clean, that nothing was asked of another host, and that no address had a
 * token. `page` is the first tab; `newPage()` opens another one, which shares nothing but the storage of the browser
 * with it. `expectProblem(pattern)` takes messages from the console that belong to the test.
 */
export function useBrowser() {
  let browser;
  const tab = { browser: undefined, context: undefined, page: undefined, problems: [], requests: [] };

  before(async () => {
    browser = await puppeteer.launch({
      executablePath: chromium(),
      // Chromium has no sandbox for root, which is often the only user of a container.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    tab.browser = browser;
  });
  after(() => browser?.close());

  beforeEach(async () => {
    tab.problems = [];
    tab.requests = [];
    tab.context = await browser.createBrowserContext();
    tab.page = await tab.newPage();
  });

  afterEach(async () => {
    await tab.context.close();
    assert.deepEqual(tab.problems, [], 'the console is clean');
    for (const url of tab.requests.map((text) => new URL(text))) {
      // Browsers do not send the fragment.
      url.hash = '';
      if (url.protocol === 'data:') continue;
      assert.ok([SITE, SITE.replace('http', 'ws')].includes(url.origin.replace('null', '')), `${url} is of this host`);
      assert.doesNotMatch(url.href, /crm_[A-Za-z0-9]{20}/, 'no URL of a request contains a token');
    }
  });

  tab.newPage = async (context = tab.context) => {
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 800 });
    page.setDefaultTimeout(20_000);
    page.on('request', (request) => tab.requests.push(request.url().replace(/^blob:/, '')));
    page.on('pageerror', (error) => tab.problems.push(String(error)));
    // Violations of the policy are in the console too.
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) tab.problems.push(message.text());
    });
    return page;
  };

  /** Takes all messages that match, of which there has to be one. */
  tab.expectProblem = (pattern) => {
    const left = tab.problems.filter((problem) => !pattern.test(problem));
    assert.notEqual(left.length, tab.problems.length, `${pattern} is in the console: ${tab.problems}`);
    tab.problems = left;
  };
  return tab;
}

/** Opens a page of the console, signed in. */
export async function open(page, view = '/', token = TOKEN) {
  await page.goto(`${CONSOLE}${view}#token=${token}`);
  await page.waitForSelector('h1');
}

/** Presses the button, link, tab or item of a menu with this name. */
export async function press(page, name, role = 'button') {
  await page.locator(`::-p-aria([name="${escaped(name)}"][role="${role}"])`).click();
}

/** Waits for the element with this name and role. */
export function find(page, name, role) {
  return page.waitForSelector(`::-p-aria([name="${escaped(name)}"][role="${role}"])`);
}

/** Replaces the text of the field with this label. */
export async function fill(page, label, text) {
  const field = await page.waitForSelector(`::-p-aria([name="${escaped(label)}"])`);
  await field.focus();
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  if (text === '') await page.keyboard.press('Backspace');
  else await page.keyboard.type(text);
}

/** Waits until the text of an element contains a text, or does so no longer. */
export async function waitForText(page, selector, part, { isGone = false } = {}) {
  await page
    .waitForFunction(
      (selector, part, isGone) => {
        const elements = [...document.querySelectorAll(selector)];
        const isThere = elements.some((element) => element.innerText.replaceAll('\u00a0', ' ').includes(part));
        return isThere !== isGone;
      },
      {},
      selector,
      part,
      isGone,
    )
    .catch(async (cause) => {
      const there = await textOf(page, selector);
      throw new Error(`"${part}" ${isGone ? 'did not go' : 'did not come'}; in ${selector} is: ${there}`, { cause });
    });
}

/** The visible text of all elements of a selector. */
export function textOf(page, selector) {
  return page.$$eval(selector, (elements) =>
    elements.map((element) => element.innerText.replaceAll('\u00a0', ' ')).join('\n'),
  );
}

/** The name of the element that has the focus, as assistive technology has it. */
export async function focused(page) {
  const element = await page.evaluateHandle(() => document.activeElement);
  const node = await page.accessibility.snapshot({ root: element.asElement(), interestingOnly: false });
  return node && { role: node.role, name: node.name };
}

/** Violations of WCAG 2.2 AA on the page as it is now; each says where. */
export async function axe(page) {
  await page.evaluate(axeSource());
  return page.evaluate(async () => {
    // What fades in has not got its colours yet. What turns for ever is not waited for.
    const ending = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map((animation) => animation.finished.catch(() => {})));
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    // React Aria announces a busy button by its id for some seconds, also if the button has gone meanwhile.
    const exclude = ['[data-live-announcer] [role="img"]'];
    // Style sheets that it asks for itself, which none of these rules needs, would be requests of the page.
    const { violations } = await window.axe.run({ exclude }, { runOnly: tags, preload: false });
    // Tooltips and menus are over the page, and in none of its landmarks.
    const isOverlay = (id, target) => id === 'region' && target.join().includes('data-overlay-container');
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .filter(({ target }) => !isOverlay(id, target))
        .map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
}

let source;
function axeSource() {
  source ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return source;
}

/** The scheme and the width that a screen is looked at in. */
export async function look(page, { scheme = 'light', width = 1280, height = 800 } = {}) {
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await page.setViewport({ width, height });
}

/** All schemes and widths that every screen is tested in. */
export const LOOKS = ['light', 'dark'].flatMap((scheme) => [360, 1280].map((width) => ({ scheme, width })));

/** How far the page is wider than the window: nothing may have to be scrolled sideways. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Answers requests of documents instead of the service. `respond` returns a response, or nothing to let it through. */
export async function intercept(page, respond) {
  await page.setRequestInterception(true);
  page.on('request', async (request) => {
    if (request.isInterceptResolutionHandled()) return;
    const isDocument = request.url() === `${SITE}/graphql` && request.method() === 'POST';
    const answer = isDocument && (await respond(JSON.parse(request.postData() ?? '{}'), request));
    if (!answer) return request.continue();
    if (answer === 'lost') return request.abort('connectionfailed');
    const { status = 200, headers = {}, body = '' } = answer;
    return request.respond({
      status,
      headers,
      contentType: typeof body === 'string' ? 'text/plain' : 'application/graphql-response+json',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  });
}

/** Takes a picture, if pictures are asked for. */
export async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

function escaped(name) {
  return name.replaceAll('"', '\\"');
}

/** The path of the browser. */
export function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  // The first one has no window, whose own pages would take as much time as the console.
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
  const folders = process.env.PATH.split(path.delimiter);
  for (const file of names.flatMap((name) => folders.map((folder) => path.join(folder, name)))) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Try the next one.
    }
  }
  throw new Error(`none of ${names.join(', ')} is on the PATH; name one in CHROMIUM`);
}
