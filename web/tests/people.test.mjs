// The people to whom steps assign conversations: finding, adding, editing and removing them.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { forward, graphql } from './support/api.mjs';
import {
  axe,
  fill,
  find,
  focused,
  intercept,
  open,
  press,
  textOf,
  useBrowser,
  waitForText,
} from './support/browser.mjs';
import { waitForNames } from './support/directory.mjs';
import { checkLooks, checkScreen } from './support/looks.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';
import { loseAnswer } from './support/requests.mjs';
import { newOrganization, newToken } from './support/tokens.mjs';

const tab = useBrowser();

let organization;
let token;

beforeEach(() => {
  organization = newOrganization();
  token = newToken({ organization, name: 'panel' });
});

const ask = (document, variables = {}, by = token) => graphql(document, variables, by);
const show = (page = tab.page, search = '', by = token) => open(page, `/people${search}`, by);

async function add(name, { email = `${name.toLowerCase()}@example.com`, role = 'USER', by = token } = {}) {
  const create = `mutation($input: CreateMembershipInput!) {
    createMembership(input: $input) { membership { id } userErrors { message } }
  }`;
  const { createMembership } = await ask(create, { input: { name, email, role } }, by);
  assert.deepEqual(createMembership.userErrors, []);
  return createMembership.membership.id;
}

async function change(id, input, by = token) {
  const update =
    'mutation($id: ID!, $input: UpdateMembershipInput!) { updateMembership(id: $id, input: $input) { userErrors { message } } }';
  assert.deepEqual((await ask(update, { id, input }, by)).updateMembership.userErrors, []);
}

const remove = (id) => ask('mutation($id: ID!) { deleteMembership(id: $id) { deletedMembershipId } }', { id });

async function people() {
  const { memberships } = await ask('{ memberships(orderBy: [{ field: NAME }]) { nodes { name email role } } }');
  return memberships.nodes;
}

/** A step that assigns conversations to this person. */
async function assign(id, name = 'Offer') {
  const create = 'mutation { createCrmScenario(input: { name: "Sales" }) { crmScenario { id } } }';
  const scenarioId = (await ask(create)).createCrmScenario.crmScenario.id;
  const input = {
    scenarioId,
    name,
    prompt: 'A',
    assigneeLogicType: 'single_user',
    selectedMembershipIdsForAssignee: [id],
  };
  const step =
    'mutation($input: CreateCrmStepInput!) { createCrmStep(input: $input) { crmStep { id } userErrors { message } } }';
  const { createCrmStep } = await ask(step, { input });
  return { scenarioId, stepId: createCrmStep.crmStep.id };
}

const rows = (page = tab.page) => page.$$eval('.directory-row-name', (names) => names.map((name) => name.innerText));

const waitForRows = (names) => waitForNames(tab.page, names);

test('lists people with their e-mail addresses, roles and uses, and leads to the steps', async () => {
  const { page } = tab;
  const ana = await add('Ana', { role: 'OWNER' });
  await add('Bruno');
  const { scenarioId, stepId } = await assign(ana);
  await show();
  await waitForRows(['Ana', 'Bruno']);
  await waitForText(page, '.directory-row', 'ana@example.com');
  await waitForText(page, '.directory-row', 'Owner');
  await waitForText(page, '.directory-row', 'Not used');
  await press(page, 'Used in 1 step');
  await find(page, 'Steps that use Ana', 'dialog');
  const link = await find(page, 'Offer', 'link');
  const href = await link.evaluate((element) => element.getAttribute('href'));
  assert.equal(href, `/console/pipelines/${scenarioId}?step=${stepId}`);
  await checkScreen(page, 'people-uses');
});

test('says what people are for if there is nobody', async () => {
  const { page } = tab;
  await show();
  await waitForText(page, '.state', 'Nobody is here yet');
  await checkScreen(page, 'people-empty');
});

test('finds people by their names and addresses, in the address of the page', async () => {
  const { page } = tab;
  for (const name of ['Ana', 'Bruno', 'Carla']) await add(name);
  await show();
  await waitForRows(['Ana', 'Bruno', 'Carla']);
  await page.keyboard.press('/');
  await page.keyboard.type('bruno@');
  await waitForRows(['Bruno']);
  await page.waitForFunction(() => location.search === '?q=bruno%40');
  await waitForText(page, '[aria-live]', '1 person');
  await page.keyboard.type('x');
  await waitForText(page, '.state', 'Nobody matches');
  await press(page, 'Show everybody');
  await waitForRows(['Ana', 'Bruno', 'Carla']);

  await show(page, '?q=car');
  await waitForRows(['Carla']);
});

test('adds a person by keyboard alone, and says what is wrong beside its field', async () => {
  const { page } = tab;
  await show();
  await waitForText(page, '.state', 'Nobody is here yet');
  await page.keyboard.press('n');
  await find(page, 'Add a person', 'dialog');
  assert.equal((await focused(page)).name, 'Name');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[aria-invalid="true"]');
  assert.equal((await focused(page)).name, 'Name');
  await page.keyboard.type('  Ana Prado ');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ana.example.com');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[type="email"][aria-invalid="true"]');
  assert.equal((await focused(page)).name, 'Email address');
  assert.deepEqual(await people(), [], 'nothing was sent');
  await checkScreen(page, 'people-invalid');

  await fill(page, 'Email address', 'ana@example.com');
  await page.keyboard.press('Enter');
  await waitForText(page, '.toasts', 'Ana Prado is added.');
  await waitForRows(['Ana Prado']);
  assert.deepEqual(await people(), [{ name: 'Ana Prado', email: 'ana@example.com', role: 'USER' }]);

  await page.keyboard.down('Control');
  await page.keyboard.press('z');
  await page.keyboard.up('Control');
  await waitForText(page, '.state', 'Nobody is here yet');
  assert.deepEqual(await people(), []);
});

test('edits a person, and takes that back', async () => {
  const { page } = tab;
  await add('Ana');
  await show();
  await press(page, 'Edit Ana');
  await fill(page, 'Name', 'Anna');
  await fill(page, 'Email address', 'anna@example.com');
  await press(page, 'Save');
  await waitForText(page, '.toasts', 'Anna is saved.');
  await waitForRows(['Anna']);
  assert.equal((await focused(page)).name, 'Edit Anna', 'the focus is where it was');
  await page.locator('.toasts ::-p-aria([name="Undo"][role="button"])').click();
  await waitForRows(['Ana']);
  assert.deepEqual(await people(), [{ name: 'Ana', email: 'ana@example.com', role: 'USER' }]);
});

test('asks before it discards what was not saved', async () => {
  const { page } = tab;
  await add('Ana');
  await show();
  await press(page, 'Edit Ana');
  await fill(page, 'Name', 'Anna');
  await page.keyboard.press('Escape');
  await find(page, 'Discard what you have not saved?', 'alertdialog');
  await press(page, 'Keep editing');
  assert.equal(await page.$eval('form input', (input) => input.value), 'Anna');
  await page.keyboard.press('Escape');
  await press(page, 'Discard');
  await page.waitForSelector('[role="dialog"]', { hidden: true });
  assert.equal((await people())[0].name, 'Ana');
});

test('merges what two people have changed in different fields', async () => {
  const { page } = tab;
  const other = newToken({ organization, name: 'other' });
  const id = await add('Ana');
  await show();
  await press(page, 'Edit Ana');
  await fill(page, 'Name', 'Anna');
  await change(id, { email: 'prado@example.com' }, other);
  await press(page, 'Save');
  await waitForText(page, '.toasts', 'Anna is saved.');
  assert.deepEqual(await people(), [{ name: 'Anna', email: 'prado@example.com', role: 'USER' }]);
});

test('asks whose value holds where two people have changed the same field', async () => {
  const { page } = tab;
  const other = newToken({ organization, name: 'other' });
  const id = await add('Ana');
  await show();
  await press(page, 'Edit Ana');
  await fill(page, 'Name', 'Anna');
  await change(id, { name: 'Hannah' }, other);
  await press(page, 'Save');
  await waitForText(page, '[role="alert"]', 'Token “other” saved other values while you were editing.');
  assert.equal((await people())[0].name, 'Hannah', 'nothing is overwritten unseen');
  await checkScreen(page, 'people-conflict');
  await press(page, 'Show theirs');
  assert.equal(await page.$eval('form input', (input) => input.value), 'Hannah');

  await fill(page, 'Name', 'Annie');
  await press(page, 'Save');
  await waitForText(page, '.toasts', 'Annie is saved.');
  await press(page, 'Edit Annie');
  await fill(page, 'Name', 'Ann');
  await change(id, { name: 'Hanna' }, other);
  await press(page, 'Save');
  await press(page, 'Save mine');
  await waitForText(page, '.toasts', 'Ann is saved.');
  assert.equal((await people())[0].name, 'Ann');
});

test('says so if a person was removed while somebody edits', async () => {
  const { page } = tab;
  const id = await add('Ana');
  await show();
  await press(page, 'Edit Ana');
  await fill(page, 'Name', 'Anna');
  await remove(id);
  await press(page, 'Save');
  await waitForText(page, '[role="alert"]', 'Ana is not there any more');
  assert.deepEqual(await axe(page), []);
});

test('removes a person whom no step uses, and says before that it cannot be undone', async () => {
  const { page } = tab;
  await add('Ana');
  await add('Bruno');
  await show();
  await press(page, 'Remove Ana');
  await find(page, 'Remove Ana?', 'alertdialog');
  await waitForText(page, '[role="alertdialog"]', 'This cannot be undone.');
  assert.equal((await focused(page)).name, 'Cancel');
  assert.deepEqual(await axe(page), []);
  await press(page, 'Remove');
  await waitForRows(['Bruno']);
  await waitForText(page, '.toasts', 'Ana is removed.');
  await page.waitForFunction(() => document.activeElement?.closest('.directory-row') !== null);
  assert.equal((await focused(page)).name, 'Edit Bruno');
});

test('removes nobody whom steps use, and leads to these', async () => {
  const { page } = tab;
  const ana = await add('Ana');
  await assign(ana);
  await show();
  await press(page, 'Remove Ana');
  await find(page, 'Ana is in use', 'alertdialog');
  await waitForText(page, '[role="alertdialog"]', 'once these steps do not use Ana any more');
  await find(page, 'Offer', 'link');
  assert.equal(await page.$('[role="alertdialog"] .button-danger'), null);
  await checkScreen(page, 'people-in-use');
});

test('says so if a step has begun to use a person in this moment', async () => {
  const { page } = tab;
  const ana = await add('Ana');
  await show();
  await press(page, 'Remove Ana');
  const button = await page.waitForSelector('[role="alertdialog"] .button-danger:not([disabled])');
  await waitForText(page, '[role="alertdialog"]', 'This cannot be undone.');
  await assign(ana, 'Closing');
  await button.click();
  await find(page, 'Ana is in use', 'alertdialog');
  await find(page, 'Closing', 'link');
  assert.equal((await people()).length, 1);
});

test('shows what others do as it happens', async () => {
  const { page } = tab;
  const other = newToken({ organization, name: 'other' });
  const id = await add('Ana');
  await show();
  await waitForRows(['Ana']);
  await add('Bruno', { by: other });
  await waitForRows(['Ana', 'Bruno']);
  await change(id, { name: 'Zoe' }, other);
  await waitForRows(['Bruno', 'Zoe']);
  await remove(id);
  await waitForRows(['Bruno']);
  await waitForText(page, '.directory-list-foot', '1 person');
});

test('adds a person once if the answer is lost, and somebody tries again', async () => {
  const { page } = tab;
  await loseAnswer(page, 'usePersonCommandsCreateMutation');
  await show();
  await press(page, 'Add a person');
  await fill(page, 'Name', 'Ana');
  await fill(page, 'Email address', 'ana@example.com');
  await page.locator('[role="dialog"] [type="submit"]').click();
  await waitForText(page, '[role="dialog"] [role="alert"]', 'cannot be reached');
  tab.expectProblem(/ERR_/);
  assert.deepEqual(await axe(page), []);
  await page.locator('[role="dialog"] ::-p-aria([name="Try again"])').click();
  await page.waitForSelector('[role="dialog"]', { hidden: true });
  assert.equal((await people()).length, 1);
});

test('what is changed while the list is read again is there, too', async () => {
  const { page } = tab;
  await show();
  await page.waitForSelector('.state');
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  let isRead;
  const read = new Promise((resolve) => {
    isRead = resolve;
  });
  await intercept(page, async (request) => {
    if (request.operationName !== 'PeoplePageQuery') return undefined;
    const body = await forward(request, token);
    isRead();
    await held;
    return { body };
  });
  const session = await page.createCDPSession();
  await session.send('Network.enable');
  const isTold = new Promise((resolve) => {
    session.on('Network.webSocketFrameReceived', ({ response }) => response.payloadData.includes('Bruno') && resolve());
  });
  await add('Ana');
  await read;
  await add('Bruno');
  await isTold;
  release();
  await waitForRows(['Ana', 'Bruno']);
});

test('shows a failure in the place of the list, and tries again', async () => {
  const { page } = tab;
  await add('Ana');
  let isFailing = true;
  const errors = [{ message: 'Broken.', extensions: { code: 'INTERNAL', requestId: 'request-1' } }];
  await intercept(page, ({ operationName }) =>
    isFailing && operationName === 'PeoplePageQuery' ? { status: 500, body: { errors } } : undefined,
  );
  await show();
  await waitForText(page, '.state', 'request-1');
  tab.expectProblem(/500/);
  await find(page, 'Add a person', 'button');
  isFailing = false;
  await page.locator('.state ::-p-aria([name="Try again"])').click();
  await waitForRows(['Ana']);
});

test('shows everybody to a token that may only read, and says why nothing can be changed', async () => {
  const { page } = tab;
  await add('Ana');
  await show(page, '', newToken({ organization, scopes: ['read'] }));
  await waitForRows(['Ana']);
  for (const name of ['Add a person', 'Edit Ana', 'Remove Ana']) {
    const button = await find(page, name, 'button');
    assert.equal(await button.evaluate((element) => element.getAttribute('aria-disabled')), 'true', name);
  }
  await page.keyboard.press('n');
  assert.equal(await page.$('[role="dialog"]'), null);
  assert.deepEqual(await axe(page), []);
});

test('is accessible and fits in both schemes, on phones and desktops', async () => {
  const { page } = tab;
  await assign(await add('A'.repeat(200), { email: `${'a'.repeat(50)}@${'b'.repeat(50)}.example.com`, role: 'ADMIN' }));
  await add('Bruno');
  await show();
  await waitForText(page, '.directory-row', 'Used in 1 step');
  await checkLooks(page, 'people');
});

test('has no text that is no message', async () => {
  const { page } = tab;
  await usePseudoLocale(page);
  await show();
  await page.waitForSelector('.state');
  assert.deepEqual(await untranslated(page), []);
  await assign(await add('Ana'));
  await add('Bruno');
  await page.waitForFunction(() => document.querySelectorAll('.directory-uses').length === 2);
  assert.deepEqual(await untranslated(page), []);
  for (const [row, button] of [
    [1, 0],
    [1, 1],
    [2, 1],
  ]) {
    await (await page.$$(`.directory-row:nth-child(${row}) .directory-row-actions button`))[button].click();
    await page.waitForSelector('[role="dialog"], [role="alertdialog"]');
    await page.waitForFunction(() => document.querySelector('.dialog .skeleton') === null);
    assert.deepEqual(await untranslated(page), []);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[role="dialog"], [role="alertdialog"]', { hidden: true });
  }
  assert.match(await textOf(page, 'h1'), /⟦/);
  assert.deepEqual(await rows(), ['Ana', 'Bruno']);
});
