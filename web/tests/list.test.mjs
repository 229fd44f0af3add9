// The steps of a pipeline as a list: the same list as the board, in rows, and for narrow windows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chooseInMenu,
  focusStep,
  keys,
  middleOf,
  selectedSteps,
  stepItem,
  until,
  waitForFocus,
  waitForSteps,
} from './support/board.mjs';
import { find, open, overflow, picture, press, textOf, useBrowser, waitForText } from './support/browser.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { anAgent, manySteps, newPipeline } from './support/pipeline.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';
import { newOrganization, newToken } from './support/tokens.mjs';

const tab = useBrowser();

const openList = (id, search = '') => open(tab.page, `/pipelines/${id}?view=list${search}`);

test('each row says who answers, when one enters, where it goes, what is set and what is wrong', async () => {
  const { page } = tab;
  const agent = await anAgent();
  const { id } = await newPipeline({ steps: manySteps(3, agent.id) });
  await openList(id);
  await waitForSteps(page, ['Step 1', 'Step 2', 'Step 3']);
  const row = await (await stepItem(page, 'Step 2')).evaluate((item) => item.innerText.replaceAll('\u00a0', ' '));
  for (const part of [
    '2',
    'Step 2',
    agent.name,
    'The customer asks for product 2',
    '2 d → the next step',
    'Unresolved · Priority: Medium',
    '+lead, +product-2, −new',
  ]) {
    assert.ok(row.includes(part), `${part} is in ${row}`);
  }
  // Its timer leads nowhere.
  await waitForText(page, '.steps-item[aria-label="Step: Step 3"]', '1 problem');
  assert.match(await textOf(page, '.step-row-head'), /Step\s+Agent\s+Trigger\s+Then\s+Sets\s+Tags\s+Problems/);
});

test('the same keys as on the board, up and down', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await openList(pipeline.id);
  await focusStep(page, 'A');
  await page.keyboard.press('ArrowDown');
  await waitForFocus(page, 'B');
  await page.keyboard.press(']');
  await waitForSteps(page, ['A', 'C', 'B']);
  await waitForFocus(page, 'B');
  await page.keyboard.press('Space');
  await keys(page, 'Shift+ArrowUp');
  assert.deepEqual(await selectedSteps(page), ['C', 'B']);
  await page.keyboard.press('[');
  await waitForSteps(page, ['C', 'B', 'A']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['C', 'B', 'A']));
  await page.keyboard.press('Escape');
  assert.deepEqual(await selectedSteps(page), []);
  await page.keyboard.press('v');
  await page.waitForFunction(() => new URLSearchParams(location.search).get('view') === 'flow');
});

test('beside a panel the rows are cards, as in a narrow window', async () => {
  const { page } = tab;
  const { id, ids } = await newPipeline({ steps: ['A', 'B'] });
  await openList(id);
  await page.waitForSelector('.step-row-head');
  await open(page, `/pipelines/${id}?view=list&step=${ids.B}`);
  await page.waitForSelector('.panel-side');
  await page.waitForSelector('.step-row-head', { hidden: true });
  assert.equal((await (await stepItem(page, 'B')).boundingBox()).height, 100);
  await picture(page, 'list-beside-panel');
  assert.equal(await page.$eval('.step-row-tags', (tags) => getComputedStyle(tags).display), 'none');
  await press(page, 'Close');
  await page.waitForSelector('.step-row-head');
});

test('a mouse drags rows, and the menu moves them up and down', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await openList(pipeline.id);
  await chooseInMenu(page, 'A', 'Move down');
  await waitForSteps(page, ['B', 'A', 'C']);
  const start = await middleOf(await stepItem(page, 'C'));
  const box = await (await stepItem(page, 'B')).boundingBox();
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x, start.y - 10, { steps: 3 });
  await page.mouse.move(start.x, box.y + 5, { steps: 8 });
  await page.waitForSelector('.steps-drop[data-drop-target]');
  await page.mouse.up();
  await waitForSteps(page, ['C', 'B', 'A']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['C', 'B', 'A']));
});

test('on a phone the list is what one sees first; a finger selects, opens and drags', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await page.setViewport({ width: 360, height: 800, hasTouch: true, isMobile: true });
  await open(page, `/pipelines/${pipeline.id}`);
  await page.waitForSelector('.steps-list');
  await waitForSteps(page, ['A', 'B', 'C']);
  await (await (await stepItem(page, 'C')).waitForSelector('.step-checkbox')).tap();
  await waitForText(page, '.bulk-bar', '1 selected');
  await (await page.waitForSelector('.bulk-bar [aria-label="Clear the selection"]')).tap();
  await page.waitForSelector('.bulk-bar', { hidden: true });
  await (await stepItem(page, 'B')).tap();
  await page.waitForFunction((step) => new URLSearchParams(location.search).get('step') === step, {}, pipeline.ids.B);
  await find(page, 'Step 2 of 3: B', 'dialog');
  await (await find(page, 'Close', 'button')).tap();
  await page.waitForSelector('.step-panel', { hidden: true });

  // Last, because the browser takes a tap right after it for the second one of a double tap.
  const start = await middleOf(await (await stepItem(page, 'A')).waitForSelector('.step-handle'));
  const box = await (await stepItem(page, 'C')).boundingBox();
  await page.touchscreen.touchStart(start.x, start.y);
  for (let step = 1; step <= 5; step += 1) {
    await page.touchscreen.touchMove(start.x, start.y + ((box.y + box.height * 0.8 - start.y) * step) / 5);
  }
  await page.waitForSelector('.steps-drop-touch');
  await page.touchscreen.touchEnd();
  await waitForSteps(page, ['B', 'C', 'A']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['B', 'C', 'A']));
});

test('at a zoom of 400 % everything can be reached without scrolling sideways', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: ['A', 'B', 'C'] });
  // 1,280 × 1,024 at 400 %.
  await page.setViewport({ width: 320, height: 256 });
  await open(page, `/pipelines/${id}`);
  await page.waitForSelector('.steps-list');
  assert.ok((await overflow(page)) <= 0);
  await focusStep(page, 'A');
  await page.keyboard.press('End');
  await waitForFocus(page, 'C');
  const boxOfFocus = async () => (await stepItem(page, 'C')).boundingBox();
  await until(async () => {
    const { y, height } = await boxOfFocus();
    assert.ok(y >= 0 && y + height <= 256, `the step with the focus is in the window: ${y}`);
  });
  await checkScreen(page, 'list-zoom');
});

test('deep links lead to the view, the filter and the step, also one far away', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: manySteps(120) });
  await openList(pipeline.id, `&step=${pipeline.ids['Step 100']}`);
  await stepItem(page, 'Step 100');
  await waitForText(page, '.step-panel', 'Step 100 of 120: Step 100');
  await press(page, 'Board', 'link');
  await page.waitForSelector('.steps-board');
  await waitForText(page, '.step-panel', 'Step 100 of 120: Step 100');
  await page.goBack();
  await page.waitForSelector('.steps-list');
  await press(page, 'Close');
  await page.waitForSelector('.step-panel', { hidden: true });
  await waitForFocus(page, 'Step 100');
});

test('a token that may only read changes nothing, and says why', async () => {
  const { page } = tab;
  const organization = newOrganization();
  const writer = newToken({ organization });
  const { id } = await newPipeline({ steps: ['A', 'B'], token: writer });
  const reader = newToken({ organization, scopes: ['read'] });
  await open(page, `/pipelines/${id}?view=list`, reader);
  await waitForSteps(page, ['A', 'B']);
  assert.equal(await page.$('.step-handle'), null, 'nothing can be dragged');
  assert.equal(await page.$('.steps-item[draggable=true]'), null);
  const create = await find(page, 'New step', 'button');
  assert.equal(await create.evaluate((button) => button.ariaDisabled), 'true');
  await (await (await stepItem(page, 'A')).waitForSelector('.step-menu')).click();
  const remove = await find(page, 'Delete…', 'menuitem');
  assert.equal(await remove.evaluate((item) => item.ariaDisabled), 'true');
  await waitForText(page, '[role=menu]', 'Your token may only read.');
  await page.keyboard.press('Escape');
  await focusStep(page, 'A');
  await page.keyboard.press(']');
  await page.keyboard.press('d');
  await page.keyboard.press('Space');
  await waitForText(page, '.bulk-bar', 'Your token may only read');
  await press(page, 'Board', 'link');
  await page.waitForSelector('.steps-board');
  assert.equal(await page.$('.step-card-add'), null);
  await waitForSteps(page, ['A', 'B']);
  await checkScreen(page, 'board-read-only');
});

testLooks('no violation of WCAG', tab, async (page, suffix) => {
  const { id: agentId } = await anAgent();
  const { id } = await newPipeline({ name: 'Looks', steps: manySteps(20, agentId) });
  await openList(id);
  await stepItem(page, 'Step 1');
  await checkScreen(page, `list-${suffix}`);
  await focusStep(page, 'Step 1');
  await page.keyboard.press('Space');
  await page.waitForSelector('.bulk-bar');
  await checkScreen(page, `list-selection-${suffix}`);
});

test('every text is a message', async () => {
  const { page } = tab;
  const { id: agentId } = await anAgent();
  const { id } = await newPipeline({ name: 'Words', steps: manySteps(3, agentId) });
  await usePseudoLocale(page);
  await openList(id);
  await page.waitForSelector('.steps-item');
  assert.deepEqual(await untranslated(page), []);
});

test('in Portuguese too', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: [{ name: 'A', autoNextTime: 2, autoNextTimeUnit: 'd' }, 'B'] });
  await page.evaluateOnNewDocument(() => localStorage.setItem('crm-steps:language', 'pt-BR'));
  await openList(id);
  await waitForText(page, '.steps-item', '2 d → a próxima etapa');
  await find(page, 'Nova etapa', 'button');
  await find(page, 'Quadro', 'link');
  await picture(page, 'list-pt-BR');
});
