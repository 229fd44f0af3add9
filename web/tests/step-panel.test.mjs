// The states of the panel of a step, and how it is used by keys, by readers and on small screens.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql, TOKEN } from './support/api.mjs';
import { axe, intercept, look, press, textOf, useBrowser, waitForText } from './support/browser.mjs';
import { withoutClipboard } from './support/clipboard.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';
import * as form from './support/step-form.mjs';
import { newToken } from './support/tokens.mjs';

const tab = useBrowser();
const { addHeaders, openStep, panelIsReady, save, saved, slot, storedStep, type } = form;

/** A step with something in each section. */
async function fullStep() {
  const sofia = await form.idOf('agents', 'Sofia — Vendas');
  const ana = await form.idOf('memberships', 'Ana Prado');
  const { id, steps } = await form.pipeline('Alvo', {
    name: 'Qualificação',
    trigger: 'Pediu preço ou prazo',
    agentId: sofia,
    defaultPriority: 'HIGH',
    defaultTags: ['lead', 'um rótulo bem comprido que não cabe ao lado dos outros'],
    assigneeLogicType: 'single_user',
    selectedMembershipIdsForAssignee: [ana],
    initialMessage: 'Olá!',
    autoNextTime: 36,
    autoNextTimeUnit: 'h',
    webhookUrl: 'https://example.com/hook',
    webhookHeader: { 'X-Key': 'hunter2', 'X-Other': 'value' },
  });
  return { id, step: steps[1] };
}

async function tokenWith(scopes) {
  const { viewer } = await graphql('{ viewer { organization { name } } }');
  return newToken({ organization: viewer.organization.name, scopes });
}

/** The field or the part of the page that has the focus. */
const focusedAt = (page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element.closest('[data-field]')?.dataset.field ?? element.className;
  });

test('a token that may only read sees everything and changes nothing', async () => {
  const { page } = tab;
  const { id, step } = await fullStep();
  await openStep(page, id, step.id, { token: await tokenWith(['read']) });
  await waitForText(page, '.step-form > .banner', 'This token may only read.');
  const said = (await textOf(page, '.step-form')).match(/may only read|Not together with/g);
  assert.deepEqual(said, ['may only read'], 'the reason is said once');
  const enabled = await page.$$eval('.step-form [data-field] :is(input, textarea, button)', (controls) =>
    controls.filter((control) => !(control.disabled || control.readOnly)).map(({ outerHTML }) => outerHTML),
  );
  assert.deepEqual(enabled, [], 'no control takes anything');
  assert.equal(await page.$eval(`${slot('trigger')} textarea`, ({ value }) => value), 'Pediu preço ou prazo');
  await page.waitForSelector('.panel-foot .button-primary[aria-disabled]');
  await press(page, 'More for this step');
  await page.waitForSelector('[role="menuitem"][aria-disabled="true"] ::-p-text(Duplicate)');
  assert.deepEqual(await axe(page), []);
});

test('without the scope for secrets the values of headers are kept, and can be replaced', async () => {
  const { page } = tab;
  const { id, step } = await fullStep();
  await openStep(page, id, step.id, { token: await tokenWith(['read', 'write']) });
  await waitForText(page, slot('webhookHeader'), 'kept');
  assert.doesNotMatch(await page.content(), /hunter2/, 'no value is in the page');
  await press(page, 'Replace the value of X-Key');
  // The focus is where the new one is typed.
  await page.keyboard.sendCharacter('new');
  await press(page, 'Remove header X-Other');
  await addHeaders(page, [['X-New', '1']]);
  await save(page);
  await saved(page);
  await waitForText(page, '.toast', 'Undo cannot bring back header values');
  assert.deepEqual((await storedStep(step.id)).webhookHeader, { 'X-Key': 'new', 'X-New': '1' });

  // Another server must not get them.
  await type(page, 'webhookUrl', 'https://other.example');
  await save(page);
  await waitForText(page, '.summary', 'Webhook headers');
  assert.equal((await storedStep(step.id)).webhookUrl, 'https://example.com/hook');
});

test('by keys alone: the focus goes in, saves, and comes back to the step', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead', 'Outro');
  await page.goto(`${form.addressOf(id, steps[0].id)}#token=${TOKEN}`);
  await page.waitForSelector('.step-form');
  assert.match(await focusedAt(page), /panel-title/);
  for (let left = 30; left > 0 && (await focusedAt(page)) !== 'name'; left -= 1) await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  await page.keyboard.type(' novo');
  await chord(page, 'Control', 's');
  await saved(page);
  assert.equal((await storedStep(steps[0].id)).name, 'Lead novo');
  assert.equal(await focusedAt(page), 'name', 'the focus stays where it was');

  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { hidden: true });
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('Lead novo'));
});

test('a tag that is typed is saved by the keys, too', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead');
  await openStep(page, id, steps[0].id);
  await page.focus(`${slot('defaultTags')} input`);
  await page.keyboard.type('lead');
  await chord(page, 'Control', 's');
  await saved(page);
  assert.deepEqual((await storedStep(steps[0].id)).defaultTags, ['lead']);
});

test('Escape closes a list first, and then the panel', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead');
  await openStep(page, id, steps[0].id);
  await type(page, 'agentId', 'Sofia');
  await page.waitForSelector('[role="listbox"]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role="listbox"]', { hidden: true });
  assert.ok(await page.$('.panel'));
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { hidden: true });
});

test('Escape closes the panel from a heading, and when the focus is lost', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead');
  await page.goto(`${form.addressOf(id, steps[0].id)}#token=${TOKEN}`);
  await page.waitForSelector('.step-form');
  // It is the heading of an open section then.
  await page.click('.step-section:not([data-expanded]) .step-section-button');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { hidden: true });

  await openStep(page, id, steps[0].id);
  await type(page, 'name', 'Outro');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { hidden: true });
  await openStep(page, id, steps[0].id);
  // The button goes with what it discards.
  await press(page, 'Discard changes');
  await page.waitForFunction(() => document.activeElement === document.body);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { hidden: true });
});

test('nothing is said about the button that saves once it was pressed', async () => {
  const { page } = tab;
  const { id } = await form.pipeline('Lead');
  await openStep(page, id, 'new');
  await type(page, 'name', 'Outro');
  await type(page, 'prompt', 'Atenda.');
  await page.click('.panel-foot .button-primary');
  await waitForText(page, '.panel-title', 'Outro');
  const toasts = await (await page.waitForSelector('.toasts')).boundingBox();
  const panel = await (await page.waitForSelector('.panel-side')).boundingBox();
  assert.ok(toasts.x + toasts.width <= panel.x, 'notices stand beside the panel');
  // It would come after half a second.
  await assert.rejects(page.waitForSelector('.tooltip', { timeout: 1000 }));
  // Another button may, once the pointer goes to it.
  await page.hover('.panel-title');
  await page.hover('.panel-head .button[aria-label="Close"]');
  await page.waitForSelector('.tooltip');
});

test('a new step begins with its name, and Cancel asks before it is lost', async () => {
  const { page } = tab;
  const { id } = await form.pipeline('Lead');
  await page.goto(`${form.addressOf(id, 'new')}#token=${TOKEN}`);
  await page.waitForFunction(() => document.activeElement.closest('[data-field="name"]') !== null);
  await page.keyboard.type('Quase');
  await press(page, 'Cancel');
  await waitForText(page, '[role="alertdialog"]', 'Discard what you changed?');
  assert.deepEqual(await axe(page), []);
  await press(page, 'Keep editing');
  assert.equal(await page.$eval(`${slot('name')} input`, ({ value }) => value), 'Quase');
  await press(page, 'Cancel');
  await press(page, 'Discard');
  await page.waitForSelector('.panel', { hidden: true });
  await openStep(page, id, 'new');
  assert.equal(await page.$eval(`${slot('name')} input`, ({ value }) => value), '');
});

test('the sections stay open and closed when the window gets narrower, and wider again', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead');
  const closed = () =>
    page.$$eval('.step-section:not([data-expanded]) .step-section-title', (all) => all.map((title) => title.innerText));
  await openStep(page, id, steps[0].id);
  await page.waitForSelector('.panel-side .history-list');
  await look(page, { width: 360 });
  await page.waitForSelector('.panel-page .history-list');
  assert.deepEqual(await closed(), []);
  await press(page, 'What it is');
  assert.deepEqual(await closed(), ['What it is']);
  await look(page, { width: 1280 });
  await page.waitForSelector('.panel-side .history-list');
  assert.deepEqual(await closed(), ['What it is']);
});

test('on a phone with large text the states of the AI stand below each other, not over each other', async () => {
  const { page } = tab;
  await page.evaluateOnNewDocument(() => localStorage.setItem('crm-steps:language', 'pt-BR'));
  const { id, steps } = await form.pipeline('Lead');
  await look(page, { width: 360 });
  await openStep(page, id, steps[0].id);
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  const boxes = await page.$$eval(`${slot('defaultAiControl')} .segmented-item`, (items) =>
    items.map((item) => {
      const text = document.createRange();
      text.selectNodeContents(item.lastElementChild);
      const [box, { left, right }] = [item.getBoundingClientRect(), text.getBoundingClientRect()];
      return { fits: box.left <= left && right <= box.right, isShown: box.right <= 360 };
    }),
  );
  assert.deepEqual(boxes, Array(3).fill({ fits: true, isShown: true }));
});

for (const width of [360, 1280]) {
  test(`the address of a step is copied also without TLS: ${width} px`, async () => {
    const { page } = tab;
    const { id, steps } = await form.pipeline('Lead');
    await withoutClipboard(page);
    await look(page, { width });
    await openStep(page, id, steps[0].id);
    await press(page, 'More for this step');
    await press(page, 'Copy link', 'menuitem');
    await waitForText(page, '.toast', 'Link copied');
    assert.equal(await page.evaluate(() => window.copied), page.url());
  });
}

test('what cannot be loaded says so, and is tried again', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Lead');
  let isBroken = true;
  await intercept(page, ({ operationName }) =>
    isBroken && operationName === 'stepReaderQuery' ? { status: 500, headers: { 'x-request-id': 'r-1' } } : undefined,
  );
  await page.goto(`${form.addressOf(id, steps[0].id)}#token=${TOKEN}`);
  await waitForText(page, '.panel .state', 'r-1');
  assert.deepEqual(await axe(page), []);
  isBroken = false;
  await press(page, 'Try again');
  await panelIsReady(page);
  tab.expectProblem(/status of 500/);
});

testLooks('accessible and within the window', tab, async (page, suffix) => {
  const { id, step } = await fullStep();
  await openStep(page, id, step.id);
  await checkScreen(page, `step-${suffix}`);

  await type(page, 'name', '');
  await type(page, 'zapiPhoneNumber', 'ramal 12');
  await save(page);
  await page.waitForSelector('.summary');
  await checkScreen(page, `step-wrong-${suffix}`);
  await type(page, 'name', 'Meu');
  await type(page, 'zapiPhoneNumber', '');

  await form.updateStep(step.id, { name: 'Deles', defaultPriority: 'LOW', trigger: 'Outro' });
  await waitForText(page, '.banner', 'Version 2');
  await press(page, 'Merge now');
  await page.waitForSelector('.conflict');
  await checkScreen(page, `step-conflict-${suffix}`);

  await form.deleteStep(step.id);
  await page.waitForSelector('.panel .state');
  await checkScreen(page, `step-gone-${suffix}`);
});

test('every text is a message', async () => {
  const { page } = tab;
  await usePseudoLocale(page);
  const { id, step } = await fullStep();
  await openStep(page, id, step.id);
  await page.waitForSelector('.history-list, .step-history, [data-field]');
  assert.deepEqual(await untranslated(page), []);
  await type(page, 'name', '');
  await type(page, 'zapiPhoneNumber', 'ramal 12');
  await save(page);
  await page.waitForSelector('.summary');
  assert.deepEqual(await untranslated(page), []);
  await type(page, 'name', 'Meu');
  await type(page, 'zapiPhoneNumber', '');
  await form.updateStep(step.id, { name: 'Deles', defaultPriority: 'LOW' });
  await (await page.waitForSelector('.banner button ::-p-text(Merge now)')).click();
  await page.waitForSelector('.conflict');
  assert.deepEqual(await untranslated(page), []);
  await form.deleteStep(step.id);
  await page.waitForSelector('.panel .state');
  assert.deepEqual(await untranslated(page), []);
});

async function chord(page, modifier, key) {
  await page.keyboard.down(modifier);
  await page.keyboard.press(key);
  await page.keyboard.up(modifier);
}
