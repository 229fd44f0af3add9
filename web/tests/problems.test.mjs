// The problems of a pipeline in a browser, against a running service.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql } from './support/api.mjs';
import { axe, open, picture, press, textOf, useBrowser, waitForText } from './support/browser.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { pipelineOf, timer } from './support/pipelines.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';

const tab = useBrowser();

/** One step for each kind of problem, and some that have none. */
const STEPS = [
  { name: 'New case', trigger: 'never asked', initialMessage: 'Hello', ...timer(48) },
  { name: 'Reminder', initialMessage: 'Hello?', ...timer(72) },
  { name: 'Last reminder', initialMessage: 'Hello??', ...timer(96, 1) },
  { name: 'Talk', trigger: 'wants to talk', defaultStatus: 'HUMAN_REQUESTED', defaultAiControl: true },
  { name: 'Wait', trigger: 'wants to think', ...timer(24) },
  { name: 'Ask again', ...timer(144, 4) },
  { name: 'Paid', trigger: 'has paid', defaultStatus: 'RESOLVED', ...timer(1) },
  { name: 'wait' },
  { name: 'Out', trigger: 'asked to stop', isConversationRemovalStep: true },
];

async function openProblems(id, page = tab.page) {
  await open(page, `/pipelines/${id}?problems=1`);
  await page.waitForSelector('.problems-panel :is(.problem, .state)');
}

/** The problems that are shown: severity, sentence and names of the steps. */
function shown(page) {
  return page.$$eval('.problem', (items) =>
    items.map((item) =>
      ['.problem-severity', '.problem-sentence', '.problem-steps']
        .map((part) => item.querySelector(part).innerText.replaceAll('\n', ' ').replaceAll('\u00a0', ' ').trim())
        .join(' | '),
    ),
  );
}

/** Chooses a severity; its radio button is drawn as its label. */
async function choose(name) {
  await tab.page.locator(`.segmented-item ::-p-text(${name})`).click();
}

test('says what looks wrong, the worst first, and why', async () => {
  const { id } = await pipelineOf(STEPS);
  await openProblems(id);
  assert.deepEqual(await shown(tab.page), [
    'Error | Customers get these messages again every 7 days, without an end | Reminder Last reminder',
    'Warning | The message comes 2 days or more after the customer’s last one, too late for WhatsApp to deliver it | Reminder',
    'Warning | The message comes 5 days or more after the customer’s last one, too late for WhatsApp to deliver it | Last reminder',
    'Warning | A person is requested, and the AI is turned on | Talk',
    'Warning | The conversation is resolved, and a timer moves it on | Paid',
    'Note | The trigger of the first step is never evaluated | New case',
    'Note | A person is requested, and nobody is assigned | Talk',
    'Note | 2 steps have the same name | Wait wait',
    'Note | Conversations without a reply go round here every 7 days | Wait Ask again',
  ]);
  const why = await tab.page.$('.problem:nth-child(2) .problem-why-button');
  assert.equal(await why.evaluate((element) => element.ariaExpanded), 'false');
  await why.click();
  await waitForText(tab.page, '.problem:nth-child(2)', 'only the customer’s reply opens the 24 hours anew');
  assert.equal(await why.evaluate((element) => element.ariaExpanded), 'true');
  await picture(tab.page, 'problems');
});

test('says it in Portuguese too', async () => {
  const { id } = await pipelineOf(STEPS);
  await tab.page.evaluateOnNewDocument(() => localStorage.setItem('crm-steps:language', 'pt-BR'));
  await openProblems(id);
  const [first] = await shown(tab.page);
  assert.match(first, /^Erro \| .*7 dias.* \| Reminder Last reminder$/);
  assert.doesNotMatch(await textOf(tab.page, '.problems-panel'), /Warning|Why|Show/);
});

test('shows those of one severity or kind', async () => {
  const { id } = await pipelineOf(STEPS);
  await openProblems(id);
  await choose('4 warnings');
  await waitForText(tab.page, '[role=status]', '4 of 9 shown');
  assert.ok((await shown(tab.page)).every((problem) => problem.startsWith('Warning')));
  await choose('All');
  await waitForText(tab.page, '[role=status]', '9 of 9 shown');

  await tab.page.locator('.problems-filter .picker-button').click();
  await press(tab.page, 'Message too late', 'option');
  await waitForText(tab.page, '[role=status]', '2 of 9 shown');
  await choose('1 error');
  await waitForText(tab.page, '.problems-panel', 'No problem matches the filter.');
  await press(tab.page, 'Show all');
  await waitForText(tab.page, '[role=status]', '9 of 9 shown');
});

test('opens the steps of a problem', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await openProblems(id);
  await press(tab.page, 'Open Last reminder');
  await tab.page.waitForFunction((step) => location.search.includes(`step=${step}`), {}, stepIds[2]);
});

test('the list comes instead of the step that is open, and a second press closes it', async () => {
  const { page } = tab;
  const { id, stepIds } = await pipelineOf([{ name: 'Only', defaultStatus: 'RESOLVED' }, { name: 'Far' }]);
  await open(page, `/pipelines/${id}?view=board&step=${stepIds[1]}`);
  await page.locator('.step-panel [data-field="name"] input').fill('Further');
  await press(page, '1 problem', 'link');
  await page.waitForSelector('.problems-panel .problem');
  await page.waitForSelector('.step-panel', { hidden: true });

  // From the list to the step and back by the same button.
  await press(page, 'Open Far');
  await page.waitForSelector('.step-panel .step-form');
  assert.equal(await page.$eval('.step-panel [data-field="name"] input', ({ value }) => value), 'Further');
  await press(page, '1 problem', 'link');
  await page.waitForSelector('.step-panel', { hidden: true });
  assert.notEqual(await page.$('.problems-panel .problem'), null);

  await press(page, '1 problem', 'link');
  await page.waitForSelector('.problems-panel', { hidden: true });
});

test('the form of a step begins with its problems, marked as the worst of them', async () => {
  const { page } = tab;
  const { id } = await pipelineOf(STEPS);
  await openProblems(id);
  await press(page, 'Open Last reminder');
  await page.waitForSelector('.step-panel .step-form');
  await waitForText(page, '.step-section:first-child[data-expanded]', 'Problems of this step');
  assert.deepEqual(
    await page.$$eval('.step-section:first-child .tag-danger, .step-section:first-child .step-finding-error', (found) =>
      found.map(({ tagName }) => tagName),
    ),
    ['SPAN', 'LI'],
  );
  await waitForText(page, '.step-section:first-child .tag-danger', '2');
});

test('a problem that a step gets while it is open is shown', async () => {
  const { page } = tab;
  const { id, stepIds } = await pipelineOf([{ name: 'Only', defaultStatus: 'RESOLVED' }]);
  await open(page, `/pipelines/${id}?view=board&step=${stepIds[0]}`);
  await page.waitForSelector('.step-form');
  assert.doesNotMatch(await textOf(page, '.step-section:first-child'), /Problems/);
  await graphql(
    'mutation ($id: ID!) { updateCrmStep(id: $id, input: { autoNextTime: 1, autoNextTimeUnit: h }) { userErrors { code } } }',
    { id: stepIds[0] },
  );
  await waitForText(page, '.step-section:first-child[data-expanded]', 'Problems of this step');
});

test('shows the steps of a problem in the flow', async () => {
  const { id } = await pipelineOf(STEPS);
  await openProblems(id);
  await tab.page.locator('.problem:nth-child(9) .problem-show').click();
  await tab.page.waitForFunction(() => location.search.includes('view=flow'));
  // Both are in view once it has moved.
  await tab.page.waitForFunction(() => document.querySelectorAll('.flow-step[data-highlighted]').length === 2);
  const lit = await tab.page.$$eval('.flow-step[data-highlighted]', (steps) =>
    steps.map((step) => step.dataset.stepIndex),
  );
  assert.deepEqual(lit, ['4', '5']);
});

test('is operated by keys alone', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await openProblems(id);
  await tab.page.focus('.problem:nth-child(1) .problem-show');
  await tab.page.keyboard.press('Tab');
  await tab.page.keyboard.press('Tab');
  await tab.page.keyboard.press('Tab');
  await tab.page.keyboard.press('Enter');
  await waitForText(tab.page, '.problem:nth-child(1)', 'Let one of the timers lead elsewhere');
  await tab.page.keyboard.down('Shift');
  await tab.page.keyboard.press('Tab');
  await tab.page.keyboard.up('Shift');
  await tab.page.keyboard.press('Enter');
  await tab.page.waitForFunction((step) => location.search.includes(`step=${step}`), {}, stepIds[2]);
});

test('follows what others change, without reloading', async () => {
  const { id, stepIds } = await pipelineOf([{ name: 'Only', defaultStatus: 'RESOLVED' }, { name: 'Far' }]);
  await openProblems(id);
  assert.deepEqual(await shown(tab.page), ['Warning | Conversations reach this step only by hand | Far']);
  await graphql(
    'mutation ($id: ID!) { updateCrmStep(id: $id, input: { trigger: "asked", defaultStatus: RESOLVED }) { userErrors { code } } }',
    { id: stepIds[1] },
  );
  await waitForText(tab.page, '.problems-panel', 'Nothing looks wrong');
});

test('says that nothing looks wrong', async () => {
  const { id } = await pipelineOf([{ name: 'Only', defaultStatus: 'RESOLVED' }]);
  await openProblems(id);
  await waitForText(tab.page, '.problems-panel', 'Nothing looks wrong');
  assert.deepEqual(await axe(tab.page), []);
});

test('draws a long list a part at a time', async () => {
  const { id } = await pipelineOf([
    { name: 'First', defaultStatus: 'RESOLVED' },
    ...Array.from({ length: 60 }, (_, index) => ({ name: `Far ${index}` })),
  ]);
  await openProblems(id);
  await waitForText(tab.page, '[role=status]', '25 of 60 shown');
  await press(tab.page, 'Show 25 more');
  await press(tab.page, 'Show 10 more');
  await waitForText(tab.page, '[role=status]', '60 of 60 shown');
});

testLooks('has no barriers and fits', tab, async (page, suffix) => {
  const { id } = await pipelineOf(STEPS);
  await openProblems(id);
  await page.locator('.problem-why-button').click();
  await checkScreen(page, `problems-${suffix}`);
});

test('has no text that is not translated', async () => {
  const { id } = await pipelineOf(STEPS);
  await usePseudoLocale(tab.page);
  await openProblems(id);
  await tab.page.locator('.problem-why-button').click();
  assert.deepEqual(await untranslated(tab.page), []);
});
