// The board of a pipeline: what it shows, and what is done with steps by keys, by pointer and by touch.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql, TOKEN } from './support/api.mjs';
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
import { axe, CONSOLE, find, intercept, LOOKS, look, open, overflow, picture, press, useBrowser, waitForText } from './support/browser.mjs';
import { anAgent, manySteps, newPipeline } from './support/pipeline.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';

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
  const textOf = async (name) => (await stepItem(page, name)).evaluate((item) => item.innerText.replaceAll('\u00a0', ' '));

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

test('says which timers a deletion clears, and brings them back', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await graphql(
    `mutation($id: ID!, $to: ID!) {
      updateCrmStep(id: $id, input: { autoNextStepId: $to, autoNextTime: 2, autoNextTimeUnit: d }) { userErrors { code } }
    }`,
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

/** Drags from one element to the first half of another. */
async function drag(page, from, to) {
  const start = await middleOf(from);
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

test('several steps are changed at once, and all get back what they had', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({
    steps: [{ name: 'A', defaultStatus: 'RESOLVED' }, 'B', { name: 'C', defaultPriority: 'LOW' }, 'D'],
  });
  const stored = async () => {
    const { crmScenario } = await graphql(
      '{ crmScenario(id: "ID") { steps { nodes { defaultStatus defaultPriority agentId } } } }'.replace('ID', pipeline.id),
    );
    return crmScenario.steps.nodes;
  };
  const before = await stored();
  await openBoard(pipeline.id);
  await focusStep(page, 'A');
  await page.keyboard.press('Space');
  await keys(page, 'Shift+ArrowRight');
  await keys(page, 'Shift+ArrowRight');
  assert.deepEqual(await selectedSteps(page), ['A', 'B', 'C']);
  await waitForText(page, '.bulk-bar', '3 selected');

  await press(page, 'Set status');
  await press(page, 'Unresolved', 'menuitem');
  await until(async () => assert.deepEqual(
    (await stored()).map(({ defaultStatus }) => defaultStatus),
    ['UNRESOLVED', 'UNRESOLVED', 'UNRESOLVED', null],
  ));
  assert.deepEqual(await selectedSteps(page), ['A', 'B', 'C'], 'they stay selected');
  await press(page, 'Set priority');
  await press(page, 'High', 'menuitem');
  await until(async () => assert.equal((await stored())[2].defaultPriority, 'HIGH'));

  const agent = await anAgent();
  await press(page, 'Set agent…');
  await chooseOption(page, 'Agent', agent.name, agent.name);
  await press(page, 'Set');
  await until(async () => assert.equal((await stored())[1].agentId, agent.id));

  for (let count = 0; count < 3; count += 1) await keys(page, 'Control+z');
  await until(async () => assert.deepEqual(await stored(), before));

  await focusStep(page, 'A');
  await keys(page, 'Control+a');
  await waitForText(page, '.bulk-bar', '4 selected');
  await press(page, 'Clear the selection');
  assert.deepEqual(await selectedSteps(page), []);
});

test('several steps are deleted at once, and come back in their places', async () => {
  const { page } = tab;
  const names = ['A', 'B', 'C', 'D', 'E'];
  const pipeline = await newPipeline({ steps: names });
  await openBoard(pipeline.id);
  for (const name of ['A', 'C', 'D']) {
    await focusStep(page, name);
    await page.keyboard.press('Space');
  }
  await page.keyboard.press('Delete');
  await find(page, 'Delete 3 steps?', 'alertdialog');
  await press(page, 'Delete 3 steps');
  await waitForSteps(page, ['B', 'E']);
  await waitForFocus(page, 'B');
  await keys(page, 'Control+z');
  await waitForSteps(page, names);
  await until(async () => assert.deepEqual(await pipeline.order(), names));
});

test('nothing is changed that somebody else has changed meanwhile, and it says what to do', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B'] });
  await openBoard(pipeline.id);
  await focusStep(page, 'A');
  await keys(page, 'Control+a');
  let isFirst = true;
  await intercept(page, async ({ operationName }) => {
    if (!isFirst || !['useUpdateStepsMutation', 'useSendDeletionMutation'].includes(operationName)) return undefined;
    isFirst = false;
    const change = { id: pipeline.ids.B, input: { prompt: `Changed before ${operationName}.` } };
    await graphql(
      'mutation($id: ID!, $input: UpdateCrmStepInput!) { updateCrmStep(id: $id, input: $input) { userErrors { code } } }',
      change,
    );
    return undefined;
  });
  await press(page, 'Set status');
  await press(page, 'Resolved', 'menuitem');
  await waitForText(page, '.toast', 'Somebody has changed B in the meantime.');

  isFirst = true;
  await page.keyboard.press('Delete');
  await press(page, 'Delete 2 steps');
  await waitForText(page, '[role=alertdialog]', 'Somebody has changed B in the meantime.');
  assert.deepEqual(await pipeline.order(), ['A', 'B']);
  await press(page, 'Delete 2 steps');
  await waitForText(page, '.state', 'This pipeline has no steps yet');
});

test('more steps than one call takes are not offered', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: Array.from({ length: 101 }, (_, index) => `S${index}`) });
  await openBoard(id);
  await focusStep(page, 'S0');
  await keys(page, 'Control+a');
  await waitForText(page, '.bulk-bar', '101 selected');
  await waitForText(page, '.bulk-bar', 'At most 100 steps can be changed at once.');
  assert.equal(await page.$eval('.bulk-bar button', (button) => button.ariaDisabled), 'true');
});

test('the filter finds by name, agent, problem and by what only the service knows; the address has it', async () => {
  const { page } = tab;
  const agent = await anAgent();
  const { id } = await newPipeline({
    steps: [
      { name: 'Início', agentId: agent.id },
      { name: 'Preço', trigger: 'asks for it', prompt: 'Mention the warranty.' },
      { name: 'End', trigger: 'wants to stop', initialMessage: 'Goodbye, zebra.' },
    ],
  });
  await openBoard(id);
  await waitForSteps(page, ['Início', 'Preço', 'End']);
  await focusStep(page, 'Início');
  await page.keyboard.press('/');
  await page.keyboard.type('preco');
  await waitForSteps(page, ['Preço']);
  await waitForText(page, '.filter-bar-count', '1 of 3');
  await page.waitForFunction(() => new URLSearchParams(location.search).get('q') === 'preco');
  await page.keyboard.press('Escape');
  await waitForSteps(page, ['Início', 'Preço', 'End']);
  await page.keyboard.type('zebra');
  await waitForSteps(page, ['End']);
  await waitForText(page, '.steps-item', 'Found in its prompt or messages');
  await page.keyboard.type(' nowhere');
  await waitForText(page, '.state', 'No step matches the filter');
  await press(page, 'Clear the filter');
  await waitForSteps(page, ['Início', 'Preço', 'End']);

  await press(page, 'Filter');
  await press(page, agent.name, 'menuitem');
  await waitForSteps(page, ['Início']);
  assert.equal(new URL(page.url()).searchParams.get('agent'), agent.id);
  await page.reload();
  await waitForSteps(page, ['Início']);
  await press(page, agent.name);
  await press(page, 'Without an agent', 'menuitem');
  await waitForSteps(page, ['Preço', 'End']);
  await press(page, 'Clear the filter');
  await press(page, 'Filter');
  await press(page, 'With problems', 'menuitem');
  await until(async () => assert.equal(new URL(page.url()).searchParams.get('only'), 'problems'));
});

test('the view keeps the selection, the filter and the open step', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['Red', 'Blue', 'Redder'] });
  await openBoard(pipeline.id, '&q=red');
  await waitForSteps(page, ['Red', 'Redder']);
  await focusStep(page, 'Redder');
  await page.keyboard.press('Space');
  await press(page, 'List', 'link');
  await page.waitForSelector('.steps-list');
  await waitForSteps(page, ['Red', 'Redder']);
  assert.deepEqual(await selectedSteps(page), ['Redder']);
  await press(page, 'Board', 'link');
  await page.waitForSelector('.steps-board');
  assert.deepEqual(await selectedSteps(page), ['Redder']);
  assert.equal(new URL(page.url()).searchParams.get('q'), 'red');
});

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
  await graphql(
    'mutation($id: ID!) { deleteCrmScenario(id: $id, expectedStepCount: 1) { userErrors { code } } }',
    { id },
  );
  await open(page, `/pipelines/${id}`);
  await waitForText(page, '.state', '“Short lived” has been deleted');
  await picture(page, 'board-gone');
  assert.deepEqual(await axe(page), []);
  await press(page, 'Restore');
  await waitForSteps(page, ['A']);
});

test('a pipeline that never was says so', async () => {
  const { page } = tab;
  await open(page, '/pipelines/019a0000-0000-7000-8000-00000000ffff');
  await waitForText(page, '.state', 'This pipeline is not there');
  await find(page, 'All pipelines', 'link');
});

test('no violation of WCAG, in both schemes and at both widths, in each state', async () => {
  const { page } = tab;
  const { id: agentId } = await anAgent();
  const { id } = await newPipeline({ name: 'Looks', steps: manySteps(6, agentId) });
  for (const { scheme, width } of LOOKS) {
    await look(page, { scheme, width });
    await openBoard(id);
    const name = `board-${scheme}-${width}`;
    await stepItem(page, 'Step 1');
    assert.deepEqual(await axe(page), [], name);
    assert.ok((await overflow(page)) <= 0, `${name} is not wider than the window`);
    await picture(page, name);

    await focusStep(page, 'Step 1');
    await page.keyboard.press('Space');
    await page.waitForSelector('.bulk-bar');
    assert.deepEqual(await axe(page), [], `${name} with a selection`);
    assert.ok((await overflow(page)) <= 0, `${name} with a selection is not wider than the window`);
    await picture(page, `${name}-selection`);

    await (await (await stepItem(page, 'Step 1')).waitForSelector('.step-menu')).click();
    await find(page, 'Duplicate', 'menuitem');
    assert.deepEqual(await axe(page), [], `${name} with a menu`);
    await picture(page, `${name}-menu`);
    await press(page, 'Delete…', 'menuitem');
    await page.waitForSelector('[role=alertdialog]');
    assert.deepEqual(await axe(page), [], `${name} with a question`);
    await picture(page, `${name}-question`);
  }
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
  const outline = await page.$eval('.steps-item[aria-label="Step: B"] .step-card', (card) => getComputedStyle(card).outlineStyle);
  assert.equal(outline, 'solid');
  const border = await page.$eval('.steps-item[aria-label="Step: A"] .step-card', (card) => getComputedStyle(card).borderTopWidth);
  assert.equal(border, '3px');
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
