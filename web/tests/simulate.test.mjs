// The dry run of a pipeline in a browser, against a running service with the demo data.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql } from './support/api.mjs';
import {
  axe,
  fill,
  find,
  focused,
  intercept,
  open,
  picture,
  press,
  textOf,
  useBrowser,
  waitForText,
} from './support/browser.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { pipelineOf, timer } from './support/pipelines.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';

const tab = useBrowser();

const DEMO = '019a0000-0000-7000-8000-000000000301';
const STEPS = [
  { name: 'New lead', initialMessage: 'Hello!', defaultTags: ['lead'], ...timer(36, 2) },
  { name: 'Qualified', trigger: 'asked for a price', defaultStatus: 'HUMAN_REQUESTED', ...timer(2) },
  { name: 'Cold', initialMessage: 'Still there?', ...timer(24, 3) },
  { name: 'Out', trigger: 'asked to stop', isConversationRemovalStep: true },
];

async function openSimulation(id, search = '', page = tab.page) {
  await open(page, `/pipelines/${id}/simulate${search}`);
  await page.waitForSelector('.flow-picture[data-placed]');
}

/** What the timeline shows: of each moment the time since the start, and its lines. */
function moments(page) {
  return page.$$eval('.moment', (items) =>
    items.map((item) => {
      const time = item.querySelector('.moment-time > span').innerText;
      const lines = [...item.querySelectorAll('.entry-line')].map((line) => line.innerText.replaceAll('\n', ' — '));
      return [time, ...lines].join(' | ').replaceAll('\u00a0', ' ');
    }),
  );
}

async function waitForMoments(page, count) {
  await page.waitForFunction((count) => document.querySelectorAll('.moment').length === count, {}, count);
  return moments(page);
}

/** The index of the step that is lit in the picture. */
function lit(page) {
  return page.$$eval('.flow-step[data-highlighted]', (steps) => steps.map((step) => step.dataset.stepIndex).join());
}

async function waitForLit(page, index) {
  await page.waitForFunction(
    (index) => document.querySelector('.flow-step[data-highlighted]')?.dataset.stepIndex === index,
    {},
    String(index),
  );
}

test('shows everything that happens, and stores nothing', async () => {
  const { id } = await pipelineOf(STEPS);
  await openSimulation(id);
  await waitForText(tab.page, 'main', 'nothing is sent, and nothing is stored');
  await press(tab.page, 'Run');
  assert.deepEqual(await waitForMoments(tab.page, 3), [
    '0 s | The conversation starts in New lead. | Tags added: lead | Sent: “Hello!” | Timer: in 36 hours to Cold',
    '36 h | The timer moves it to Cold. | ' +
      'Not sent: “Still there?” — The customer’s last message is 24 hours old or older. | Timer: in 1 day to Out',
    '60 h | The timer moves it to Out. | The step takes the conversation out of the pipeline.',
  ]);
  await waitForText(tab.page, '.timeline-end', 'The end: a step took the conversation out.');
  await waitForLit(tab.page, 3);
  const { crmScenario } = await graphql('query ($id: ID!) { crmScenario(id: $id) { revision } }', { id });
  assert.equal(crmScenario.revision, 1);
  await picture(tab.page, 'simulate');
});

test('shows one moment after the other, and begins again', async () => {
  const { id } = await pipelineOf(STEPS);
  await openSimulation(id);
  for (const [count, index] of [
    [1, 0],
    [2, 2],
    [3, 3],
  ]) {
    await press(tab.page, 'Step');
    await waitForMoments(tab.page, count);
    await waitForLit(tab.page, index);
    await waitForText(tab.page, '[role=status]', `${count} of 3 moments`);
  }
  const step = await find(tab.page, 'Step', 'button');
  assert.equal(await step.evaluate((element) => element.ariaDisabled), 'true');

  // The picture goes back to where the conversation was.
  await tab.page.locator('.moment:nth-child(2) .moment-time').click();
  await waitForLit(tab.page, 2);

  await press(tab.page, 'Reset');
  await waitForMoments(tab.page, 0);
  await waitForText(tab.page, 'main', 'Nothing has happened yet');
  assert.equal(await lit(tab.page), '');
});

test('says in the address what is simulated, so that a link shows the same', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await openSimulation(id, `?event=240.message.How+much%3F&event=300.trigger.${stepIds[1]}&channel=OTHER&shown=2`);
  const expected = await waitForMoments(tab.page, 2);
  assert.equal(expected[1], '4 min | The customer writes: “How much?” — The timer goes on: 1 day, 11 hours, 56 minutes to go.');
  const address = tab.page.url();

  const other = await tab.newPage();
  await open(other, new URL(address).pathname.replace('/console', '') + new URL(address).search);
  assert.deepEqual(await waitForMoments(other, 2), expected);
  await waitForLit(other, 0);
  assert.equal(other.url(), address);
});

test('takes events, also where they are wanted in the timeline', async () => {
  const { id } = await pipelineOf(STEPS);
  await openSimulation(id);
  await press(tab.page, 'Run');
  await waitForMoments(tab.page, 3);

  await tab.page.locator('.moment:nth-child(2) > button:last-child').click();
  await press(tab.page, 'A trigger is met', 'menuitem');
  assert.match((await focused(tab.page)).name, /^Step/);
  await tab.page.keyboard.type('Qual');
  await press(tab.page, '2 Qualified', 'option');
  await waitForText(tab.page, 'main', 'The settings have changed since.');
  // Also where the end of a long result is read.
  await tab.page.$eval('.simulation-result', (element) => element.scrollTo(0, element.scrollHeight));
  assert.equal(
    await tab.page.$eval('.simulation-result > .banner', (banner) => {
      const { x, y, width, height } = banner.getBoundingClientRect();
      return banner.contains(document.elementFromPoint(x + width / 3, y + height / 2));
    }),
    true,
  );
  await press(tab.page, 'Run again');
  const shown = await waitForMoments(tab.page, 5);
  assert.equal(
    shown[2],
    '36 h | The trigger of Qualified is met. | Status: Person requested | Timer: in 2 hours to Cold',
  );

  await press(tab.page, 'Remove event 1');
  await press(tab.page, 'Add an event');
  await fill(tab.page, 'Message', 'Hello?');
  await press(tab.page, 'Run');
  assert.equal((await waitForMoments(tab.page, 4))[1], '0 s | The customer writes: “Hello?” — The timer goes on: 36 hours to go.');
});

test('leads back to the view that one came from', async () => {
  const { id } = await pipelineOf(STEPS);
  await open(tab.page, `/pipelines/${id}?view=flow`);
  await press(tab.page, 'Simulate', 'link');
  await press(tab.page, 'Run');
  await waitForMoments(tab.page, 3);
  await press(tab.page, 'Back to the pipeline', 'link');
  await tab.page.waitForFunction(() => location.search === '?view=flow');
});

test('says beside the field what is wrong, before and after asking the service', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await openSimulation(id, `?event=60.move.${stepIds[0].replace(/.{4}$/, 'ffff')}`);
  await press(tab.page, 'Run');
  await waitForText(tab.page, '.summary', 'This step is not there any more. Choose another one.');
  assert.equal((await focused(tab.page)).name, 'One thing to correct');
  await press(tab.page, 'Event 1');
  assert.match((await focused(tab.page)).name, /^Step/);
  const described = await tab.page.evaluate(() => {
    const ids = document.activeElement.getAttribute('aria-describedby').split(' ');
    return ids.map((id) => document.getElementById(id)?.innerText ?? '').join(' ');
  });
  assert.match(described, /This step is not there any more/);

  await press(tab.page, 'Remove event 1');
  await press(tab.page, 'More settings');
  await fill(tab.page, 'Ends after', '400');
  await press(tab.page, 'Run');
  await waitForText(tab.page, '.duration-field', 'Enter a time of at most 365 days.');
  assert.equal((await focused(tab.page)).name, 'One thing to correct');
  // The same name has the link of the summary, which leads to the field.
  await press(tab.page, 'Ends after');
  await tab.page.keyboard.press('Home');
  await tab.page.keyboard.down('Shift');
  await tab.page.keyboard.press('End');
  await tab.page.keyboard.up('Shift');
  await tab.page.keyboard.type('1');
  await press(tab.page, 'Run');
  await waitForText(tab.page, '.timeline-end', 'The time is up; the conversation is in New lead.');
});

test('says that the pipeline has changed since', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await openSimulation(id);
  await press(tab.page, 'Run');
  await waitForMoments(tab.page, 3);
  await graphql(
    'mutation ($id: ID!) { updateCrmStep(id: $id, input: { autoNextTime: 1, autoNextTimeUnit: h }) { userErrors { code } } }',
    { id: stepIds[0] },
  );
  await waitForText(tab.page, 'main', 'The pipeline has changed since.');
  await press(tab.page, 'Run again');
  await waitForText(tab.page, '.timeline', 'Timer: in 1 hour to Cold');
});

test('keeps what was written if the service does not respond', async () => {
  const { id } = await pipelineOf(STEPS);
  await openSimulation(id, '?event=60.message.Hello');
  let isLost = true;
  await intercept(tab.page, ({ operationName }) =>
    isLost && operationName === 'useSimulationQuery' ? 'lost' : undefined,
  );
  await press(tab.page, 'Run');
  await waitForText(tab.page, '.simulation-result [role=alert]', 'The server cannot be reached');
  tab.expectProblem(/ERR_FAILED|ERR_CONNECTION/);
  isLost = false;
  await press(tab.page, 'Run again');
  assert.equal((await waitForMoments(tab.page, 4))[1], '1 min | The customer writes: “Hello” — The timer goes on: 1 day, 11 hours, 59 minutes to go.');
});

test('says who was chosen for the conversation, and why', async () => {
  const { crmScenario } = await graphql(
    'query ($id: ID!) { crmScenario(id: $id) { steps(first: 3) { nodes { id } } } }',
    {
      id: DEMO,
    },
  );
  const [, second, third] = crmScenario.steps.nodes.map((step) => step.id);
  const search = `?event=60.trigger.${second}&event=120.trigger.${third}&open=019a0000-0000-7000-8000-000000000202.5&shown=all`;
  await openSimulation(DEMO, search);
  await waitForText(tab.page, '.timeline', 'Assigned to Carla Menezes');
  await waitForText(tab.page, '.timeline', 'Bruno Tavares 5, Carla Menezes 0');
});

test('is operated by keys alone', async () => {
  const { id } = await pipelineOf(STEPS);
  await openSimulation(id);
  await (await find(tab.page, 'Step', 'button')).focus();
  await tab.page.keyboard.press('Enter');
  await waitForMoments(tab.page, 1);
  await tab.page.keyboard.press('Space');
  await waitForMoments(tab.page, 2);
  await tab.page.focus('.moment:nth-child(2) > button:last-child');
  await tab.page.keyboard.press('Enter');
  await find(tab.page, 'Somebody takes it out', 'menuitem');
  await tab.page.keyboard.press('End');
  await tab.page.keyboard.press('Enter');
  await tab.page.waitForFunction(() => document.activeElement.closest('.event-row') !== null);
  await (await find(tab.page, 'Run', 'button')).focus();
  await tab.page.keyboard.press('Enter');
  await waitForText(tab.page, '.timeline-end', 'The end: somebody took the conversation out.');
  assert.match((await moments(tab.page))[2], /^36 h \| Somebody takes it out of the pipeline\./);
});

test('says what is not there: a pipeline, or its steps', async () => {
  await open(tab.page, `/pipelines/${DEMO.replace(/.{4}$/, 'ffff')}/simulate`);
  await waitForText(tab.page, 'main', 'This pipeline is not there any more');
  assert.deepEqual(await axe(tab.page), []);

  const { id } = await pipelineOf([]);
  await open(tab.page, `/pipelines/${id}/simulate`);
  await waitForText(tab.page, 'main', 'The pipeline has no steps, so nothing happens.');
  assert.deepEqual(await axe(tab.page), []);
});

test('says it in Portuguese too', async () => {
  const { id } = await pipelineOf(STEPS);
  await tab.page.evaluateOnNewDocument(() => localStorage.setItem('crm-steps:language', 'pt-BR'));
  await openSimulation(id, '?shown=all');
  const [first] = await waitForMoments(tab.page, 3);
  assert.equal(
    first,
    '0 s | A conversa começa em New lead. | Etiquetas adicionadas: lead | Enviada: “Hello!” | Temporizador: em 36 horas para Cold',
  );
  assert.doesNotMatch(await textOf(tab.page, 'main'), /Run|Step|moments/);
});

testLooks('has no barriers and fits', tab, async (page, suffix) => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await openSimulation(id, `?event=240.message.How+much%3F&event=300.trigger.${stepIds[1]}&shown=all`);
  await waitForMoments(page, 5);
  await checkScreen(page, `simulate-${suffix}`);
  await press(page, 'More settings');
  await fill(page, 'Ends after', '');
  await press(page, 'Run');
  await page.waitForSelector('.summary');
  await checkScreen(page, `simulate-wrong-${suffix}`);
});

test('has no text that is not translated', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await usePseudoLocale(tab.page);
  await openSimulation(
    id,
    `?event=240.message.x&event=300.trigger.${stepIds[1]}&event=400.move.${stepIds[0]}&shown=all`,
  );
  await tab.page.waitForSelector('.moment');
  await press(tab.page, '⟦More settings⟧');
  // React Aria has words of its own, in Portuguese too.
  const foreign = (await untranslated(tab.page)).filter((text) => !text.includes('aria-roledescription: Number field'));
  assert.deepEqual(foreign, []);
});
