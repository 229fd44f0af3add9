// The plan of a pipeline file: what is wrong with it, what it would change, applying it and taking that back.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, test } from 'node:test';
import { graphql } from './support/api.mjs';
import {
  axe,
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
import { checkLooks, checkScreen } from './support/looks.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';
import { loseAnswer } from './support/requests.mjs';
import { newOrganization, newToken } from './support/tokens.mjs';

const tab = useBrowser();

let organization;
let token;

beforeEach(() => {
  organization = newOrganization();
  token = newToken({ organization, scopes: ['read', 'write', 'secrets'], name: 'panel' });
});

const ask = (document, variables = {}) => graphql(document, variables, token);
const show = (search = '', by = token) => open(tab.page, `/plan${search}`, by);

const FILE = `key: sales
name: Sales
description: From the first word to the sale.
steps:
  - key: new
    name: New
    prompt: Ask what the person is looking for.
    autoNextStepKey: cold
    autoNextTime: 20
    autoNextTimeUnit: h
  - key: offer
    name: Offer
    trigger: The person asks for a price.
    prompt: Explain the offer.
    defaultTags: [offer]
  - key: won
    name: Won
    trigger: The person accepts.
    defaultStatus: RESOLVED
  - key: cold
    name: Cold
    prompt: Ask once whether there is still interest.
    defaultStatus: RESOLVED
`;

/** The same file, with a changed step, without another, with a new one, and in another order. */
const CHANGED = FILE.replace('name: Offer', 'name: Proposal')
  .replace('autoNextTime: 20', 'autoNextTime: 12')
  .replace(/ {2}- key: won[\s\S]*?(?= {2}- key: cold)/, '')
  .replace(/( {2}- key: new[\s\S]*?)( {2}- key: offer[\s\S]*?)(?= {2}- key: cold)/, '$2$1')
  .concat('  - key: lost\n    name: Lost\n    trigger: The person declines.\n    defaultStatus: RESOLVED\n');

/** Applies a file without the page, and returns the pipeline's id. */
async function applied(input) {
  const apply = `mutation($input: ApplyCrmScenarioInput!) {
    applyCrmScenario(input: $input) { crmScenario { id } userErrors { message } }
  }`;
  const { applyCrmScenario } = await ask(apply, { input });
  assert.deepEqual(applyCrmScenario.userErrors, []);
  return applyCrmScenario.crmScenario.id;
}

const SALES = {
  key: 'sales',
  name: 'Sales',
  description: 'From the first word to the sale.',
  steps: [
    {
      key: 'new',
      name: 'New',
      prompt: 'Ask what the person is looking for.',
      autoNextStepKey: 'cold',
      autoNextTime: 20,
      autoNextTimeUnit: 'h',
    },
    {
      key: 'offer',
      name: 'Offer',
      trigger: 'The person asks for a price.',
      prompt: 'Explain the offer.',
      defaultTags: ['offer'],
    },
    { key: 'won', name: 'Won', trigger: 'The person accepts.', defaultStatus: 'RESOLVED' },
    {
      key: 'cold',
      name: 'Cold',
      prompt: 'Ask once whether there is still interest.',
      defaultStatus: 'RESOLVED',
    },
  ],
};

async function pipelines() {
  const { crmScenarios } = await ask(
    `{ crmScenarios { nodes { id key name steps(first: 10) { nodes { id key name } } } } }`,
  );
  return crmScenarios.nodes;
}

const stepNames = async () => (await pipelines())[0].steps.nodes.map(({ name }) => name);

/** Puts a text into the editor at once, as pasting does. */
async function paste(text) {
  const { page } = tab;
  const editor = await page.waitForSelector('textarea');
  await editor.focus();
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  await editor.evaluate((_, text) => document.execCommand('insertText', false, text), text);
}

async function plan(text) {
  await paste(text);
  await press(tab.page, 'See the plan');
}

test('shows what a file would create, applies it and leads to the pipeline, by keyboard alone', async () => {
  const { page } = tab;
  await show();
  await waitForText(page, '.state', 'The plan will be here');
  await paste(FILE);
  await page.keyboard.down('Control');
  await page.keyboard.press('Enter');
  await page.keyboard.up('Control');
  await waitForText(page, '.plan-view', 'Creates the pipeline Sales.');
  await waitForText(page, '.plan-view', '4 steps are created');
  await waitForText(page, '[aria-live]', 'Creates the pipeline Sales. 4 steps are created');
  assert.deepEqual(await pipelines(), [], 'a plan changes nothing');
  await picture(page, 'plan-created');

  await tabTo('Apply');
  await page.keyboard.press('Enter');
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  const [{ id }] = await pipelines();
  assert.deepEqual(await stepNames(), ['New', 'Offer', 'Won', 'Cold']);
  await tabTo('Open the pipeline');
  const link = await page.evaluate(() => document.activeElement.getAttribute('href'));
  assert.equal(link, `/console/pipelines/${id}`);
});

async function tabTo(name) {
  for (let presses = 0; presses < 40; presses += 1) {
    await tab.page.keyboard.press('Tab');
    if ((await focused(tab.page))?.name === name) return;
  }
  assert.fail(`${name} cannot be reached by Tab`);
}

test('shows what differs, and deletes steps only after a confirmation of its own', async () => {
  const { page } = tab;
  const id = await applied(SALES);
  const before = (await pipelines())[0].steps.nodes;
  await show();
  await plan(CHANGED);
  await waitForText(page, '.plan-view', 'Changes the pipeline Sales.');
  const counts = await page.$$eval('.plan-view-counts li', (items) => items.map((item) => item.innerText));
  assert.deepEqual(counts, [
    '1 step is created',
    '2 steps are changed',
    '1 step is moved',
    '1 step is deleted',
    '1 step stays as it is',
  ]);
  const steps = await page.$$eval('.step-plan-head', (heads) =>
    heads.map((head) => head.innerText.replace(/\s+/g, ' ')),
  );
  assert.deepEqual(steps, [
    'Changed Proposal offer from place 2 to 1',
    'Changed New new',
    'New Lost lost at place 4',
    'Deleted Won won was at place 3',
  ]);
  await waitForText(page, '.plan-view', 'It also deletes Won.');
  await picture(page, 'plan-changed');

  await press(page, 'Apply');
  await find(page, 'Apply and delete one step?', 'alertdialog');
  const apply = await find(page, 'Apply and delete', 'button');
  assert.equal(await apply.evaluate((button) => button.getAttribute('aria-disabled')), 'true');
  await checkScreen(page, 'plan-confirm');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role="alertdialog"]', { hidden: true });
  assert.deepEqual(await stepNames(), ['New', 'Offer', 'Won', 'Cold']);

  await press(page, 'Apply');
  await page.locator('[role="alertdialog"] ::-p-text(Delete this step)').click();
  await press(page, 'Apply and delete');
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  assert.deepEqual(await stepNames(), ['Proposal', 'New', 'Cold', 'Lost']);
  await checkScreen(page, 'plan-applied');

  await press(page, 'Undo');
  await waitForText(page, '.plan-applied', 'Sales is as it was before.');
  assert.deepEqual((await pipelines())[0], { id, key: 'sales', name: 'Sales', steps: { nodes: before } });
});

test('takes back what it has created', async () => {
  const { page } = tab;
  await show();
  await plan(FILE);
  await press(page, 'Apply');
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  await press(page, 'Undo');
  await waitForText(page, '.plan-applied', 'Sales is as it was before.');
  assert.deepEqual(await pipelines(), []);
  assert.equal(await page.$('.plan-applied a'), null, 'there is no pipeline to open any more');
});

test('takes nothing back that somebody has changed since', async () => {
  const { page } = tab;
  await show();
  await plan(FILE);
  await press(page, 'Apply');
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  await applied({ ...SALES, description: 'Other' });
  await press(page, 'Undo');
  await waitForText(page, '[role="alert"]', 'Sales has been changed since');
  assert.equal((await pipelines()).length, 1);
});

test('says what is wrong with the text, each with its place, and leads there', async () => {
  const { page } = tab;
  await show();
  await plan(
    FILE.replace('autoNextTime: 20', 'autoNextTime: 20 hours').replace('trigger: The person accepts.', 'tirgger: x'),
  );
  await find(page, '2 things to put right in the file', 'group');
  assert.equal((await focused(page)).name, '2 things to put right in the file');
  const text = await textOf(page, '.summary');
  assert.match(
    text,
    /Line 9, column 19\s+steps\[0\]\.autoNextTime is text \(20 hours\), and it has to be a whole number\./,
  );
  assert.match(text, /Line 18, column 5\s+steps\[2\]\.tirgger is not a field; write trigger if you mean that\./);
  await checkScreen(page, 'plan-problems');

  await press(page, 'Line 9, column 19');
  const selected = await page.evaluate(() => {
    const { value, selectionStart, selectionEnd } = document.activeElement;
    return value.slice(selectionStart, selectionEnd);
  });
  assert.equal(selected, '20 hours');
});

test('says what is wrong with the language', async () => {
  const { page } = tab;
  await show();
  await plan('name: "Sales');
  await waitForText(page, '.summary', 'A quote or a bracket is not closed before here.');
  await plan('name: A\nname: B\nsteps: []');
  await waitForText(page, '.summary', 'This field is there twice; remove one.');
  await plan('# nothing\n');
  await waitForText(page, '.summary', 'The file is empty');
});

test('says what the service refuses, each with its place', async () => {
  const { page } = tab;
  await show();
  await plan(
    FILE.replace('autoNextStepKey: cold', 'autoNextStepKey: frost')
      .replace('name: Won', 'name: " "')
      .replace('name: New', 'name: New\n    agentName: Nobody'),
  );
  await waitForText(page, '.summary', '3 things to put right in the file');
  const places = await page.$$eval('.summary-link', (links) => links.map((link) => link.innerText));
  assert.deepEqual(places, [
    'Line 7, column 16 · steps[0].agentName',
    'Line 9, column 22 · steps[0].autoNextStepKey',
    'Line 18, column 11 · steps[2].name',
  ]);
  assert.deepEqual(await axe(page), []);
});

test('applies nothing of a plan that others have overtaken, and shows the present one', async () => {
  const { page } = tab;
  await applied(SALES);
  await show();
  await plan(FILE.replace('name: Offer', 'name: Proposal'));
  await waitForText(page, '.plan-view', '1 step is changed');
  await applied({ ...SALES, description: 'Other' });
  await press(page, 'Apply');
  await waitForText(page, '[role="alert"]', 'Somebody has changed Sales since this plan. Nothing was applied.');
  await waitForText(page, '.plan-view', 'The pipeline itself');
  assert.deepEqual(await stepNames(), ['New', 'Offer', 'Won', 'Cold']);
  assert.deepEqual(await axe(page), []);
  await press(page, 'Apply');
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  assert.deepEqual(await stepNames(), ['New', 'Proposal', 'Won', 'Cold']);
});

test('does not apply a plan of another text', async () => {
  const { page } = tab;
  await show();
  await plan(FILE);
  await find(page, 'Apply', 'button');
  await paste(FILE.replace('Sales', 'Selling'));
  await waitForText(page, '.plan-view', 'The file has been changed since this plan.');
  const apply = await find(page, 'Apply', 'button');
  assert.equal(await apply.evaluate((button) => button.getAttribute('aria-disabled')), 'true');
});

test('says so if nothing changes', async () => {
  const { page } = tab;
  await applied(SALES);
  await show();
  await plan(FILE);
  await waitForText(page, '.plan-view', 'Nothing changes');
  assert.equal(await page.$('.plan-view-apply'), null);
});

test('says what looks wrong afterwards', async () => {
  const { page } = tab;
  await show();
  await plan(FILE.replace('    autoNextStepKey: cold\n    autoNextTime: 20\n    autoNextTimeUnit: h\n', ''));
  await waitForText(page, '.plan-view-diagnostics', 'Step 4: Conversations reach this step only by hand');
  await plan(FILE.replace('key: sales', 'key: sale'));
  await waitForText(page, '.plan-view', 'Nothing looks wrong afterwards.');
});

test('begins with a pipeline as it is, without its secrets, and leaves these as they are', async () => {
  const { page } = tab;
  const [first, ...others] = SALES.steps;
  const headers = { webhookUrl: 'https://hooks.example.com/a', webhookHeader: { 'X-Key': 'secret-value' } };
  const id = await applied({ ...SALES, steps: [{ ...first, ...headers }, ...others] });
  await show(`?pipeline=${id}`);
  await waitForText(page, '.banner', 'The file has the pipeline as it is now.');
  const text = await page.$eval('textarea', (editor) => editor.value);
  assert.match(text, /^key: sales\nname: Sales\n/);
  assert.match(text, /X-Key: "\*\*\*"/);
  assert.doesNotMatch(text, /secret-value/);
  await press(page, 'See the plan');
  await waitForText(page, '.plan-view', 'Nothing changes');

  await paste(text.replace('name: Won', 'name: Sold'));
  await press(page, 'See the plan');
  await press(page, 'Apply');
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  const { crmScenario } = await ask(
    'query($id: ID!) { crmScenario(id: $id) { steps { nodes { name webhookHeader } } } }',
    { id },
  );
  const [{ webhookHeader }, , { name }] = crmScenario.steps.nodes;
  assert.deepEqual([webhookHeader, name], [{ 'X-Key': 'secret-value' }, 'Sold']);
});

test('tells steps that only get a key from those that change', async () => {
  const { page } = tab;
  const { createCrmScenario } = await ask(
    'mutation { createCrmScenario(input: { name: "Sales" }) { crmScenario { id } } }',
  );
  const { id: scenarioId } = createCrmScenario.crmScenario;
  for (const name of ['New', 'Won'])
    await ask('mutation ($input: CreateCrmStepInput!) { createCrmStep(input: $input) { userErrors { code } } }', {
      input: { scenarioId, name, prompt: 'x' },
    });
  await show(`?pipeline=${scenarioId}`);
  await waitForText(page, '.banner', 'The file has the pipeline as it is now.');
  const text = await page.$eval('textarea', (editor) => editor.value);
  await paste(text.replace('name: Won', 'name: Sold'));
  await press(page, 'See the plan');
  await waitForText(page, '.plan-view', '1 step is changed');
  await waitForText(page, '.plan-view', '1 step gets its key');
  const tags = await page.$$eval('.step-plan-head .tag', (all) => all.map((tag) => tag.innerText));
  assert.deepEqual(tags, ['Gets its key', 'Changed']);
});

test('says so if the pipeline to begin with is gone', async () => {
  await show('?pipeline=019a0000-0000-7000-8000-00000000ffff');
  await waitForText(tab.page, '.banner', 'The pipeline was deleted');
});

test('asks for the values that a file names, and sends them', async () => {
  const { page } = tab;
  await show();
  const headers =
    '    webhookUrl: https://hooks.example.com/a\n    webhookHeader: { X-Key: "Bearer ${SALES_KEY}", X-Not: "$${A}" }\n';
  await plan(FILE.replace('  - key: offer', (found) => headers + found));
  const field = await find(page, 'Value of SALES_KEY', 'textbox');
  assert.equal(await field.evaluate((input) => input.type), 'password');
  await waitForText(page, '.source-editor-variables', 'Enter the value, or take the header out of the file.');
  assert.deepEqual(await axe(page), []);
  await field.type('hidden');
  await press(page, 'See the plan');
  await waitForText(page, '.plan-view', 'Creates the pipeline Sales.');
  assert.doesNotMatch(await textOf(page, 'body'), /hidden/);
  await press(page, 'Apply');
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  const [{ id }] = await pipelines();
  const { crmScenario } = await ask('query($id: ID!) { crmScenario(id: $id) { steps { nodes { webhookHeader } } } }', {
    id,
  });
  assert.deepEqual(crmScenario.steps.nodes[0].webhookHeader, { 'X-Key': 'Bearer hidden', 'X-Not': '${A}' });
});

test('reads a file that is chosen or dropped, and takes its name for its key', async () => {
  const { page } = tab;
  await show();
  const folder = mkdtempSync(path.join(tmpdir(), 'crm-steps-'));
  const file = path.join(folder, 'My leads.yaml');
  writeFileSync(file, FILE.replace('key: sales\n', ''));
  const input = await page.waitForSelector('input[type="file"]', { visible: false });
  await input.uploadFile(file);
  await page.waitForFunction(() => document.querySelector('textarea').value.includes('name: Sales'));
  await press(page, 'See the plan');
  await waitForText(page, '.plan-view', 'its name gives the key “my-leads”.');
  await press(page, 'Apply');
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  assert.equal((await pipelines())[0].key, 'my-leads');

  await press(page, 'Plan another file');
  await drop('broken.yaml', new Uint8Array([0xff, 0xfe, 0x00]));
  await waitForText(page, '.field-error', 'broken.yaml is no text file.');
  await drop('large.yaml', new Uint8Array(5_000_001).fill(0x20));
  await waitForText(page, '.field-error', 'large.yaml is larger than a request may be');
  await drop('sales.json', new TextEncoder().encode(JSON.stringify(SALES, null, '\t')));
  await page.waitForFunction(() => document.querySelector('textarea').value.startsWith('{'));
  await press(page, 'See the plan');
  await waitForText(page, '.plan-view', 'Creates the pipeline Sales.');
});

async function drop(name, bytes) {
  const handle = await tab.page.waitForSelector('.source-editor');
  await handle.evaluate(
    (element, name, base64) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (it) => it.charCodeAt(0))], name));
      for (const type of ['dragover', 'drop'])
        element.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    },
    name,
    Buffer.from(bytes).toString('base64'),
  );
}

test('says that a file without a key makes another pipeline each time', async () => {
  await show();
  await plan(FILE.replace('key: sales\n', ''));
  await waitForText(tab.page, '.plan-view', 'so applying it always creates a new pipeline');
});

for (const [language, name] of [
  ['en', 'New leads'],
  ['pt-BR', 'Novos leads'],
]) {
  test(`offers a sample that every organization can apply (${language})`, async () => {
    const { page } = tab;
    await page.evaluateOnNewDocument((language) => localStorage.setItem('crm-steps:language', language), language);
    await show('?sample=1');
    await page.waitForFunction((name) => document.querySelector('textarea').value.includes(`name: ${name}`), {}, name);
    await page.locator('.source-editor-foot button').click();
    await page.locator('.plan-view-apply button').click();
    await waitForText(page, '.plan-applied', name);
    assert.equal((await pipelines())[0].name, name);
  });
}

test('applies a file once if the answer is lost, and goes on after "Try again"', async () => {
  const { page } = tab;
  await loseAnswer(page, 'planningApplyMutation');
  await show();
  await plan(FILE);
  await press(page, 'Apply');
  await waitForText(page, '.toasts', 'cannot be reached');
  tab.expectProblem(/ERR_/);
  await page.locator('.toasts ::-p-aria([name="Try again"])').click();
  await waitForText(page, '.plan-applied', 'Sales is as the file says.');
  assert.equal((await pipelines()).length, 1);
});

test('shows why a plan could not be made, and tries again', async () => {
  const { page } = tab;
  let isFailing = true;
  await intercept(page, ({ operationName }) =>
    isFailing && operationName === 'planningPlanMutation' ? { status: 503, body: 'busy' } : undefined,
  );
  await show();
  await plan(FILE);
  await waitForText(page, '.state', 'The plan could not be made');
  tab.expectProblem(/503/);
  assert.deepEqual(await axe(page), []);
  isFailing = false;
  await page.locator('.state ::-p-aria([name="Try again"])').click();
  await waitForText(page, '.plan-view', 'Creates the pipeline Sales.');
});

test('says to a token that may only read why it makes no plan', async () => {
  const { page } = tab;
  await show('', newToken({ organization, scopes: ['read'] }));
  await paste(FILE);
  const button = await find(page, 'See the plan', 'button');
  assert.equal(await button.evaluate((element) => element.getAttribute('aria-disabled')), 'true');
  const { description } = await page.accessibility.snapshot({ root: button });
  assert.match(description, /WRITE/);
});

test('is accessible and fits in both schemes, on phones and desktops', async () => {
  const { page } = tab;
  await applied(SALES);
  await show();
  await plan(CHANGED.replace('name: Lost', `name: ${'L'.repeat(200)}`));
  await waitForText(page, '.plan-view', '1 step is deleted');
  await checkLooks(page, 'plan');
});

test('has no text that is no message', async () => {
  const { page } = tab;
  await usePseudoLocale(page);
  await applied(SALES);
  await show();
  assert.deepEqual(await untranslated(page), []);
  const editor = () => page.locator('.source-editor-foot button').click();
  await paste(CHANGED);
  await editor();
  await page.waitForSelector('.plan-view');
  assert.deepEqual(await untranslated(page), []);
  await page.locator('.plan-view-apply button').click();
  await page.waitForSelector('[role="alertdialog"]');
  assert.deepEqual(await untranslated(page), []);
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role="alertdialog"]', { hidden: true });
  await paste(`${FILE}    colour: red\n    autoNextTime: soon\n    defaultStatus: DONE\n`);
  await editor();
  await page.waitForSelector('.summary');
  assert.deepEqual(await untranslated(page), []);
  await paste(FILE.replace('name: Offer', 'name: Proposal'));
  await editor();
  await page.locator('.plan-view-apply button').click();
  await page.waitForSelector('.plan-applied');
  assert.deepEqual(await untranslated(page), []);
});
