// The board of a pipeline: what it shows, and what is done with steps by keys, by pointer and by touch.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql } from './support/api.mjs';
import {
  chooseInMenu,
  chooseOption,
  focusStep,
  keys,
  middleOf,
  selectedSteps,
  shownSteps,
  stepItem,
  until,
  waitForFocus,
  waitForSteps,
} from './support/board.mjs';
import { find, intercept, open, press, useBrowser, waitForText } from './support/browser.mjs';
import { withRefusedClipboard } from './support/clipboard.mjs';
import { anAgent, newPipeline } from './support/pipeline.mjs';

const tab = useBrowser();

const openBoard = (id, search = '') => open(tab.page, `/pipelines/${id}?view=board${search}`);

test('shows what each step does, in the order of the service', async () => {
  const { page } = tab;
  const agent = await anAgent();
  const { id } = await newPipeline({
    name: 'Sales',
    steps: [
      { name: 'New', agentId: agent.id, autoNextTime: 36, autoNextTimeUnit: 'h', defaultTags: ['lead'] },
      {
        name: 'Offer',
        trigger: 'asks for the price',
        webhookUrl: 'https://erp.example.com/hook?key=secret',
        initialMessage: 'It costs 10.',
        defaultStatus: 'HUMAN_REQUESTED',
        defaultAiControl: false,
        assigneeLogicType: 'clear',
        defaultTagsToRemove: ['lead'],
      },
      { name: 'End', isConversationRemovalStep: true },
    ],
  });
  await openBoard(id);
  await waitForSteps(page, ['New', 'Offer', 'End']);
  const textOf = async (name) =>
    (await stepItem(page, name)).evaluate((item) => item.innerText.replaceAll('\u00a0', ' '));

  const first = await textOf('New');
  assert.match(first, /^1\n/);
  assert.match(first, new RegExp(agent.name));
  assert.match(first, /Every conversation begins here/);
  assert.match(first, /36 h → the next step/);
  assert.match(first, /\+lead/);
  const second = await textOf('Offer');
  assert.match(second, /Keeps the agent/);
  assert.match(second, /asks for the price/);
  assert.match(second, /Person requested · AI off/);
  assert.match(second, /Takes the assignee away/);
  assert.match(second, /Sends a message/);
  assert.doesNotMatch(second, /It costs/);
  assert.match(second, /Calls erp\.example\.com/);
  assert.doesNotMatch(second, /secret/);
  assert.match(second, /−lead/);
  assert.match(await textOf('End'), /Takes the conversation out/);
  // The last step is reached by hand only.
  assert.match(await textOf('End'), /1 problem/);
});

test('the tour by keyboard alone: choose, open, move, duplicate, delete and undo', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C', 'D'] });
  await openBoard(pipeline.id);
  await focusStep(page, 'A');
  await page.keyboard.press('ArrowRight');
  await waitForFocus(page, 'B');
  await page.keyboard.press('End');
  await waitForFocus(page, 'D');
  await page.keyboard.press('Home');
  await waitForFocus(page, 'A');

  await page.keyboard.press(']');
  await waitForSteps(page, ['B', 'A', 'C', 'D']);
  await waitForFocus(page, 'A');
  await page.keyboard.press('[');
  await waitForSteps(page, ['A', 'B', 'C', 'D']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['A', 'B', 'C', 'D']));

  await page.keyboard.press('d');
  await waitForSteps(page, ['A', 'A', 'B', 'C', 'D']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['A', 'A', 'B', 'C', 'D']));
  await page.keyboard.press('u');
  await waitForSteps(page, ['A', 'B', 'C', 'D']);

  await focusStep(page, 'B');
  await page.keyboard.press('Delete');
  await find(page, 'Delete “B”?', 'alertdialog');
  await page.keyboard.press('Escape');
  await waitForFocus(page, 'B');
  await page.keyboard.press('Delete');
  await find(page, 'Delete “B”?', 'alertdialog');
  // What changes nothing has the focus first.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await waitForSteps(page, ['A', 'C', 'D']);
  await waitForFocus(page, 'C');
  await until(async () => assert.deepEqual(await pipeline.order(), ['A', 'C', 'D']));
  await keys(page, 'Control+z');
  await waitForSteps(page, ['A', 'B', 'C', 'D']);
  await keys(page, 'Control+Shift+z');
  await waitForSteps(page, ['A', 'C', 'D']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['A', 'C', 'D']));

  await focusStep(page, 'C');
  await page.keyboard.press('Enter');
  await page.waitForFunction((step) => new URLSearchParams(location.search).get('step') === step, {}, pipeline.ids.C);
});

test('the command palette acts on the step that had the focus', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await openBoard(pipeline.id);
  await focusStep(page, 'B');
  await keys(page, 'Control+k');
  await find(page, 'Commands', 'dialog');
  await page.keyboard.type('front by one');
  await page.keyboard.press('Enter');
  await waitForSteps(page, ['B', 'A', 'C']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['B', 'A', 'C']));
});

test('the same by a pointer, without dragging', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await openBoard(pipeline.id);
  await chooseInMenu(page, 'A', 'Move right');
  await waitForSteps(page, ['B', 'A', 'C']);
  await chooseInMenu(page, 'C', 'Move to the start');
  await waitForSteps(page, ['C', 'B', 'A']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['C', 'B', 'A']));
  await press(page, 'Undo: Move C');
  await waitForSteps(page, ['B', 'A', 'C']);
  await press(page, 'Undo: Move A');
  await waitForSteps(page, ['A', 'B', 'C']);
  await press(page, 'Redo: Move A');
  await waitForSteps(page, ['B', 'A', 'C']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['B', 'A', 'C']));

  await chooseInMenu(page, 'B', 'Move to…');
  await find(page, 'Move the step', 'dialog');
  await page.locator('::-p-text(After…)').click();
  await chooseOption(page, 'Step', 'C', '3 C');
  await press(page, 'Move');
  await waitForSteps(page, ['A', 'C', 'B']);

  await chooseInMenu(page, 'C', 'Duplicate');
  await waitForSteps(page, ['A', 'C', 'C', 'B']);
  await chooseInMenu(page, 'A', 'Delete…');
  await press(page, 'Delete');
  await waitForSteps(page, ['C', 'C', 'B']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['C', 'C', 'B']));
});

test('below a card is nothing to press', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: ['A', 'B'] });
  await openBoard(id);
  const card = await (await stepItem(page, 'B')).waitForSelector('.step-card');
  const { x, y, width, height } = await card.boundingBox();
  const below = { x: x + width / 2, y: y + height + 200 };
  await page.mouse.click(below.x, below.y);
  await (await (await stepItem(page, 'A')).waitForSelector('input[type=checkbox]')).click();
  await until(async () => assert.deepEqual(await selectedSteps(page), ['A']));
  await page.mouse.click(below.x, below.y);
  // What it does at once it does before the card is pressed.
  await page.mouse.click(x + width / 2, y + height - 10);
  await until(async () => assert.deepEqual(await selectedSteps(page), ['A', 'B']));
  assert.doesNotMatch(page.url(), /step=/);
});

test('the step that is opened is in sight beside its panel, also on the way back', async () => {
  const { page } = tab;
  const names = ['A', 'B', 'C', 'D', 'E'];
  const { id, ids } = await newPipeline({ steps: names });
  const scrollTo = (left) => page.$eval('.steps-grid', (grid, left) => grid.scrollTo({ left }), left);
  const openIsInSight = (name) =>
    until(async () => {
      assert.match(page.url(), new RegExp(`step=${ids[name]}`));
      const { x, width } = await (await stepItem(page, name)).boundingBox();
      const panel = await (await page.waitForSelector('.panel-side')).boundingBox();
      assert.ok(x >= 0 && x + width <= panel.x, `${name} is from ${x} to ${x + width}, the panel from ${panel.x}`);
    });
  await openBoard(id);
  await stepItem(page, 'A');
  // Once while the panel is still to be loaded, and once when it comes at once.
  for (const name of ['E', 'D']) {
    await scrollTo(9999);
    await (await (await stepItem(page, name)).waitForSelector('.step-card-tiles')).click();
    await page.waitForSelector('.panel-side');
    await openIsInSight(name);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.panel-side', { hidden: true });
  }
  await scrollTo(0);
  await page.goBack();
  await openIsInSight('D');
});

test('says which timers a deletion clears, and brings them back', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await graphql(
    `
      mutation ($id: ID!, $to: ID!) {
        updateCrmStep(id: $id, input: { autoNextStepId: $to, autoNextTime: 2, autoNextTimeUnit: d }) {
          userErrors {
            code
          }
        }
      }
    `,
    { id: pipeline.ids.A, to: pipeline.ids.C },
  );
  await openBoard(pipeline.id);
  await waitForText(page, '.steps-item', '2 d → 3 C');
  await chooseInMenu(page, 'C', 'Delete…');
  await waitForText(page, '[role=alertdialog]', 'The timer of A leads here, and is removed.');
  await press(page, 'Delete');
  await waitForSteps(page, ['A', 'B']);
  await waitForText(page, '.steps-item', '2 d', { isGone: true });
  await press(page, 'Undo: Delete C');
  await waitForSteps(page, ['A', 'B', 'C']);
  await waitForText(page, '.steps-item', '2 d → 3 C');
});

test('"the next step" of a timer follows the order at once', async () => {
  const { page } = tab;
  const timer = { autoNextTime: 5, autoNextTimeUnit: 'h' };
  const { id } = await newPipeline({ steps: [{ name: 'A', ...timer }, 'B'] });
  await openBoard(id);
  await waitForText(page, '.steps-item', '5 h → the next step');
  await focusStep(page, 'A');
  await page.keyboard.press(']');
  await waitForText(page, '.steps-item', '5 h → nowhere, it is the last step');
});

test('a mouse drags a step, and several that are selected', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C', 'D'] });
  await openBoard(pipeline.id);
  await waitForSteps(page, ['A', 'B', 'C', 'D']);
  await drag(page, await stepItem(page, 'C'), await stepItem(page, 'A'));
  await waitForSteps(page, ['C', 'A', 'B', 'D']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['C', 'A', 'B', 'D']));

  await (await (await stepItem(page, 'A')).waitForSelector('input[type=checkbox]')).click();
  await (await (await stepItem(page, 'D')).waitForSelector('input[type=checkbox]')).click();
  await drag(page, await stepItem(page, 'D'), await stepItem(page, 'C'));
  await waitForSteps(page, ['A', 'D', 'C', 'B']);
  assert.deepEqual(await selectedSteps(page), ['A', 'D']);
  await press(page, 'Undo: Move 2 steps');
  await waitForSteps(page, ['C', 'A', 'B', 'D']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['C', 'A', 'B', 'D']));
});

/** Drags from the card of one step to the first half of another. */
async function drag(page, from, to) {
  const start = await middleOf(await from.waitForSelector('.step-card'));
  const box = await to.boundingBox();
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x - 20, start.y, { steps: 4 });
  await page.mouse.move(box.x + 30, start.y, { steps: 10 });
  await page.waitForSelector('.steps-drop[data-drop-target]');
  await page.mouse.up();
}

test('keys drag a step from its handle', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C', 'D'] });
  await openBoard(pipeline.id);
  await focusStep(page, 'A');
  await page.keyboard.press('Tab');
  await find(page, 'Move A', 'button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.steps-drop[data-drop-target]');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await waitForSteps(page, ['B', 'C', 'A', 'D']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['B', 'C', 'A', 'D']));
});

test('Escape ends a drag by keys and keeps the selection, and other keys do nothing in it', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C', 'D'] });
  await openBoard(pipeline.id);
  for (const name of ['A', 'B', 'C']) {
    await focusStep(page, name);
    await page.keyboard.press('Space');
  }
  await page.keyboard.press('Tab');
  await page.waitForFunction(() => document.activeElement.matches('.step-handle button'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('.steps-drop[data-drop-target]');
  await page.keyboard.press('ArrowRight');
  for (const key of ['Delete', 'd', 'u', '?']) await page.keyboard.press(key);
  assert.equal(await page.$('[role=dialog], [role=alertdialog]'), null);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.steps-drop[data-drop-target]', { hidden: true });
  await page.waitForSelector('[data-dragging]', { hidden: true });
  assert.deepEqual(await selectedSteps(page), ['A', 'B', 'C']);
  assert.equal(await page.$('[role=dialog], [role=alertdialog]'), null);
  assert.deepEqual(await pipeline.order(), ['A', 'B', 'C', 'D']);
});

test('a finger drags a step by its handle', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await page.setViewport({ width: 700, height: 800, hasTouch: true });
  await openBoard(pipeline.id);
  await waitForSteps(page, ['A', 'B', 'C']);
  const start = await middleOf(await (await stepItem(page, 'A')).waitForSelector('.step-handle'));
  const box = await (await stepItem(page, 'B')).boundingBox();
  await page.touchscreen.touchStart(start.x, start.y);
  for (let step = 1; step <= 5; step += 1) {
    await page.touchscreen.touchMove(start.x + ((box.x + box.width * 0.8 - start.x) * step) / 5, start.y + 5);
  }
  await page.waitForSelector('.steps-drop-touch');
  await page.touchscreen.touchEnd();
  await waitForSteps(page, ['B', 'A', 'C']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['B', 'A', 'C']));
});

test('a move that is refused goes back, and says so', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await openBoard(pipeline.id);
  await focusStep(page, 'A');
  await intercept(page, async ({ operationName }) => {
    if (operationName !== 'useMoveStepsMutation') return undefined;
    // Somebody deletes the neighbour before the move arrives.
    await graphql('mutation($id: ID!) { deleteCrmStep(id: $id) { userErrors { code } } }', { id: pipeline.ids.B });
    return undefined;
  });
  await page.keyboard.press(']');
  await waitForSteps(page, ['A', 'C']);
  await waitForText(page, '.toast', 'The step was not moved');
});

test('a link that the browser does not copy is no success, and the page says so', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A'] });
  await withRefusedClipboard(page);
  await openBoard(pipeline.id);
  const isSaid = async () => {
    await waitForText(page, '.toast-danger', 'Nothing has been copied');
    assert.equal(await page.$('.toast:not(.toast-danger)'), null);
    await page.click('.toast-danger [aria-label="Close"]');
    await page.waitForSelector('.toast', { hidden: true });
  };
  await chooseInMenu(page, 'A', 'Copy link');
  await isSaid();
  await press(page, 'More');
  await press(page, 'Copy link', 'menuitem');
  await isSaid();
  await focusStep(page, 'A');
  await page.keyboard.press('e');
  await press(page, 'More for this step');
  await press(page, 'Copy link', 'menuitem');
  await isSaid();
});

test('the names of steps are links', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B'] });
  await openBoard(pipeline.id);
  const link = await (await stepItem(page, 'B')).waitForSelector('a');
  assert.equal(
    await link.evaluate((element) => element.getAttribute('href')),
    `/console/pipelines/${pipeline.id}?view=board&step=${pipeline.ids.B}`,
  );
  assert.deepEqual(await shownSteps(page), ['A', 'B']);
});
