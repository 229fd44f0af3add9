// Two people with the same pipeline: what one does is there for the other, without a reload.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forward, graphql } from './support/api.mjs';
import {
  chooseInMenu,
  focusStep,
  selectedSteps,
  shownSteps,
  until,
  waitForFocus,
  waitForSteps,
} from './support/board.mjs';
import { find, intercept, open, picture, press, useBrowser, waitForText } from './support/browser.mjs';
import { newPipeline } from './support/pipeline.mjs';

const tab = useBrowser();

/** A second browser with the same pipeline. */
async function another(id, search = '?view=board') {
  const context = await tab.browser.createBrowserContext();
  const page = await tab.newPage(context);
  await open(page, `/pipelines/${id}${search}`);
  return { page, close: () => context.close() };
}

const isLive = (page) => page.waitForSelector('.live-mark-live');

test('what the other creates, changes, moves, deletes and restores appears, and focus and selection stay', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await isLive(page);
  await focusStep(page, 'B');
  await page.keyboard.press('Space');
  const other = await another(pipeline.id);
  await isLive(other.page);

  await chooseInMenu(other.page, 'C', 'Duplicate');
  await waitForSteps(page, ['A', 'B', 'C', 'C']);
  await waitForFocus(page, 'B');
  await press(other.page, 'Undo: Duplicate C');
  await waitForSteps(page, ['A', 'B', 'C']);

  await chooseInMenu(other.page, 'A', 'Move to the end');
  await waitForSteps(page, ['B', 'C', 'A']);
  await waitForFocus(page, 'B');
  assert.deepEqual(await selectedSteps(page), ['B']);

  await chooseInMenu(other.page, 'C', 'Delete…');
  await press(other.page, 'Delete');
  await waitForSteps(page, ['B', 'A']);
  await press(other.page, 'Undo: Delete C');
  await waitForSteps(page, ['B', 'C', 'A']);
  await waitForFocus(page, 'B');

  await graphql(
    'mutation($id: ID!, $input: UpdateCrmStepInput!) { updateCrmStep(id: $id, input: $input) { userErrors { code } } }',
    { id: pipeline.ids.B, input: { name: 'Bee', defaultTags: ['honey'] } },
  );
  await waitForText(page, '.steps-item', '+honey');
  await waitForSteps(page, ['Bee', 'C', 'A']);
  await waitForFocus(page, 'Bee');
  assert.deepEqual(await selectedSteps(page), ['Bee']);
  await other.close();
});

test('a step that the other deletes hands its focus to its neighbour', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await isLive(page);
  await focusStep(page, 'B');
  await graphql('mutation($id: ID!) { deleteCrmStep(id: $id) { userErrors { code } } }', { id: pipeline.ids.B });
  await waitForSteps(page, ['A', 'C']);
  await until(async () => {
    const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    assert.ok(['Step: A', 'Step: C'].includes(label), label);
  });
});

test('both move at once, and both see the same order in the end', async () => {
  const { page } = tab;
  const names = ['A', 'B', 'C', 'D', 'E'];
  const pipeline = await newPipeline({ steps: names });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  const other = await another(pipeline.id);
  await Promise.all([isLive(page), isLive(other.page)]);
  await focusStep(page, 'A');
  await focusStep(other.page, 'E');
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([page.keyboard.press(']'), other.page.keyboard.press('[')]);
  }
  await until(async () => {
    const [order, mine, theirs] = await Promise.all([pipeline.order(), shownSteps(page), shownSteps(other.page)]);
    assert.notDeepEqual(order, names);
    assert.deepEqual(mine, order);
    assert.deepEqual(theirs, order);
  });
  await other.close();
});

test("the order is read again after somebody else's move, not after one's own", async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  const sent = [];
  page.on('request', (request) => {
    if (/orderQuery|useMoveStepsMutation/.test(request.postData() ?? '')) sent.push(JSON.parse(request.postData()));
  });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await isLive(page);
  await chooseInMenu(page, 'A', 'Move to the end');
  await waitForSteps(page, ['B', 'C', 'A']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['B', 'C', 'A']));
  // Its event is there when the one after it is.
  await graphql(
    'mutation($id: ID!) { updateCrmStep(id: $id, input: { defaultTags: ["honey"] }) { userErrors { code } } }',
    { id: pipeline.ids.B },
  );
  await waitForText(page, '.steps-item', '+honey');
  await graphql('mutation($id: ID!) { moveCrmStep(id: $id, to: { first: true }) { userErrors { code } } }', {
    id: pipeline.ids.C,
  });
  await waitForSteps(page, ['C', 'B', 'A']);
  assert.deepEqual(
    sent.map(({ operationName }) => operationName),
    ['useMoveStepsMutation', 'orderQuery'],
  );
});

test('a response that is older than the answer to a move puts no old order back', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ name: 'Sales', steps: ['A', 'B', 'C'] });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await waitForSteps(page, ['A', 'B', 'C']);
  await page.evaluate(() => history.pushState(null, '', '/console/agents'));
  await find(page, 'Agents', 'heading');
  let release;
  const held = new Promise((resolve) => (release = resolve));
  let isAsked = false;
  await intercept(page, async (request) => {
    if (request.operationName !== 'PipelinePageQuery') return undefined;
    const body = await forward(request);
    // Shows that the response has arrived.
    body.data.crmScenario.name = 'Late';
    isAsked = true;
    await held;
    return { body };
  });
  await page.goBack();
  await isLive(page);
  await until(async () => assert.ok(isAsked));
  await chooseInMenu(page, 'A', 'Move to the end');
  await waitForSteps(page, ['B', 'C', 'A']);
  // The event of the move is there when the one after it is.
  await graphql(
    'mutation($id: ID!) { updateCrmStep(id: $id, input: { defaultTags: ["honey"] }) { userErrors { code } } }',
    { id: pipeline.ids.B },
  );
  await waitForText(page, '.steps-item', '+honey');
  release();
  await find(page, 'Late', 'heading');
  await waitForSteps(page, ['B', 'C', 'A']);
});

test("a step of somebody else that comes with the answer of one's own move is read by its id", async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B'] });
  // Nothing comes over the socket.
  await page.evaluateOnNewDocument(() => {
    window.WebSocket = class extends EventTarget {
      close() {}
    };
  });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await focusStep(page, 'A');
  await graphql('mutation($input: CreateCrmStepInput!) { createCrmStep(input: $input) { userErrors { code } } }', {
    input: { scenarioId: pipeline.id, name: 'New', prompt: 'Hello.' },
  });
  await page.keyboard.press(']');
  await waitForSteps(page, ['B', 'A', 'New']);
});

test('a pipeline that the other deletes says so, and comes back by undo', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ name: 'Shared', steps: ['A'] });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await isLive(page);
  await graphql('mutation($id: ID!) { deleteCrmScenario(id: $id, expectedStepCount: 1) { userErrors { code } } }', {
    id: pipeline.id,
  });
  await waitForText(page, '.state', '“Shared” has been deleted');
  await graphql('mutation($id: ID!) { restoreCrmScenario(id: $id) { userErrors { code } } }', { id: pipeline.id });
  await press(page, 'Restore').catch(() => undefined);
  await until(async () => assert.ok((await page.$('.steps-item')) ?? (await page.$('.banner'))));
});

test('the address of a deleted step is that of no pipeline', async () => {
  const { page } = tab;
  const { ids } = await newPipeline({ steps: ['A'] });
  await graphql('mutation($id: ID!) { deleteCrmStep(id: $id) { userErrors { code } } }', { id: ids.A });
  await open(page, `/pipelines/${ids.A}`);
  await waitForText(page, '.state', 'This pipeline is not there');
  assert.equal(await page.$('::-p-aria([name="Restore"][role="button"])'), null);
});

test('the problems of steps follow the changes', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', { name: 'B', trigger: 'asks' }] });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await isLive(page);
  await graphql(
    'mutation($id: ID!, $input: UpdateCrmStepInput!) { updateCrmStep(id: $id, input: $input) { userErrors { code } } }',
    { id: pipeline.ids.B, input: { trigger: null, prompt: 'Hello.' } },
  );
  await waitForText(page, '.steps-item[aria-label="Step: B"]', 'problem');
});

test('says when nothing comes', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: ['A'] });
  await open(page, `/pipelines/${id}?view=board`);
  await isLive(page);
  await page.setOfflineMode(true);
  await page.waitForSelector('.live-mark:not(.live-mark-live)');
  await picture(page, 'board-offline');
  await page.setOfflineMode(false);
  await isLive(page);
  tab.problems = tab.problems.filter((problem) => !/ERR_INTERNET_DISCONNECTED|WebSocket/.test(problem));
});

test('a move without an answer is tried again with the same key, and happens once', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B', 'C'] });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await focusStep(page, 'A');
  const keysSent = [];
  await intercept(page, ({ operationName, variables }) => {
    if (operationName !== 'useMoveStepsMutation') return undefined;
    keysSent.push(variables.idempotencyKey);
    return keysSent.length === 1 ? 'lost' : undefined;
  });
  await page.keyboard.press(']');
  await page.locator('.toast ::-p-aria([name="Try again"])').click();
  await waitForSteps(page, ['B', 'A', 'C']);
  await until(async () => assert.deepEqual(await pipeline.order(), ['B', 'A', 'C']));
  assert.equal(keysSent.length, 2);
  assert.equal(keysSent[0], keysSent[1]);
  tab.expectProblem(/ERR_CONNECTION_FAILED/);
});
