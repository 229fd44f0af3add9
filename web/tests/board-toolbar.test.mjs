// What is done with a pipeline as a whole from its own page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql, SITE } from './support/api.mjs';
import { chooseInMenu, keys, stepItem, until, waitForSteps } from './support/board.mjs';
import { axe, fill, find, open, picture, press, textOf, useBrowser, waitForText } from './support/browser.mjs';
import { newPipeline } from './support/pipeline.mjs';

const tab = useBrowser();

const nameOf = async (id) => (await graphql('query($id: ID!) { crmScenario(id: $id) { name } }', { id })).crmScenario?.name;

/** What the command palette has of undo and redo. */
async function undoInPalette(page) {
  await keys(page, 'Control+k');
  await page.waitForSelector('.palette-label');
  const labels = await page.$$eval('.palette-label', (all) => all.map((label) => label.textContent));
  await page.keyboard.press('Escape');
  await page.waitForSelector('.palette', { hidden: true });
  return labels.filter((label) => /^(Undo|Redo)/.test(label));
}

test('the name is changed where it stands, and undone', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ name: 'Before', steps: ['A'] });
  await open(page, `/pipelines/${id}?view=board`);
  assert.deepEqual(await undoInPalette(page), [], 'there is nothing to undo yet');
  await press(page, 'Rename pipeline');
  await page.waitForSelector('.pipeline-name-form');
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('Escape');
  await find(page, 'Before', 'heading');

  await press(page, 'Rename pipeline');
  await fill(page, 'Name', 'After');
  await page.keyboard.press('Enter');
  await find(page, 'After', 'heading');
  assert.equal(await nameOf(id), 'After');
  assert.match(await page.title(), /After/);
  await find(page, 'Undo: Rename to “After”', 'button');
  assert.deepEqual(await undoInPalette(page), ['Undo: Rename to “After”']);
  await keys(page, 'Control+z');
  await find(page, 'Before', 'heading');
  await until(async () => assert.equal(await nameOf(id), 'Before'));
  await find(page, 'Redo: Rename to “After”', 'button');
  assert.deepEqual(await undoInPalette(page), ['Redo: Rename to “After”']);

  await press(page, 'Rename pipeline');
  await fill(page, 'Name', '');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.pipeline-name-form .field-error');
  assert.equal(await nameOf(id), 'Before');
});

test('a name that somebody else has changed meanwhile is not overwritten without a word', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ name: 'First', steps: ['A'] });
  await open(page, `/pipelines/${id}?view=board`);
  await press(page, 'Rename pipeline');
  await fill(page, 'Name', 'Mine');
  // Its request is on its way when the other one is stored.
  await page.setRequestInterception(true);
  let isFirst = true;
  page.on('request', async (request) => {
    if (isFirst && request.postData()?.includes('mutationsRenameMutation')) {
      isFirst = false;
      await graphql(
        'mutation($id: ID!) { updateCrmScenario(id: $id, input: { name: "Theirs" }) { userErrors { code } } }',
        { id },
      );
    }
    await request.continue();
  });
  await page.keyboard.press('Enter');
  await waitForText(page, '.pipeline-name-form', 'Someone has renamed it to “Theirs” meanwhile.');
  assert.equal(await nameOf(id), 'Theirs');
  await page.keyboard.press('Enter');
  await find(page, 'Mine', 'heading');
  assert.equal(await nameOf(id), 'Mine');
});

test('the menu duplicates the pipeline, copies its address, and deletes it', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ name: 'Original', steps: ['A', 'B'] });
  await tab.context.overridePermissions(SITE, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
  await open(page, `/pipelines/${id}?view=board`);
  await press(page, 'More');
  await find(page, 'Duplicate', 'menuitem');
  await picture(page, 'board-pipeline-menu');
  await press(page, 'Copy link', 'menuitem');
  await waitForText(page, '.toast', 'The link has been copied.');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());

  await press(page, 'More');
  await press(page, 'Duplicate', 'menuitem');
  await waitForText(page, '.toast', 'Duplicated as');

  await press(page, 'More');
  await press(page, 'Delete…', 'menuitem');
  await find(page, 'Delete “Original”?', 'alertdialog');
  await press(page, 'Delete with 2 steps');
  await page.waitForFunction(() => location.pathname === '/console/');
  assert.equal(await nameOf(id), undefined);
});

test('the address of a step leads to its panel', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B'] });
  await tab.context.overridePermissions(SITE, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await stepItem(page, 'B');
  await chooseInMenu(page, 'B', 'Copy link');
  await waitForText(page, '.toast', 'The link has been copied.');
  const address = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(new URL(address).searchParams.get('step'), pipeline.ids.B);
  await page.goto(address);
  await waitForText(page, '.step-panel', 'Step 2 of 2: B');
  await waitForSteps(page, ['A', 'B']);
});

test('a new step comes where the plus was pressed, and has the focus when its panel is closed', async () => {
  const { page } = tab;
  const pipeline = await newPipeline({ steps: ['A', 'B'] });
  await open(page, `/pipelines/${pipeline.id}?view=board`);
  await press(page, 'New step after A');
  await page.waitForSelector('.step-panel');
  assert.equal(new URL(page.url()).searchParams.get('after'), pipeline.ids.A);
  await fill(page, 'Name', 'New');
  await fill(page, 'Trigger', 'asks for something new');
  await keys(page, 'Control+s');
  await waitForSteps(page, ['A', 'New', 'B']);
  assert.deepEqual(await pipeline.order(), ['A', 'New', 'B']);
  await waitForText(page, '.step-panel', 'Step 2 of 3: New');
  await press(page, 'Close');
  await page.waitForSelector('.step-panel', { hidden: true });
  await until(async () => {
    const label = await page.evaluate(() => document.activeElement?.closest('.steps-item')?.getAttribute('aria-label'));
    assert.equal(label, 'Step: New', await textOf(page, '.steps-item'));
  });
});

test('the problems of the pipeline are counted in its bar', async () => {
  const { page } = tab;
  const { id } = await newPipeline({ steps: ['A', 'B'] });
  await open(page, `/pipelines/${id}?view=board`);
  await stepItem(page, 'A');
  const { crmScenario } = await graphql(
    'query($id: ID!) { crmScenario(id: $id) { diagnosticCounts { errors warnings } } }',
    { id },
  );
  const { errors, warnings } = crmScenario.diagnosticCounts;
  await find(page, `${errors + warnings} problems`, 'link');
});
