// Which steps of a board are shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { focusStep, selectedSteps, until, waitForSteps } from './support/board.mjs';
import { open, press, useBrowser, waitForText } from './support/browser.mjs';
import { anAgent, newPipeline } from './support/pipeline.mjs';

const tab = useBrowser();

const openBoard = (id, search = '') => open(tab.page, `/pipelines/${id}?view=board${search}`);

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
