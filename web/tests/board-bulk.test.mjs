// What is done with several steps of a board at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql } from './support/api.mjs';
import {
  chooseOption,
  focusStep,
  keys,
  selectedSteps,
  stepItem,
  until,
  waitForFocus,
  waitForSteps,
} from './support/board.mjs';
import { find, intercept, open, press, useBrowser, waitForText } from './support/browser.mjs';
import { anAgent, newPipeline } from './support/pipeline.mjs';

const tab = useBrowser();

const openBoard = (id, search = '') => open(tab.page, `/pipelines/${id}?view=board${search}`);

test('several steps are changed at once, and all get back what they had', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({
    steps: [{ name: 'A', defaultStatus: 'RESOLVED' }, 'B', { name: 'C', defaultPriority: 'LOW' }, 'D'],
  });
  const stored = async () => {
    const { crmScenario } = await graphql(
      '{ crmScenario(id: "ID") { steps { nodes { defaultStatus defaultPriority agentId } } } }'.replace(
        'ID',
        pipeline.id,
      ),
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
  await until(async () =>
    assert.deepEqual(
      (await stored()).map(({ defaultStatus }) => defaultStatus),
      ['UNRESOLVED', 'UNRESOLVED', 'UNRESOLVED', null],
    ),
  );
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
  await keys(page, 'Control+k');
  await find(page, 'Commands', 'dialog');
  await page.keyboard.type('set agent');
  await page.keyboard.press('Enter');
  await find(page, 'Agent of 4 steps', 'dialog');
  await press(page, 'Cancel');
  await page.waitForFunction(() => document.querySelector('[role=dialog]') === null);
  await press(page, 'Clear the selection');
  assert.deepEqual(await selectedSteps(page), []);
});

test('keys act while the checkbox of a step has the focus: letters, and Escape takes the selection away', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: ['A', 'B'] });
  await open(page, `/pipelines/${id}?view=board`);
  await (await (await stepItem(page, 'A')).waitForSelector('input[type=checkbox]')).click();
  await page.waitForSelector('.bulk-bar');
  assert.equal(await page.evaluate(() => document.activeElement.type), 'checkbox');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.bulk-bar', { hidden: true });
  assert.equal(await page.evaluate(() => document.activeElement.type), 'checkbox');
  await page.keyboard.press('?');
  await find(page, 'Keyboard shortcuts', 'dialog');
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
    const isChange = ['useUpdateStepsMutation', 'useStepLifecycleDeleteMutation'].includes(operationName);
    if (!isFirst || !isChange) return undefined;
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
