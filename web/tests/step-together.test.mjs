// Two people with one step, answers that are lost, and drafts: nothing is overwritten, lost or done twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql, TOKEN } from './support/api.mjs';
import { intercept, press, useBrowser, waitForText } from './support/browser.mjs';
import { loseAnswer } from './support/requests.mjs';
import * as form from './support/step-form.mjs';
import { newToken, revokeToken } from './support/tokens.mjs';

const tab = useBrowser();
const { openStep, panelIsReady, pick, save, saved, slot, storedStep, storedSteps, type } = form;

/** The organization of the demo, in which another token sees the same steps. */
async function otherToken(name, scopes) {
  const { viewer } = await graphql('{ viewer { organization { name } } }');
  return newToken({ organization: viewer.organization.name, name, scopes });
}

const valueOf = (page, field) => page.$eval(`${slot(field)} :is(input, textarea)`, (input) => input.value);

/** Waits until a field has a value. */
const hasValue = (page, field, value) =>
  page.waitForFunction(
    (selector, value) => document.querySelector(selector)?.value === value,
    {},
    `${slot(field)} :is(input, textarea)`,
    value,
  );

/** Two tabs with the same step, the second one of another person. */
async function twoTabs(values) {
  const { id, steps } = await form.pipeline({ name: 'Lead', trigger: 'Pediu preço', ...values });
  const [step] = steps;
  const token = await otherToken('Bruno');
  const other = await tab.newPage(await tab.browser.createBrowserContext());
  await openStep(tab.page, id, step.id);
  await openStep(other, id, step.id, { token });
  return { mine: tab.page, theirs: other, step, id };
}

test('changes of different fields are merged by themselves', async () => {
  const { mine, theirs, step } = await twoTabs();
  await type(mine, 'trigger', 'Pediu preço ou prazo');
  await type(theirs, 'name', 'Qualificação');
  await pick(theirs, 'defaultPriority', 'High');
  await save(theirs);
  await saved(theirs);

  await waitForText(mine, '.banner', '“Bruno” has saved version 2 meanwhile.');
  assert.equal(await valueOf(mine, 'name'), 'Lead', 'what is typed into is not changed under the hands');
  await save(mine);
  await waitForText(mine, '.conflict', '“Bruno” saved version 2 while you were editing version 1.');
  await waitForText(mine, '.conflict', 'Merged by itself: Name and Priority (theirs).');
  assert.equal(await valueOf(mine, 'name'), 'Qualificação');
  assert.equal(await mine.$('.conflict-choice'), null, 'there is nothing to choose');
  await press(mine, 'Save merged');
  await saved(mine);

  const { name, defaultPriority, trigger, version } = await storedStep(step.id);
  assert.deepEqual([name, defaultPriority, trigger, version], ['Qualificação', 'HIGH', 'Pediu preço ou prazo', 3]);
  await waitForText(theirs, '.panel-title', 'Qualificação');
  await hasValue(theirs, 'trigger', 'Pediu preço ou prazo');
});

test('changes of the same field are chosen from, those of a timer together', async () => {
  const { mine, theirs, step } = await twoTabs({ autoNextTime: 36, autoNextTimeUnit: 'h' });
  await type(mine, 'name', 'Meu');
  await type(mine, 'autoNextTime', '48');
  await type(theirs, 'name', 'Deles');
  await pick(theirs, 'autoNextTimeUnit', 'days');
  await type(theirs, 'autoNextTime', '2');
  await save(theirs);
  await saved(theirs);

  await save(mine);
  await waitForText(mine, '.conflict', 'Both of you changed these.');
  const choices = await mine.$$eval('.conflict-choice', (groups) =>
    groups.map(({ innerText }) => innerText.replace(/\s+/g, ' ')),
  );
  assert.deepEqual(choices, [
    'Wait and Unit Mine Wait: 48 Unit: hours Theirs Wait: 2 Unit: days',
    'Name Mine Meu Theirs Deles',
  ]);
  await (await mine.waitForSelector('.conflict-choice .conflict-side:nth-child(2)')).click();
  await hasValue(mine, 'autoNextTime', '2');

  // Looking at what is stored loses nothing.
  await press(mine, 'Show theirs');
  await hasValue(mine, 'name', 'Deles');
  await press(mine, 'Back to my changes');
  await hasValue(mine, 'name', 'Meu');
  await press(mine, 'Save merged');
  await saved(mine);
  const { name, autoNextTime, autoNextTimeUnit } = await storedStep(step.id);
  assert.deepEqual([name, autoNextTime, autoNextTimeUnit], ['Meu', 2, 'd']);
});

test('a form in which nothing is typed shows what the other saves', async () => {
  const { mine, theirs } = await twoTabs();
  await type(theirs, 'name', 'Qualificação');
  await save(theirs);
  await waitForText(mine, '.panel-title', 'Qualificação');
  await hasValue(mine, 'name', 'Qualificação');
  await waitForText(mine, '.toast', '“Bruno” changed this step.');
});

test('a new step whose answer is lost is there once, with "Try again"', async () => {
  const { page } = tab;
  const { id } = await form.pipeline();
  await loseAnswer(page, 'stepMutationsCreateMutation');
  await openStep(page, id, 'new');
  await type(page, 'name', 'Uma vez');
  await type(page, 'prompt', 'Atenda.');
  await save(page);
  await waitForText(page, '.banner', 'Not saved yet');
  await press(page, 'Try again');
  await waitForText(page, '.panel-title', 'Uma vez');
  assert.deepEqual(
    (await storedSteps(id)).map(({ name }) => name),
    ['Uma vez'],
  );
  tab.expectProblem(/ERR_CONNECTION_FAILED/);
});

test('a new step whose answer is lost is there once, also if it is changed before it is saved again', async () => {
  const { page } = tab;
  const { id } = await form.pipeline();
  await loseAnswer(page, 'stepMutationsCreateMutation');
  await openStep(page, id, 'new');
  await type(page, 'name', 'Uma vez');
  await type(page, 'prompt', 'Atenda.');
  await save(page);
  await waitForText(page, '.banner', 'Not saved yet');
  await type(page, 'name', 'Uma vez só');
  await save(page);
  // What is typed goes on as a change of what is stored.
  await waitForText(page, '.panel-title', 'Step 1 of 1');
  await save(page);
  await waitForText(page, '.conflict', 'Version 1 was saved with your own token');
  await press(page, 'Save merged');
  await saved(page);
  assert.deepEqual(
    (await storedSteps(id)).map(({ name, version }) => [name, version]),
    [['Uma vez só', 2]],
  );
  tab.expectProblem(/ERR_CONNECTION_FAILED/);
});

test('a change whose answer is lost is made once', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead');
  await loseAnswer(page, 'stepMutationsUpdateMutation');
  await openStep(page, id, steps[0].id);
  await type(page, 'name', 'Depois');
  await save(page);
  await waitForText(page, '.banner', 'Not saved yet');
  // Saving the same again is the same call.
  await save(page);
  await saved(page);
  const { name, version } = await storedStep(steps[0].id);
  assert.deepEqual([name, version], ['Depois', 2]);
  tab.expectProblem(/ERR_CONNECTION_FAILED/);
});

test('a draft stays in the tab, over a reload and while another step is open', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Primeiro', 'Segundo');
  await openStep(page, id, steps[0].id);
  await type(page, 'trigger', 'Não salvo');
  await page.reload();
  await panelIsReady(page);
  assert.equal(await valueOf(page, 'trigger'), 'Não salvo');
  await waitForText(page, '.banner', 'You changed this step earlier in this tab');
  await waitForText(page, '.step-save-state', 'Not saved');

  await page.focus('.panel-title');
  await page.keyboard.press('Escape');
  await waitForText(page, '.toast', 'What you changed in “Primeiro” is kept in this tab.');
  await openStep(page, id, steps[1].id);
  assert.equal(await valueOf(page, 'trigger'), '');
  await openStep(page, id, steps[0].id);
  assert.equal(await valueOf(page, 'trigger'), 'Não salvo');

  await press(page, 'Discard changes');
  await hasValue(page, 'trigger', '');
  await page.reload();
  await panelIsReady(page);
  assert.equal(await valueOf(page, 'trigger'), '');
  assert.equal((await storedStep(steps[0].id)).trigger, null, 'nothing was saved by itself');
});

test('a draft of an old version is merged with what is stored by now', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead');
  await openStep(page, id, steps[0].id);
  await type(page, 'trigger', 'Meu');
  await page.goto('about:blank');
  await form.updateStep(steps[0].id, { name: 'Deles' });
  await openStep(page, id, steps[0].id);
  await waitForText(page, '.banner', 'saved with your own token meanwhile');
  await press(page, 'Merge now');
  await waitForText(page, '.conflict', 'Merged by itself: Name (theirs).');
  await press(page, 'Save merged');
  await saved(page);
  const { name, trigger } = await storedStep(steps[0].id);
  assert.deepEqual([name, trigger], ['Deles', 'Meu']);
});

test('a token that is revoked in the middle loses nothing', async () => {
  const { page } = tab;
  const token = await otherToken('Temporary');
  const { id, steps } = await form.pipeline('Lead');
  await openStep(page, id, steps[0].id, { token });
  await type(page, 'name', 'Depois');
  await revokeToken(token);
  await save(page);
  const field = await page.waitForSelector('::-p-aria([name="Access token"])');
  await field.type(TOKEN);
  await page.keyboard.press('Enter');
  await saved(page);
  assert.equal((await storedStep(steps[0].id)).name, 'Depois');
  tab.expectProblem(/status of 401/);
});

test('a step that is deleted meanwhile can be restored, with what was typed', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead', 'Outro');
  await openStep(page, id, steps[0].id);
  await type(page, 'trigger', 'Não salvo');
  await form.deleteStep(steps[0].id);
  await waitForText(page, '.panel .state', 'This step was deleted');
  await waitForText(page, '.panel .state', 'Deleted by “demo”');
  await waitForText(page, '.panel .state', 'What you changed is kept in this tab.');
  await press(page, 'Restore');
  await panelIsReady(page);
  await hasValue(page, 'trigger', 'Não salvo');
  await save(page);
  await press(page, 'Save merged');
  await saved(page);
  const { trigger, version } = await storedStep(steps[0].id);
  assert.deepEqual([trigger, version], ['Não salvo', 3]);
});

test('a step that never was is said to be unknown', async () => {
  const { page } = tab;
  const { id } = await form.pipeline('Lead');
  await page.goto(`${form.addressOf(id, '019a0000-0000-7000-8000-00000000ffff')}#token=${TOKEN}`);
  await waitForText(page, '.panel .state', 'There is no such step');
});

test('saving, creating, copying and deleting are undone and done again', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline({ name: 'Alvo' });
  const [target] = steps;
  const second = await form.createStep({
    scenarioId: id,
    name: 'Leva',
    prompt: 'x',
    autoNextTime: 1,
    autoNextTimeUnit: 'd',
    autoNextStepId: target.id,
  });
  await openStep(page, id, target.id);
  await type(page, 'name', 'Um');
  await save(page);
  await saved(page);
  await type(page, 'name', 'Dois');
  await save(page);
  await waitForText(page, '.panel-title', 'Dois');
  const names = async () => (await storedSteps(id)).map(({ name }) => name);
  await undo(page);
  await waitForText(page, '.panel-title', 'Step 1 of 2: Um');
  await undo(page);
  await waitForText(page, '.panel-title', 'Step 1 of 2: Alvo');
  await undo(page, 'redo');
  await waitForText(page, '.panel-title', 'Step 1 of 2: Um');

  await press(page, 'More for this step');
  await press(page, 'Duplicate', 'menuitem');
  await waitForText(page, '.panel-title', 'Step 2 of 3: Um');
  assert.deepEqual(await names(), ['Um', 'Um', 'Leva']);
  await undo(page);
  await waitForText(page, '.panel .state', 'This step was deleted');
  assert.deepEqual(await names(), ['Um', 'Leva']);

  await openStep(page, id, target.id);
  await press(page, 'More for this step');
  await press(page, 'Delete…', 'menuitem');
  await waitForText(page, '[role="alertdialog"]', 'The timer of this step leads here and is removed:');
  await waitForText(page, '[role="alertdialog"] li', 'Leva');
  await press(page, 'Delete step');
  await page.waitForSelector('.panel', { hidden: true });
  assert.deepEqual(await names(), ['Leva']);
  assert.equal((await storedStep(second.id)).autoNextTime, null);
  await undo(page);
  await page.waitForFunction(async () => document.querySelectorAll('.step-card').length === 2);
  const [restored, leads] = await storedSteps(id);
  assert.deepEqual([restored.name, leads.autoNextStepId], ['Um', target.id]);
});

test('a step that somebody changes in the same moment is not deleted, and the panel says so', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Um');
  await openStep(page, id, steps[0].id);
  await intercept(page, async ({ operationName }) => {
    if (operationName === 'useStepLifecycleDeleteMutation') await form.updateStep(steps[0].id, { trigger: 'Outro' });
    return undefined;
  });
  await press(page, 'More for this step');
  await press(page, 'Delete…', 'menuitem');
  await press(page, 'Delete step');
  await waitForText(page, '.toast', 'This was changed in the meantime');
  assert.equal((await storedSteps(id)).length, 1);
});

/** Undoes, or does again, by the keys of the page. */
async function undo(page, what = 'undo') {
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.down('Control');
  if (what === 'redo') await page.keyboard.down('Shift');
  await page.keyboard.press('z');
  if (what === 'redo') await page.keyboard.up('Shift');
  await page.keyboard.up('Control');
}
