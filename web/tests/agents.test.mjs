// The agents to whom steps hand conversations: finding, creating, editing and deleting them. What the list has in
// common with that of people is tested there.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { graphql } from './support/api.mjs';
import { axe, fill, find, focused, open, picture, press, useBrowser, waitForText } from './support/browser.mjs';
import { waitForNames } from './support/directory.mjs';
import { checkLooks, checkScreen } from './support/looks.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';
import { newOrganization, newToken } from './support/tokens.mjs';

const tab = useBrowser();
const ICON = 'https://cdn.example.com/agents/sofia.png';

let organization;
let token;

beforeEach(() => {
  organization = newOrganization();
  token = newToken({ organization, name: 'panel' });
});

const ask = (document, variables = {}, by = token) => graphql(document, variables, by);
const show = (search = '', by = token) => open(tab.page, `/agents${search}`, by);

async function create(name, iconUrl = null) {
  const create = 'mutation($input: CreateAgentInput!) { createAgent(input: $input) { agent { id } } }';
  return (await ask(create, { input: { name, iconUrl } })).createAgent.agent.id;
}

async function change(id, input, by) {
  const update =
    'mutation($id: ID!, $input: UpdateAgentInput!) { updateAgent(id: $id, input: $input) { agent { id } } }';
  await ask(update, { id, input }, by);
}

const agents = async () =>
  (await ask('{ agents(orderBy: [{ field: NAME }]) { nodes { name iconUrl } } }')).agents.nodes;

/** A step for which the agent works, another one that sends a template, and one that sends through Z-API. */
async function use(id) {
  const scenario = 'mutation { createCrmScenario(input: { name: "Sales" }) { crmScenario { id } } }';
  const scenarioId = (await ask(scenario)).createCrmScenario.crmScenario.id;
  const template = { whatsappTemplateAgentId: id, whatsappTemplateName: 'a', whatsappTemplateLanguageCode: 'en' };
  const zapi = { zapiAgentId: id, zapiPhoneNumber: '+5511955550101', zapiMessage: 'Hi' };
  const inputs = [{ agentId: id }, template, zapi].map((fields, index) => ({
    scenarioId,
    name: `Step ${index + 1}`,
    prompt: 'A',
    ...fields,
  }));
  const steps =
    'mutation($inputs: [CreateCrmStepsInput!]!) { createCrmSteps(inputs: $inputs) { userErrors { message } } }';
  assert.deepEqual((await ask(steps, { inputs })).createCrmSteps.userErrors, []);
  return scenarioId;
}

const waitForRows = (names) => waitForNames(tab.page, names);

test('lists agents with their initials, and never loads their pictures', async () => {
  const { page } = tab;
  await create('Sofia — Sales', ICON);
  await show();
  await waitForRows(['Sofia — Sales']);
  await waitForText(page, '.avatar', 'SS');
  await waitForText(page, '.directory-row', 'Not used');
  assert.equal(await page.$('img'), null);
});

test('counts the steps that use an agent in any way, and leads to them', async () => {
  const { page } = tab;
  const asked = [];
  page.on('request', (request) => {
    if ((request.postData() ?? '').includes('"impactQuery"')) asked.push(request.url());
  });
  await use(await create('Sofia'));
  await show();
  const uses = await find(page, 'Used in 3 steps', 'button');
  assert.equal(asked.length, 0, 'the list has the numbers');
  await uses.click();
  await find(page, 'Steps that use Sofia', 'dialog');
  for (const name of ['Step 1', 'Step 2', 'Step 3']) await find(page, name, 'link');
  await checkScreen(page, 'agents-uses');
});

test('says what agents are for if there is none', async () => {
  const { page } = tab;
  await show();
  await waitForText(page, '.state', 'No agents yet');
  assert.deepEqual(await axe(page), []);
});

test('finds agents by their names', async () => {
  const { page } = tab;
  for (const name of ['Sofia', 'Tiago']) await create(name);
  await show('?q=tia');
  await waitForRows(['Tiago']);
  await fill(page, 'Find by name', 'nobody');
  await waitForText(page, '.state', 'No agent matches');
  assert.deepEqual(await axe(page), []);
  await press(page, 'Show all agents');
  await waitForRows(['Sofia', 'Tiago']);
});

test('creates an agent by keyboard alone, and says what is wrong beside its field', async () => {
  const { page } = tab;
  await show();
  await waitForText(page, '.state', 'No agents yet');
  await page.keyboard.press('n');
  await find(page, 'New agent', 'dialog');
  await page.keyboard.type('Sofia');
  await page.keyboard.press('Tab');
  assert.equal((await focused(page)).name, 'Picture URL');
  await page.keyboard.type('cdn.example.com/sofia.png');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[type="url"][aria-invalid="true"]');
  assert.deepEqual(await agents(), [], 'nothing was sent');
  await checkScreen(page, 'agents-invalid');

  await fill(page, 'Picture URL', ICON);
  await page.keyboard.press('Enter');
  await waitForText(page, '.toasts', 'Sofia is created.');
  await waitForRows(['Sofia']);
  assert.deepEqual(await agents(), [{ name: 'Sofia', iconUrl: ICON }]);
});

test('edits an agent, and clears its picture', async () => {
  const { page } = tab;
  await create('Sofia', ICON);
  await show();
  await press(page, 'Edit Sofia');
  await fill(page, 'Name', 'Sofia — Sales');
  await fill(page, 'Picture URL', '');
  await press(page, 'Save');
  await waitForRows(['Sofia — Sales']);
  assert.deepEqual(await agents(), [{ name: 'Sofia — Sales', iconUrl: null }]);
  await page.locator('.toasts ::-p-aria([name="Undo"][role="button"])').click();
  await waitForRows(['Sofia']);
  assert.deepEqual(await agents(), [{ name: 'Sofia', iconUrl: ICON }]);
});

test('takes back one change after another, and what was created last', async () => {
  const { page } = tab;
  const rename = async (from, to) => {
    await press(page, `Edit ${from}`);
    await fill(page, 'Name', to);
    await press(page, 'Save');
    await waitForRows([to]);
  };
  await show();
  await press(page, 'New agent');
  await fill(page, 'Name', 'Sofia');
  await page.keyboard.press('Enter');
  await waitForRows(['Sofia']);
  await rename('Sofia', 'Sophie');
  await rename('Sophie', 'Zofia');
  const undo = async (what, names) => {
    await press(page, `Undo: ${what}`);
    await waitForRows(names);
  };
  await undo('Change of Sophie', ['Sophie']);
  await undo('Change of Sofia', ['Sofia']);
  await undo('New agent Sofia', []);
  assert.deepEqual(await agents(), []);
});

test('loses nothing if two people edit one agent', async () => {
  const { page } = tab;
  const other = newToken({ organization, name: 'other' });
  const id = await create('Sofia');
  await show();
  await press(page, 'Edit Sofia');
  await fill(page, 'Name', 'Sophie');
  await change(id, { iconUrl: ICON }, other);
  await press(page, 'Save');
  await waitForRows(['Sophie']);
  assert.deepEqual(await agents(), [{ name: 'Sophie', iconUrl: ICON }]);

  await press(page, 'Edit Sophie');
  await fill(page, 'Name', 'Sofie');
  await change(id, { name: 'Zofia' }, other);
  await press(page, 'Save');
  await waitForText(page, '[role="alert"]', 'Token “other” saved other values');
  assert.equal((await agents())[0].name, 'Zofia');
  await press(page, 'Save mine');
  await waitForRows(['Sofie']);
});

test('deletes an agent that no step uses, and no other', async () => {
  const { page } = tab;
  await use(await create('Sofia'));
  await create('Tiago');
  await show();
  await press(page, 'Delete Sofia');
  await find(page, 'Sofia is in use', 'alertdialog');
  await find(page, 'Step 1', 'link');
  assert.deepEqual(await axe(page), []);
  await press(page, 'Close');
  await page.waitForSelector('[role="alertdialog"]', { hidden: true });

  await press(page, 'Delete Tiago');
  await waitForText(page, '[role="alertdialog"]', 'This cannot be undone.');
  await press(page, 'Delete');
  await waitForRows(['Sofia']);
  await page.waitForFunction(() => document.activeElement?.closest('.directory-row') !== null);
  assert.equal((await focused(page)).name, 'Edit Sofia');
});

test('says to a token that may only read why nothing can be changed', async () => {
  const { page } = tab;
  await create('Sofia');
  await show('', newToken({ organization, scopes: ['read'] }));
  for (const name of ['New agent', 'Edit Sofia', 'Delete Sofia']) {
    const button = await find(page, name, 'button');
    assert.equal(await button.evaluate((element) => element.getAttribute('aria-disabled')), 'true', name);
  }
});

test('is accessible and fits in both schemes, on phones and desktops', async () => {
  const { page } = tab;
  await use(await create('S'.repeat(255)));
  await create('Tiago — Support');
  await show();
  await waitForText(page, '.directory-row', 'Used in 3 steps');
  await checkLooks(page, 'agents');
});

test('has no text that is no message', async () => {
  const { page } = tab;
  await usePseudoLocale(page);
  await create('Sofia', ICON);
  await show();
  await page.waitForSelector('.directory-uses');
  assert.deepEqual(await untranslated(page), []);
  await page.locator('.directory-row-actions button').click();
  await page.waitForSelector('form');
  assert.deepEqual(await untranslated(page), []);
});
