// The flow of a pipeline in a browser, against a running service with the demo data.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { graphql } from './support/api.mjs';
import { until } from './support/board.mjs';
import { focused, look, open, overflow, picture, press, useBrowser, waitForText } from './support/browser.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { pipelineOf, timer } from './support/pipelines.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';
import { panelIsReady, type } from './support/step-form.mjs';
import { newToken } from './support/tokens.mjs';

const tab = useBrowser();

/** Steps with a timer forward, one to the following step, and a cycle. */
const STEPS = [
  { name: 'New lead', ...timer(36, 3) },
  { name: 'Qualified', trigger: 'asked for a price', ...timer(2) },
  { name: 'Offer', ...timer(48, 1) },
  { name: 'Cold', trigger: 'is silent', defaultStatus: 'RESOLVED' },
  { name: 'Out', trigger: 'asked to stop', isConversationRemovalStep: true },
];

async function openFlow(id, page = tab.page, token = undefined) {
  await open(page, `/pipelines/${id}?view=flow`, token);
  await page.waitForSelector('.flow-picture[data-placed]');
}

/** The middle of the step with this index, on the screen. */
function middleOf(page, index) {
  return page.$eval(`[data-step-index="${index}"]`, (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
}

/** Which arcs are drawn: `from>to label`, in the order of the steps that they leave. */
function arcs(page) {
  return page.$$eval('.timer-arc', (elements) =>
    elements
      .map((element) => [element.dataset.from, element.dataset.to, element.querySelector('text').textContent])
      .sort(([a], [b]) => a - b)
      .map(([from, to, label]) => `${from}>${to} ${label.replaceAll('\u00a0', ' ')}`),
  );
}

async function waitForArcs(page, expected) {
  const text = JSON.stringify(expected);
  let found = '';
  for (let attempt = 0; attempt < 200 && found !== text; attempt += 1) {
    found = JSON.stringify(await arcs(page));
    if (found !== text) await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  assert.equal(found, text);
}

/** Takes the end of the arc that leaves a step, and moves it to a point without letting go. */
async function dragEnd(page, from, target) {
  await page.hover(`[data-step-index="${from}"]`);
  const grip = await page.waitForSelector(`.timer-arc[data-from="${from}"] .timer-arc-grip`);
  const { x, y } = await grip.evaluate((element) => {
    const box = element.querySelector('.timer-arc-dot').getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(target.x, target.y, { steps: 5 });
}

function targetOf(id) {
  return graphql('query ($id: ID!) { crmStep(id: $id) { autoNextStepId } }', { id }).then(
    ({ crmStep }) => crmStep.autoNextStepId,
  );
}

test('shows the steps in a row, and their timers as arcs beside it', async () => {
  const { id } = await pipelineOf(STEPS);
  await openFlow(id);
  await press(tab.page, 'Show everything');
  await tab.page.waitForSelector('[data-step-index="4"]');
  assert.deepEqual(await arcs(tab.page), ['0>3 36 h', '1>2 2 h', '2>1 2 d · ⟲ cycle: 50 h']);

  const middles = await Promise.all([0, 1, 2, 3, 4].map((index) => middleOf(tab.page, index)));
  for (const [index, { x, y }] of middles.entries()) {
    assert.equal(y, middles[0].y);
    if (index > 0) assert.ok(x > middles[index - 1].x);
  }
  const labels = await tab.page.$$eval('.timer-arc', (elements) =>
    elements.map((element) => [element.dataset.from, element.querySelector('text').getBoundingClientRect().y]),
  );
  // Forward above the row, backward below it.
  for (const [from, y] of labels) assert.equal(y > middles[0].y, from === '2');
  await picture(tab.page, 'flow');
});

test('a timer opens the step that it leaves, at the time', async () => {
  const { page } = tab;
  const { id, stepIds } = await pipelineOf(STEPS);
  await openFlow(id);
  const label = await page.waitForSelector('.timer-arc[data-from="0"] text');
  const { x, y } = await label.evaluate((element) => {
    const box = element.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  await page.mouse.click(x, y);
  await page.waitForFunction((step) => location.search.includes(`step=${step}`), {}, stepIds[0]);
  await page.waitForFunction(() => document.activeElement.closest('[data-field="autoNextTime"]') !== null);
});

test('only the panel that a timer has opened begins at the time, and only once', async () => {
  const { page } = tab;
  const { id } = await pipelineOf(STEPS);
  await openFlow(id);
  const click = (selector) =>
    page.$eval(selector, (element) => element.dispatchEvent(new MouseEvent('click', { bubbles: true })));
  const arc = '.timer-arc[data-from="0"] .timer-arc-label';
  const isAtTime = () => document.activeElement.closest('[data-field="autoNextTime"]') !== null;
  /** Whether the form that is drawn in `panel` has moved the focus to the time. */
  const beginsAtTime = async (panel) => {
    await page.waitForSelector(`${panel} .step-form`);
    for (let frames = 3; frames > 0; frames -= 1) await page.evaluate(() => new Promise(requestAnimationFrame));
    return page.evaluate(isAtTime);
  };
  await click(arc);
  await page.waitForFunction(isAtTime);
  await page.goBack();
  await page.waitForSelector('.panel', { hidden: true });
  await click('[data-step-index="0"]');
  assert.equal(await beginsAtTime('.panel-side'), false, 'the step itself was pressed');

  await click(arc);
  await page.waitForFunction(isAtTime);
  await page.focus('.panel-title');
  await page.setViewport({ width: 700, height: 800 });
  assert.equal(await beginsAtTime('.panel-page'), false, 'it was there already');
});

test('says in words what it shows', async () => {
  const { id } = await pipelineOf(STEPS);
  await openFlow(id);
  const words = await tab.page.$eval('[data-step-index="1"]', (element) => element.firstElementChild.textContent);
  assert.equal(
    words,
    'Step 2 of 5: Qualified. Conversations enter by its trigger, from any step. ' +
      'The timer of step 3 leads here. After 2 hours to step 3, Offer. It has 1 note.',
  );
  await press(tab.page, 'In words');
  await waitForText(tab.page, '.flow-connections', 'After 36 hours to step 4, Cold.');
  await waitForText(tab.page, '.flow-connections', 'This closes a cycle of timers of 50 hours.');
});

test('keeps what is in the middle there when the steps in words open below it', async () => {
  const { page } = tab;
  const { id } = await pipelineOf(STEPS);
  await openFlow(id);
  const fromMiddle = async () => {
    const middle = await page.$eval('.flow-picture', (picture) => {
      const { y, height } = picture.getBoundingClientRect();
      return y + height / 2;
    });
    return (await middleOf(page, 0)).y - middle;
  };
  const before = await fromMiddle();
  await press(page, 'In words');
  await page.waitForSelector('.flow-connections');
  await page.waitForFunction(() => {
    const [picture, list] = ['.flow-picture', '.flow-connections'].map((part) => document.querySelector(part));
    return picture.getBoundingClientRect().bottom <= list.getBoundingClientRect().top + 1;
  });
  await until(async () => assert.ok(Math.abs((await fromMiddle()) - before) <= 1));
});

test('is operated by keys alone', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await openFlow(id);
  await tab.page.focus('[data-step-index="0"]');
  for (const [key, name] of [
    ['ArrowRight', 'Step 2 of 5: Qualified.'],
    ['End', 'Step 5 of 5: Out.'],
    ['ArrowRight', 'Step 5 of 5: Out.'],
    ['ArrowLeft', 'Step 4 of 5: Cold.'],
    ['Home', 'Step 1 of 5: New lead.'],
  ]) {
    await tab.page.keyboard.press(key);
    await tab.page.waitForFunction((name) => document.activeElement.textContent.startsWith(name), {}, name);
  }
  // One stop for the steps: the next one is a button of the picture.
  await tab.page.keyboard.press('Tab');
  assert.equal((await focused(tab.page)).name, 'Zoom out');
  await tab.page.keyboard.down('Shift');
  await tab.page.keyboard.press('Tab');
  await tab.page.keyboard.up('Shift');
  assert.match((await focused(tab.page)).name, /^Step 1 of 5/);

  await tab.page.keyboard.press('End');
  await tab.page.waitForFunction(() => document.activeElement.dataset.stepIndex === '4');
  await tab.page.keyboard.press('Enter');
  await tab.page.waitForFunction((step) => location.search.includes(`step=${step}`), {}, stepIds[4]);
});

test('zooms and shows everything by keys and by buttons', async () => {
  const { id } = await pipelineOf(STEPS);
  await look(tab.page);
  await openFlow(id);
  const width = () => tab.page.$eval('[data-step-index="0"]', (element) => element.getBoundingClientRect().width);
  const waitForWidth = (compare, than) =>
    tab.page.waitForFunction(
      (compare, than) => {
        const { width } = document.querySelector('[data-step-index="0"]').getBoundingClientRect();
        return compare === '<' ? width < than - 1 : width > than + 1;
      },
      {},
      compare,
      than,
    );
  const before = await width();
  await tab.page.focus('[data-step-index="0"]');
  await tab.page.keyboard.press('-');
  await waitForWidth('<', before);
  const smaller = await width();
  await tab.page.keyboard.press('+');
  await waitForWidth('>', smaller);
  await press(tab.page, 'Zoom out');
  await waitForWidth('<', before);
  await press(tab.page, 'Zoom in');
  await waitForWidth('>', smaller);
  await tab.page.focus('[data-step-index="0"]');
  await tab.page.keyboard.press('0');
  await tab.page.waitForFunction(() => {
    const last = document.querySelector('[data-step-index="4"]')?.getBoundingClientRect();
    return last !== undefined && last.right < innerWidth;
  });
});

test('opens a step by the mouse, and does not when the picture is only moved', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await openFlow(id);
  const start = await middleOf(tab.page, 1);
  await tab.page.mouse.move(start.x, start.y);
  await tab.page.mouse.down();
  await tab.page.mouse.move(start.x - 60, start.y, { steps: 4 });
  await tab.page.mouse.up();
  // The click that ends a drag is swallowed until the next task.
  await tab.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  const moved = await middleOf(tab.page, 1);
  assert.ok(moved.x < start.x - 20, 'the picture has moved');
  assert.doesNotMatch(tab.page.url(), /step=/);

  await tab.page.mouse.click(moved.x, moved.y);
  await tab.page.waitForFunction((step) => location.search.includes(`step=${step}`), {}, stepIds[1]);
});

test('leads a timer to another step by dragging the end of its arc, and takes it back', async () => {
  const { id, stepIds } = await pipelineOf(STEPS.slice(0, 4));
  await openFlow(id);
  await dragEnd(tab.page, 1, await middleOf(tab.page, 3));
  await tab.page.mouse.up();
  await waitForArcs(tab.page, ['0>3 36 h', '1>3 2 h', '2>1 2 d']);
  await waitForText(tab.page, 'body', 'The timer of Qualified leads to Cold.');
  assert.equal(await targetOf(stepIds[1]), stepIds[3]);

  await press(tab.page, 'Undo: Target of the timer of Qualified');
  await waitForArcs(tab.page, ['0>3 36 h', '1>2 2 h', '2>1 2 d · ⟲ cycle: 50 h']);
  assert.equal(await targetOf(stepIds[1]), null, 'it leads to the following step again, wherever that is');
});

test('a change of a step can be taken back after its timer was led elsewhere and back', async () => {
  const { id, stepIds } = await pipelineOf(STEPS.slice(0, 4));
  await open(tab.page, `/pipelines/${id}?view=flow&step=${stepIds[1]}`);
  await panelIsReady(tab.page);
  await type(tab.page, 'name', 'Interested');
  await press(tab.page, 'Save');
  await press(tab.page, 'Close');
  await tab.page.waitForSelector('.step-form', { hidden: true });
  await tab.page.waitForSelector('.flow-picture[data-placed]');
  await dragEnd(tab.page, 1, await middleOf(tab.page, 3));
  await tab.page.mouse.up();
  await waitForArcs(tab.page, ['0>3 36 h', '1>3 2 h', '2>1 2 d']);
  await press(tab.page, 'Undo: Target of the timer of Interested');
  await waitForArcs(tab.page, ['0>3 36 h', '1>2 2 h', '2>1 2 d · ⟲ cycle: 50 h']);
  await press(tab.page, 'Undo: Change “Interested”');
  await until(async () => {
    const { crmStep } = await graphql('query ($id: ID!) { crmStep(id: $id) { name } }', { id: stepIds[1] });
    assert.equal(crmStep.name, 'Qualified');
  });
});

test('does not lead a timer to its own step, and Escape cancels', async () => {
  const { id, stepIds } = await pipelineOf(STEPS.slice(0, 4));
  await openFlow(id);
  await dragEnd(tab.page, 0, await middleOf(tab.page, 0));
  await waitForText(tab.page, '.flow-note', 'A timer cannot lead to its own step.');
  await tab.page.mouse.up();
  await dragEnd(tab.page, 0, await middleOf(tab.page, 2));
  await waitForText(tab.page, '.flow-note', 'Drag to where the timer of New lead leads');
  await tab.page.keyboard.press('Escape');
  await waitForText(tab.page, '.flow-note', 'Drag', { isGone: true });
  await tab.page.mouse.up();
  assert.deepEqual(await arcs(tab.page), ['0>3 36 h', '1>2 2 h', '2>1 2 d · ⟲ cycle: 50 h']);
  assert.equal(await targetOf(stepIds[0]), stepIds[3]);
});

test('follows what others change, without reloading', async () => {
  const { id, stepIds } = await pipelineOf([{ name: 'New lead', ...timer(36) }, ...STEPS.slice(1, 3)]);
  await openFlow(id);
  await graphql(
    'mutation ($id: ID!) { updateCrmStep(id: $id, input: { name: "Renamed", autoNextTime: 5, autoNextTimeUnit: d }) { userErrors { code } } }',
    { id: stepIds[1] },
  );
  await waitForText(tab.page, '[data-step-index="1"]', 'Renamed');
  await waitForArcs(tab.page, ['0>1 36 h', '1>2 5 d', '2>1 2 d · ⟲ cycle: 7 d']);
  await graphql('mutation ($id: ID!) { deleteCrmStep(id: $id) { userErrors { code } } }', { id: stepIds[2] });
  await tab.page.waitForSelector('[data-step-index="2"]', { hidden: true });
});

test('lets a token that may only read look, and change nothing', async () => {
  const { id } = await pipelineOf(STEPS);
  const { viewer } = await graphql('{ viewer { organization { name } } }');
  await openFlow(id, tab.page, newToken({ organization: viewer.organization.name, scopes: ['read'] }));
  await tab.page.hover('[data-step-index="1"]');
  await tab.page.waitForSelector('.timer-arc[data-near]');
  assert.equal(await tab.page.$('.timer-arc-grip'), null);
});

test('saves the picture as the server draws it', async () => {
  const { id } = await pipelineOf(STEPS, 'Leads: "new" / old');
  const folder = mkdtempSync(path.join(tmpdir(), 'flow-'));
  try {
    const session = await tab.browser.target().createCDPSession();
    await session.send('Browser.setDownloadBehavior', {
      behavior: 'allow',
      downloadPath: folder,
      browserContextId: tab.context.id,
      eventsEnabled: true,
    });
    await openFlow(id);
    for (const [item, ending, begin] of [
      ['Picture (SVG)', 'svg', /^<svg /],
      ['Mermaid text', 'mmd', /^(---|flowchart)/],
      ['Graphviz text (DOT)', 'dot', /^digraph/],
    ]) {
      const isSaved = new Promise((resolve) =>
        session.on('Browser.downloadProgress', ({ state }) => state === 'completed' && resolve()),
      );
      await press(tab.page, 'Download');
      await press(tab.page, item, 'menuitem');
      const file = `Leads new old.${ending}`;
      await waitForText(tab.page, '[aria-live]', `${file} was saved.`);
      await isSaved;
      assert.match(readFileSync(path.join(folder, file), 'utf8'), begin);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('draws of a thousand steps only those in view', async () => {
  const { id } = await pipelineOf(
    Array.from({ length: 1000 }, (_, index) => ({
      name: `Stage ${index + 1}`,
      ...(index % 10 === 9
        ? timer(72, Math.max(0, index - 20))
        : index % 7 === 3 && index < 900
          ? timer(48, index + 90)
          : timer(36)),
    })),
  );
  await look(tab.page);
  await openFlow(id);
  const count = () => tab.page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok((await count()) <= 500, `${await count()} elements at first`);

  await tab.page.focus('[data-step-index="0"]');
  await tab.page.keyboard.press('0');
  await tab.page.waitForSelector('[data-step-index="10"]');
  assert.ok((await count()) <= 500, `${await count()} elements at the least zoom`);

  await tab.page.keyboard.press('End');
  await tab.page.waitForFunction(() => document.activeElement.textContent.startsWith('Step 1,000 of 1,000'));
  await tab.page.waitForSelector('[data-step-index="995"]');
  assert.equal(await tab.page.$('[data-step-index="0"]'), null);
  assert.ok((await count()) <= 500, `${await count()} elements at the end`);

  await press(tab.page, 'In words');
  await waitForText(tab.page, '.flow-connections', 'Step 1 of 1,000: Stage 1.');
  assert.ok((await count()) <= 500, `${await count()} elements with the list`);
});

test('works by touch on a phone, with the steps in words below', async () => {
  const { id, stepIds } = await pipelineOf(STEPS);
  await tab.page.setViewport({ width: 360, height: 800, hasTouch: true, isMobile: true });
  await openFlow(id);
  assert.equal(await overflow(tab.page), 0);
  await waitForText(tab.page, '.flow-connections', 'After 36 hours to step 4, Cold.');

  const start = await middleOf(tab.page, 0);
  const touch = await tab.page.touchscreen.touchStart(start.x, start.y);
  await touch.move(start.x - 40, start.y);
  await touch.move(start.x - 80, start.y);
  await touch.end();
  await tab.page.waitForFunction(
    (x) => document.querySelector('[data-step-index="0"]').getBoundingClientRect().x < x - 100,
    {},
    start.x,
  );
  assert.doesNotMatch(tab.page.url(), /step=/);
  const { x, y } = await middleOf(tab.page, 1);
  await tab.page.touchscreen.tap(x, y);
  await tab.page.waitForFunction((step) => location.search.includes(`step=${step}`), {}, stepIds[1]);
});

testLooks('has no barriers and fits', tab, async (page, suffix) => {
  const { id } = await pipelineOf(STEPS);
  await openFlow(id);
  await checkScreen(page, `flow-${suffix}`);
  await page.focus('[data-step-index="0"]');
  await checkScreen(page, `flow-focused-${suffix}`);
});

test('has no text that is not translated', async () => {
  const { id } = await pipelineOf(STEPS);
  await usePseudoLocale(tab.page);
  await openFlow(id);
  await press(tab.page, '⟦In words⟧');
  await tab.page.waitForSelector('.flow-connection');
  assert.deepEqual(await untranslated(tab.page), []);
});
