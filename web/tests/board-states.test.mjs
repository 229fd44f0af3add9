// The board with nothing on it, with a thousand steps, while it loads, and as everybody has to be able to see it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forward, graphql, TOKEN } from './support/api.mjs';
import { focusStep, stepItem, waitForFocus, waitForSteps } from './support/board.mjs';
import { CONSOLE, find, intercept, open, picture, press, useBrowser, waitForText } from './support/browser.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { anAgent, manySteps, newPipeline } from './support/pipeline.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';

const tab = useBrowser();

const openBoard = (id, search = '') => open(tab.page, `/pipelines/${id}?view=board${search}`);

test('a board of 1,000 steps has at most 500 elements in the document', async () => {
  const { page } = tab;
  const { id: agentId } = await anAgent();
  const { id } = await newPipeline({ steps: manySteps(1000, agentId) });
  await openBoard(id);
  await stepItem(page, 'Step 1');
  const count = () => page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok((await count()) <= 500, `at the start ${await count()}`);
  await focusStep(page, 'Step 1');
  await page.keyboard.press('End');
  await waitForFocus(page, 'Step 1000');
  assert.ok((await count()) <= 500, `at the end ${await count()}`);
  await page.$eval('.steps-grid', (grid) => grid.scrollTo({ left: grid.scrollWidth / 2 }));
  await stepItem(page, 'Step 500');
  assert.ok((await count()) <= 500, `in the middle ${await count()}`);
  await press(page, 'List', 'link');
  await page.waitForSelector('.steps-list .steps-item');
  assert.ok((await count()) <= 500, `as a list ${await count()}`);
  await page.$eval('.steps-grid', (grid) => grid.scrollTo({ top: grid.scrollHeight / 2 }));
  await stepItem(page, 'Step 500');
  assert.ok((await count()) <= 500, `in the middle of the list ${await count()}`);
});

test('a page that loads has the shape of the board, and one that fails can be tried again', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: ['A'] });
  let answer;
  const held = new Promise((resolve) => {
    answer = resolve;
  });
  let isFirst = true;
  await intercept(page, async ({ operationName }) => {
    if (operationName !== 'PipelinePageQuery' || !isFirst) return undefined;
    isFirst = false;
    return held;
  });
  await page.goto(`${CONSOLE}/pipelines/${id}?view=board#token=${TOKEN}`);
  await page.waitForSelector('.pane-late .pipeline-skeleton');
  await picture(page, 'board-loading');
  answer({ status: 500, body: { errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL' } }] } });
  await waitForText(page, '.state', 'Try again');
  await picture(page, 'board-failed');
  tab.expectProblem(/500/);
  await press(page, 'Try again');
  await waitForSteps(page, ['A']);
});

test('says how many steps there are if they are more than it shows', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: ['A', 'B'] });
  // An operator may permit more than 1,000, which would take long to create.
  await intercept(page, async (request) => {
    if (request.operationName !== 'PipelinePageQuery') return undefined;
    const body = await forward(request);
    body.data.crmScenario.stepCount = 1001;
    return { body };
  });
  await openBoard(id);
  await waitForText(page, '.pipeline-limit', 'The first 2 of 1,001 steps are shown.');
  await press(page, 'List', 'link');
  await page.waitForSelector('.steps-list .steps-item');
  await waitForText(page, '.pipeline-limit', 'The first 2 of 1,001 steps are shown.');
});

test('names in a script from right to left begin where the others do', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ name: 'מכירות', steps: ['שלב', 'Lead'] });
  const starts = (selector) =>
    page.$$eval(selector, (names) =>
      names.map((name) => {
        const range = document.createRange();
        range.selectNodeContents(name);
        return Math.round(range.getBoundingClientRect().left - name.getBoundingClientRect().left);
      }),
    );
  await openBoard(id);
  await waitForSteps(page, ['שלב', 'Lead']);
  assert.deepEqual(await starts('.step-card-name'), [0, 0]);
  await press(page, 'List', 'link');
  await page.waitForSelector('.steps-list .steps-item');
  assert.deepEqual(await starts('.step-row-name:not(.step-row-head *)'), [0, 0]);
  assert.deepEqual(await starts('h1'), [0]);
});

test('the shape of the board follows that of the page without a gap', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: ['A'] });
  await page.evaluateOnNewDocument(() => {
    window.seen = [];
    new MutationObserver(() => {
      const shape = document.querySelector('.pipeline-skeleton');
      if (shape !== null) window.seen.push(getComputedStyle(shape).visibility);
    }).observe(document, { childList: true, subtree: true });
  });
  const held = () => {
    let release;
    return { until: new Promise((resolve) => (release = resolve)), release: () => release() };
  };
  const [code, data] = [held(), held()];
  await page.setRequestInterception(true);
  page.on('request', async (request) => {
    if (/\/PipelinePage-[^/]*\.js$/.test(request.url())) await code.until;
    if (request.postData()?.includes('PipelinePageQuery')) await data.until;
    await request.continue();
  });
  await page.goto(`${CONSOLE}/pipelines/${id}?view=board#token=${TOKEN}`);
  await page.waitForSelector('.pane-late .skeleton');
  code.release();
  await page.waitForSelector('.pipeline-skeleton');
  assert.equal(await page.evaluate(() => window.seen[0]), 'visible');
  data.release();
  await waitForSteps(page, ['A']);
});

test('keys move a step while the panel of another one still loads', async () => {
  const { page } = tab;
  const { id, ids } = await newPipeline({ steps: ['A', 'B', 'C'] });
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await intercept(page, async ({ operationName }) => {
    if (operationName === 'stepReaderQuery') await held;
  });
  await open(page, `/pipelines/${id}?view=board&step=${ids.C}`);
  // It takes the focus as soon as it is there.
  await page.waitForFunction(() => document.activeElement.matches('.panel-title'));
  await focusStep(page, 'A');
  await page.keyboard.press(']');
  await waitForSteps(page, ['B', 'A', 'C']);
  assert.equal(await page.$('.step-form'), null);
  release();
  await page.waitForSelector('.step-form');
});

test('an empty pipeline says what a step is, and has one button', async () => {
  const { page } = tab;
  const { id } = await newPipeline();
  await openBoard(id);
  await waitForText(page, '.state', 'A step is a stage that conversations go through.');
  await press(page, 'Create the first step');
  await page.waitForFunction(() => new URLSearchParams(location.search).get('step') === 'new');
});

test('a deleted pipeline says who has deleted it, and comes back', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ name: 'Short lived', steps: ['A'] });
  await graphql('mutation($id: ID!) { deleteCrmScenario(id: $id, expectedStepCount: 1) { userErrors { code } } }', {
    id,
  });
  await open(page, `/pipelines/${id}`);
  await waitForText(page, '.state', '“Short lived” has been deleted');
  await checkScreen(page, 'board-gone');
  await press(page, 'Restore');
  await waitForSteps(page, ['A']);
});

test('a pipeline that never was says so', async () => {
  const { page } = tab;
  await open(page, '/pipelines/019a0000-0000-7000-8000-00000000ffff');
  await waitForText(page, '.state', 'This pipeline is not there');
  await find(page, 'All pipelines', 'link');
});

testLooks('no violation of WCAG, in each state', tab, async (page, suffix) => {
  const { id: agentId } = await anAgent();
  const { id } = await newPipeline({ name: 'Looks', steps: manySteps(6, agentId) });
  await openBoard(id);
  await stepItem(page, 'Step 1');
  await checkScreen(page, `board-${suffix}`);

  await focusStep(page, 'Step 1');
  await page.keyboard.press('Space');
  await page.waitForSelector('.bulk-bar');
  await checkScreen(page, `board-selection-${suffix}`);

  await (await (await stepItem(page, 'Step 1')).waitForSelector('.step-menu')).click();
  await find(page, 'Duplicate', 'menuitem');
  await checkScreen(page, `board-menu-${suffix}`);
  await press(page, 'Delete…', 'menuitem');
  await page.waitForSelector('[role=alertdialog]');
  await checkScreen(page, `board-question-${suffix}`);
});

test('every text is a message', async () => {
  const { page } = tab;
  const { id: agentId } = await anAgent();
  const { id } = await newPipeline({ name: 'Words', steps: manySteps(3, agentId) });
  await usePseudoLocale(page);
  await openBoard(id);
  await page.waitForSelector('.steps-item');
  assert.deepEqual(await untranslated(page), []);
  await page.keyboard.press('Tab');
  await page.focus('.steps-item');
  await page.keyboard.press('Space');
  await page.waitForSelector('.bulk-bar');
  assert.deepEqual(await untranslatedHere(page), []);
  await page.click('.step-menu');
  await page.waitForSelector('[role=menu]');
  assert.deepEqual(await untranslatedHere(page), []);
});

/** Without the words of React Aria, which it has in both languages itself. */
async function untranslatedHere(page) {
  const texts = await untranslated(page);
  return texts.filter((text) => !/^(div: Step 1 selected\.|button aria-label: Dismiss)$/.test(text));
}

test('forced colours show the selection and the focus', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ name: 'Contrast', steps: ['A', 'B', 'C'] });
  const session = await page.createCDPSession();
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  await openBoard(id);
  await focusStep(page, 'A');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await waitForFocus(page, 'B');
  await picture(page, 'board-forced-colors');
  const outline = await page.$eval(
    '.steps-item[aria-label="Step: B"] .step-card',
    (card) => getComputedStyle(card).outlineStyle,
  );
  assert.equal(outline, 'solid');
  const border = await page.$eval(
    '.steps-item[aria-label="Step: A"] .step-card',
    (card) => getComputedStyle(card).borderTopWidth,
  );
  assert.equal(border, '3px');
});
