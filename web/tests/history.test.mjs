// The history of a pipeline and of a step: who changed what, and putting it back.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { graphql } from './support/api.mjs';
import {
  axe,
  find,
  focused,
  intercept,
  look,
  open,
  picture,
  press,
  textOf,
  useBrowser,
  waitForText,
} from './support/browser.mjs';
import { checkLooks, checkScreen } from './support/looks.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';
import { newOrganization, newToken } from './support/tokens.mjs';

const tab = useBrowser();
const FIRST = ':nth-child(1 of .history-item)';
const SECOND = ':nth-child(2 of .history-item)';
const LAST = ':nth-last-child(1 of .history-item)';

/** A pipeline of an organization of its own, with three steps; each test changes it by `ask`. */
let organization;
let token;
let pipeline;
let steps;

beforeEach(async () => {
  organization = newOrganization();
  token = newToken({ organization, name: 'panel' });
  ({ id: pipeline } = await createPipeline('Sales'));
  steps = await createSteps(['New', 'Offer', 'Won']);
});

const ask = (document, variables = {}, by = token) => graphql(document, variables, by);

async function createPipeline(name) {
  const create = 'mutation($name: String!) { createCrmScenario(input: { name: $name }) { crmScenario { id } } }';
  return (await ask(create, { name })).createCrmScenario.crmScenario;
}

async function createSteps(names) {
  const inputs = names.map((name) => ({ scenarioId: pipeline, name, prompt: `What ${name} does` }));
  const create = 'mutation($inputs: [CreateCrmStepsInput!]!) { createCrmSteps(inputs: $inputs) { crmSteps { id } } }';
  return (await ask(create, { inputs })).createCrmSteps.crmSteps.map(({ id }) => id);
}

async function update(id, input, by = token) {
  const change = `mutation($id: ID!, $input: UpdateCrmStepInput!) {
    updateCrmStep(id: $id, input: $input) { userErrors { code } }
  }`;
  const { updateCrmStep } = await ask(change, { id, input }, by);
  assert.deepEqual(updateCrmStep.userErrors, []);
}

const remove = (id) => ask('mutation($id: ID!) { deleteCrmStep(id: $id) { deletedCrmStepId } }', { id });

async function step(id) {
  return (await ask('query($id: ID!) { crmStep(id: $id) { name prompt defaultTags index } }', { id })).crmStep;
}

async function names() {
  const { crmScenario } = await ask(
    'query($id: ID!) { crmScenario(id: $id) { steps(first: 10) { nodes { name } } } }',
    { id: pipeline },
  );
  return crmScenario?.steps.nodes.map(({ name }) => name);
}

const show = (page = tab.page, search = '') => open(page, `/pipelines/${pipeline}/history${search}`, token);

/** Waits until the newest change that is shown says this. */
const newest = (text, page = tab.page) => waitForText(page, FIRST, text);

test('lists who changed what and when, the newest change first', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'Proposal', defaultTags: ['hot', 'lead'], defaultStatus: 'RESOLVED' });
  await show();
  await newest('You changed the step Proposal');
  const { tokenName, at, title } = await page.$eval(FIRST, (entry) => {
    const time = entry.querySelector('time');
    return { tokenName: entry.querySelector('strong').title, at: time.dateTime, title: time.title };
  });
  assert.equal(tokenName, 'Token “panel”');
  assert.ok(Math.abs(Date.now() - new Date(at)) < 60_000);
  assert.match(title, /\d{4}/);
  const differences = await page.$$eval(`${FIRST} .field-difference`, (fields) =>
    fields.map((field) => [
      field.querySelector('dt').innerText,
      [...field.querySelectorAll('del')].map((part) => part.innerText.trim()),
      [...field.querySelectorAll('ins')].map((part) => part.innerText.trim()),
    ]),
  );
  assert.deepEqual(differences, [
    ['Name', ['removed\nOffer'], ['added\nProposal']],
    ['Status', [], ['added\nResolved']],
    ['Tags to add', [], ['added\nhot', 'added\nlead']],
  ]);
  const all = await page.$$eval('.history-entry-what', (entries) => entries.map((entry) => entry.innerText));
  assert.deepEqual(all, [
    'You changed the step Proposal',
    'You created the step Won',
    'You created the step Proposal',
    'You created the step New',
    'You created the pipeline Sales',
  ]);
  await picture(page, 'history');
});

test('shows of a long text the words that were changed', async () => {
  const { page } = tab;
  const text = (percent) =>
    `Never offer more than ${percent}%. If somebody asks for more, call a person from the team.`;
  await update(steps[1], { prompt: text(5) });
  await update(steps[1], { prompt: text(10) });
  await show();
  await newest('10');
  const parts = await page.$$eval(`${FIRST} .difference-text :is(del, ins) [translate]`, (found) =>
    found.map((part) => part.innerText),
  );
  assert.deepEqual(parts, ['5', '10']);
});

test('puts an update back, and takes that back again', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'Proposal', defaultTags: ['hot'] });
  await show();
  await newest('Proposal');
  await press(page, 'Put back');
  await waitForText(page, '.toasts', 'Put back in Proposal: Name and Tags to add.');
  const { name, defaultTags } = await step(steps[1]);
  assert.deepEqual([name, defaultTags], ['Offer', null]);
  await newest('You changed the step Offer');
  // What one has done oneself does not wait behind a button.
  await waitForText(page, '.history-list', 'new change', { isGone: true });

  await page.locator('.toasts ::-p-aria([name="Undo"][role="button"])').click();
  await newest('You changed the step Proposal');
  assert.equal((await step(steps[1])).name, 'Proposal');
});

test('takes two changes back that were put back one after the other', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'Proposal' });
  await update(steps[1], { prompt: 'Other' });
  await show();
  await newest('Other');
  await press(page, 'Put back');
  await waitForText(page, SECOND, 'Other');
  await (await page.waitForSelector(':nth-child(3 of .history-item) .put-back button')).click();
  await newest('Offer');
  await press(page, 'Undo: Put Proposal back');
  await newest('Proposal');
  await press(page, 'Undo: Put Proposal back');
  await newest('Other');
  const { name, prompt } = await step(steps[1]);
  assert.deepEqual([name, prompt], ['Proposal', 'Other']);
});

test('asks before earlier values take the place of what somebody has entered since', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'Proposal' });
  await update(steps[1], { name: 'Quotation' });
  await show();
  await newest('Quotation');
  const older = await page.waitForSelector(`${SECOND} .put-back button`);
  await older.click();
  await find(page, 'Put Quotation back?', 'alertdialog');
  await waitForText(page, '[role="alertdialog"]', 'Quotation');
  await waitForText(page, '[role="alertdialog"]', 'Offer');
  await checkScreen(page, 'history-changed-since');
  await press(page, 'Cancel');
  assert.equal((await step(steps[1])).name, 'Quotation');

  await older.click();
  await page.locator('[role="alertdialog"] ::-p-aria([name="Put back"][role="button"])').click();
  await newest('You changed the step Offer');
  assert.equal((await step(steps[1])).name, 'Offer');
});

test('says so if there is nothing to put back', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'Proposal' });
  await update(steps[1], { name: 'Offer' });
  await show();
  await (await page.waitForSelector(`${SECOND} .put-back button`)).click();
  await waitForText(page, '[role="alert"]', 'Offer is already as it was before this change.');
});

test('puts nothing back that is changed in the same moment, and says by whom', async () => {
  const { page } = tab;
  const other = newToken({ organization, name: 'other' });
  await update(steps[1], { name: 'Proposal' });
  await intercept(page, async ({ operationName }) => {
    if (operationName === 'useValuesBackStepMutation') await update(steps[1], { prompt: 'Other' }, other);
  });
  await show();
  await newest('Proposal');
  await press(page, 'Put back');
  await waitForText(page, '[role="alert"]', 'Token “other” has changed it in this moment.');
  assert.equal((await step(steps[1])).name, 'Proposal');
});

test('says why the service refuses to put a change back', async () => {
  const { page } = tab;
  await update(steps[0], { autoNextStepId: steps[1], autoNextTime: 2, autoNextTimeUnit: 'h' });
  // The timer goes with its target.
  await remove(steps[1]);
  await show(page, '?action=UPDATED');
  await newest('You changed the step New');
  await press(page, 'Put back');
  await waitForText(page, '[role="alert"]', 'not');
  assert.match(await textOf(page, '[role="alert"]'), /step/i);
  assert.deepEqual(await axe(page), []);
});

test('puts a move back', async () => {
  const { page } = tab;
  await ask('mutation($id: ID!) { moveCrmStep(id: $id, to: { first: true }) { userErrors { code } } }', {
    id: steps[2],
  });
  assert.deepEqual(await names(), ['Won', 'New', 'Offer']);
  await show();
  await newest('You moved the step Won from place 3 to place 1');
  await press(page, 'Put back');
  await newest('from place 1 to place 3');
  assert.deepEqual(await names(), ['New', 'Offer', 'Won']);
});

test('restores a step, and undo deletes it again', async () => {
  const { page } = tab;
  await remove(steps[1]);
  await show();
  await newest('You deleted the step Offer');
  await press(page, 'Restore');
  await newest('You restored the step Offer');
  assert.deepEqual(await names(), ['New', 'Offer', 'Won']);
  await waitForText(page, SECOND, 'It has been restored.');
  await press(page, 'Undo: Restore Offer');
  await newest('You deleted the step Offer');
  assert.deepEqual(await names(), ['New', 'Won']);
});

test('says why a step cannot be restored', async () => {
  const { page } = tab;
  await remove(steps[1]);
  const error = { field: ['id'], code: 'NOT_FOUND', category: 'RULE', message: 'Gone.', params: [] };
  const nothing = { crmStep: null, crmStepsWithTimer: [], crmScenario: null, clearedFields: [] };
  const restoreCrmStep = { ...nothing, userErrors: [error] };
  await intercept(page, ({ operationName }) =>
    operationName === 'useStepLifecycleRestoreMutation' ? { body: { data: { restoreCrmStep } } } : undefined,
  );
  await show();
  await press(page, 'Restore');
  await waitForText(page, '[role="alert"]', 'This cannot be restored any more');
});

test('says that others have made changes, and shows them when asked to', async () => {
  const { page } = tab;
  const other = newToken({ organization, name: 'other' });
  await show();
  await newest('You created the step Won');
  await update(steps[0], { name: 'Fresh' }, other);
  await update(steps[0], { name: 'Fresher' }, other);
  await find(page, '2 new changes', 'button');
  await newest('You created the step Won');
  await checkScreen(page, 'history-new');

  await press(page, '2 new changes');
  await newest('Token “other” changed the step Fresher');
  await waitForText(page, 'body', 'new changes', { isGone: true });
  assert.match((await focused(page)).name, /Changes, the newest first/);
});

test('shows what the address asks for, and keeps the filter in it', async () => {
  const { page } = tab;
  const other = newToken({ organization, name: 'other' });
  await update(steps[0], { name: 'Fresh' }, other);
  await remove(steps[2]);
  await show(page, '?action=UPDATED');
  await newest('Token “other” changed the step Fresh');
  assert.equal((await page.$$('.history-entry')).length, 1);

  await choose(page, 'Action', 'All actions');
  await newest('You deleted the step Won');
  assert.equal(new URL(page.url()).search, '');
  await choose(page, 'Who', 'Token “other”');
  await newest('Token “other” changed the step Fresh');
  assert.match(page.url(), /\?who=[0-9a-f-]{36}$/);
  await choose(page, 'When', 'The last hour');
  assert.match(page.url(), /since=hour/);
  await newest('Token “other” changed the step Fresh');

  await choose(page, 'Action', 'Moved');
  await waitForText(page, '.state', 'No change matches');
  assert.deepEqual(await axe(page), []);
  await press(page, 'Show all changes');
  await newest('You deleted the step Won');
  assert.equal(new URL(page.url()).search, '');
});

async function choose(page, label, option) {
  const labels = await page.$$eval('.history-filters .field-label', (all) => all.map((it) => it.innerText));
  const buttons = await page.$$('.history-filters .picker-button');
  await buttons[labels.indexOf(label)].click();
  await press(page, option, 'option');
}

test('loads older changes a page at a time', async () => {
  const { page } = tab;
  for (let number = 1; number <= 30; number += 1) await update(steps[0], { name: `Name ${number}` });
  await show();
  await newest('Name 30');
  assert.equal((await page.$$('.history-entry')).length, 25);
  await press(page, 'Load more');
  await waitForText(page, '.history-end', 'This is where the history begins.');
  assert.equal((await page.$$('.history-entry')).length, 34);
  const days = await page.$$eval('.history-day', (headings) => headings.map((heading) => heading.innerText));
  assert.equal(new Set(days).size, days.length, 'each day has one heading');
});

test('shows the changes of one step, also of one that was deleted', async () => {
  const { page } = tab;
  await update(steps[0], { prompt: 'Other' });
  await update(steps[1], { name: 'Proposal' });
  await show(page, `?step=${steps[1]}`);
  await newest('You changed the step Proposal');
  assert.equal((await page.$$('.history-entry')).length, 2);
  await waitForText(page, '.history-page-step', 'Only the step Proposal');

  await remove(steps[1]);
  await page.reload();
  await newest('You deleted the step Proposal');
  await waitForText(page, LAST, 'You created the step Offer');
  assert.equal((await page.$$('.history-entry')).length, 3);
  await press(page, 'All steps');
  await waitForText(page, '.history-list', 'You created the pipeline Sales');
});

test('shows the history of a step in its panel, and puts a change back there', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'Proposal' });
  await open(page, `/pipelines/${pipeline}?step=${steps[1]}`, token);
  const section = await page.waitForSelector('.step-section ::-p-aria([name="History of this step"][role="button"])');
  await section.click();
  await newest('You changed the step Proposal');
  assert.equal((await page.$$('.history-entry')).length, 2);
  assert.deepEqual(await axe(page), []);
  const scrolled = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  assert.ok((await scrolled()) <= 0, 'the panel scrolls, and the page behind it does not');
  await press(page, 'Put back');
  await newest('You changed the step Offer');
  assert.equal((await step(steps[1])).name, 'Offer');
});

test('shows the history of a pipeline that was deleted, and restores it', async () => {
  const { page } = tab;
  await update(steps[0], { name: 'Fresh' });
  await ask('mutation($id: ID!) { deleteCrmScenario(id: $id, expectedStepCount: 3) { deletedCrmScenarioId } }', {
    id: pipeline,
  });
  await createPipeline('Another');
  await show();
  await newest('You deleted the pipeline Sales');
  await waitForText(page, '.banner', 'This pipeline was deleted.');
  await waitForText(page, '.history-list', 'Restore the pipeline first.');
  assert.doesNotMatch(await textOf(page, '.history-list'), /Another/);
  await checkScreen(page, 'history-deleted');

  await press(page, 'Restore');
  await waitForText(page, '.history-page-back', 'Sales');
  assert.deepEqual(await names(), ['Fresh', 'Offer', 'Won']);
  await waitForText(page, '.banner', 'This pipeline was deleted.', { isGone: true });
});

test('says that nothing ever had an address', async () => {
  const { page } = tab;
  await open(page, '/pipelines/019a0000-0000-7000-8000-00000000ffff/history', token);
  await waitForText(page, '.state', 'There is no such pipeline');
  assert.deepEqual(await axe(page), []);
});

test('shows a failure in its place, with its request id, and tries again', async () => {
  const { page } = tab;
  let isFailing = true;
  const errors = [{ message: 'Broken.', extensions: { code: 'INTERNAL', requestId: 'request-1' } }];
  await intercept(page, ({ operationName }) =>
    isFailing && operationName === 'HistoryChunkQuery' ? { status: 500, body: { errors } } : undefined,
  );
  await show();
  await waitForText(page, '[role="alert"]', 'request-1');
  tab.expectProblem(/500/);
  await find(page, 'History', 'heading');
  assert.deepEqual(await axe(page), []);
  isFailing = false;
  await press(page, 'Try again');
  await newest('You created the step Won');
});

test('shows everything to a token that may only read, and says why it puts nothing back', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'Proposal' });
  await open(page, `/pipelines/${pipeline}/history`, newToken({ organization, scopes: ['read'], name: 'reader' }));
  await newest('Token “panel” changed the step Proposal');
  const button = await find(page, 'Put back', 'button');
  assert.equal(await button.evaluate((element) => element.getAttribute('aria-disabled')), 'true');
  const { description } = await page.accessibility.snapshot({ root: button });
  assert.match(description, /WRITE/);
  await button.press('Enter');
  assert.equal((await step(steps[1])).name, 'Proposal');
});

test('works by keyboard alone', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'Proposal' });
  await show();
  await newest('Proposal');
  await tabTo(page, 'Put back');
  await page.keyboard.press('Enter');
  await newest('You changed the step Offer');
  await page.keyboard.down('Control');
  await page.keyboard.press('z');
  await page.keyboard.up('Control');
  await newest('You changed the step Proposal');
  assert.equal((await step(steps[1])).name, 'Proposal');
  await tabTo(page, 'Show its 2 fields');
  await page.keyboard.press('Enter');
  await waitForText(page, '.history-list', 'What Won does');
});

/** Presses Tab until what has the focus has this name. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page))?.name === name) return;
  }
  assert.fail(`${name} cannot be reached by Tab`);
}

test('is accessible and fits in both schemes, on phones and desktops', async () => {
  const { page } = tab;
  await update(steps[1], { name: 'P'.repeat(200), prompt: 'word '.repeat(400), defaultTags: ['a', 't'.repeat(64)] });
  await remove(steps[2]);
  await show();
  await newest('You deleted the step Won');
  await press(page, 'Show its 2 fields');
  await checkLooks(page, 'history');
});

for (const language of ['en', 'pt-BR']) {
  test(`the filters are read in full on a phone: ${language}`, async () => {
    const { page } = tab;
    await page.evaluateOnNewDocument((language) => localStorage.setItem('crm-steps:language', language), language);
    await look(page, { width: 360 });
    await show();
    await page.waitForSelector('.history-filters');
    const cut = await page.$$eval('.history-filters .options-text', (texts) =>
      texts.filter((text) => text.scrollWidth > text.clientWidth).map((text) => text.textContent),
    );
    assert.deepEqual(cut, []);
  });
}

test('has no text that is no message', async () => {
  const { page } = tab;
  await usePseudoLocale(page);
  const other = newToken({ organization, name: 'other' });
  await update(
    steps[1],
    {
      name: 'Proposal',
      defaultTags: ['hot'],
      requestContact: { name: true },
      autoNextTime: 3,
      autoNextTimeUnit: 'h',
      autoNextStepId: steps[0],
      defaultAiControl: false,
      webhookUrl: 'https://hooks.example.com/a',
      webhookHeader: { 'X-Key': 'a' },
    },
    other,
  );
  await ask('mutation($id: ID!) { moveCrmStep(id: $id, to: { first: true }) { userErrors { code } } }', {
    id: steps[1],
  });
  await remove(steps[2]);
  await show();
  await waitForText(page, '.history-list', 'X-Key');
  assert.deepEqual(await untranslated(page), []);
});
