// The panel of a step, as a person fills it in.

import assert from 'node:assert/strict';
import { CONSOLE } from './browser.mjs';
import { graphql, TOKEN } from './api.mjs';

const ALL = `id name key isRequired isConversationRemovalStep trigger prompt initialMessage agentId defaultAiControl
  defaultStatus defaultPriority defaultTags defaultTagsToRemove assigneeLogicType selectedMembershipIdsForAssignee
  requestContact { name email phone } zapiAgentId zapiPhoneNumber zapiMessage whatsappTemplateAgentId
  whatsappTemplateName whatsappTemplateLanguageCode whatsappTemplateText autoNextTime autoNextTimeUnit autoNextStepId
  webhookUrl webhookHeader version`;

/** A new pipeline with steps of these names, or with these values: its id, and the steps. */
export async function pipeline(...steps) {
  const { createCrmScenario } = await graphql(
    'mutation { createCrmScenario(input: { name: "Vendas" }) { crmScenario { id } } }',
  );
  const { id } = createCrmScenario.crmScenario;
  const made = [];
  for (const step of steps) {
    const values = typeof step === 'string' ? { name: step } : step;
    made.push(await createStep({ scenarioId: id, prompt: 'Atenda.', ...values }));
  }
  return { id, steps: made };
}

export async function createStep(input) {
  const { createCrmStep } = await graphql(
    `mutation($input: CreateCrmStepInput!) { createCrmStep(input: $input) { crmStep { ${ALL} } userErrors { field message } } }`,
    { input },
  );
  assert.deepEqual(createCrmStep.userErrors, []);
  return createCrmStep.crmStep;
}

export async function updateStep(id, input, token = TOKEN) {
  const { updateCrmStep } = await graphql(
    'mutation($id: ID!, $input: UpdateCrmStepInput!) { updateCrmStep(id: $id, input: $input) { userErrors { field message } } }',
    { id, input },
    token,
  );
  assert.deepEqual(updateCrmStep.userErrors, []);
}

export async function deleteStep(id) {
  await graphql('mutation($id: ID!) { deleteCrmStep(id: $id) { deletedCrmStepId } }', { id });
}

/** A step as it is stored; null if there is none. */
export async function storedStep(id) {
  return (await graphql(`query($id: ID!) { crmStep(id: $id) { ${ALL} } }`, { id })).crmStep;
}

/** The steps of a pipeline as they are stored, in their order. */
export async function storedSteps(scenarioId) {
  const { crmScenario } = await graphql(
    `query($id: ID!) { crmScenario(id: $id) { steps(first: 1000) { nodes { ${ALL} } } } }`,
    { id: scenarioId },
  );
  return crmScenario.steps.nodes;
}

/** The id of what has this name among the agents or the memberships. */
export async function idOf(list, name) {
  const data = await graphql(`query($name: String) { ${list}(filter: { name: { eq: $name } }) { nodes { id } } }`, {
    name,
  });
  return data[list].nodes[0].id;
}

/** The address of the panel of a step, or of a new one. */
export function addressOf(scenarioId, step) {
  return `${CONSOLE}/pipelines/${scenarioId}?step=${step}`;
}

/** Opens the panel of a step, or of a new one, with all of its sections. */
export async function openStep(page, scenarioId, step, { token = TOKEN, search = '' } = {}) {
  // With the same address the document would stay.
  if (page.url() === `${addressOf(scenarioId, step)}${search}`) await page.goto('about:blank');
  await page.goto(`${addressOf(scenarioId, step)}${search}#token=${token}`);
  await panelIsReady(page);
}

/** Waits for the form, and opens all sections. */
export async function panelIsReady(page) {
  await page.waitForSelector('.step-form');
  await openSections(page);
}

/** The place of a field in the form. */
export function slot(field) {
  return `[data-field="${field}"]`;
}

async function openSections(page) {
  for (;;) {
    const closed = await page.$('.step-section:not([data-expanded]) .step-section-button');
    if (closed === null) return;
    const section = await closed.evaluateHandle((button) => button.closest('.step-section'));
    // Not by the pointer: a notice may lie over it.
    await closed.evaluate((button) => button.click());
    await page.waitForFunction((element) => element.hasAttribute('data-expanded'), {}, section);
  }
}

/** Types a text into the field, in place of what is there. A long one comes at once, as if it was pasted. */
export async function type(page, field, text, control = 'input, textarea') {
  const element = await page.waitForSelector(`${slot(field)} :is(${control})`);
  await element.evaluate(async (input) => {
    input.focus();
    input.select();
    // A list that is open closes when the page scrolls, and getting the focus may have scrolled it.
    for (let frames = 2; frames > 0; frames -= 1) await new Promise(requestAnimationFrame);
  });
  if (text === '') await page.keyboard.press('Backspace');
  else await page.keyboard.sendCharacter(text);
}

/** Chooses the item with this text of a list of few. */
export async function pick(page, field, text) {
  await (await page.waitForSelector(`${slot(field)} button`)).click();
  await (await option(page, text)).click();
  // The list gives the focus back.
  await page.waitForFunction((place) => document.activeElement.closest(place) !== null, {}, slot(field));
}

/** Finds the thing with this name on the server, and chooses it. */
export async function findAndPick(page, field, name) {
  await type(page, field, name);
  await (await option(page, name)).click();
}

/** The item of the open list that begins with this text. */
async function option(page, text) {
  const handle = await page.waitForFunction(
    (text) => {
      const labelOf = (option) => document.createTreeWalker(option, NodeFilter.SHOW_TEXT).nextNode()?.data;
      return [...document.querySelectorAll('[role="option"]')].find((option) => labelOf(option) === text);
    },
    {},
    text,
  );
  return handle.asElement();
}

/** Chooses one of the things that stand beside each other. */
export async function segment(page, field, text) {
  await (await page.waitForSelector(`${slot(field)} label ::-p-text(${text})`)).click();
}

/** Ticks or clears a checkbox of the field. */
export async function tick(page, field, isTicked, at = 0) {
  const boxes = await page.$$(`${slot(field)} input[type="checkbox"]`);
  const isChecked = await boxes[at].evaluate((box) => box.checked);
  if (isChecked !== isTicked) await boxes[at].evaluate((box) => box.click());
}

/** Adds tags, each with Enter. */
export async function addTags(page, field, tags) {
  const input = await page.waitForSelector(`${slot(field)} input`);
  for (const tag of tags) {
    await input.focus();
    await page.keyboard.sendCharacter(tag);
    await page.keyboard.press('Enter');
  }
}

/** Adds a line for each header, and fills it in. */
export async function addHeaders(page, headers) {
  for (const [name, value] of headers) {
    const before = (await page.$$('.header-line')).length;
    await (await page.waitForSelector('.header-foot button')).click();
    await page.waitForFunction((count) => document.querySelectorAll('.header-line').length === count, {}, before + 1);
    const inputs = await page.$$('.header-line input');
    const [ofName, ofValue] = inputs.slice(-2);
    await ofName.focus();
    await page.keyboard.sendCharacter(name);
    if (value === '') continue;
    await ofValue.focus();
    await page.keyboard.sendCharacter(value);
  }
}

/** Presses the button that saves. */
export async function save(page) {
  await (await page.waitForSelector('.panel-foot .button-primary:not([aria-disabled])')).click();
}

/** Waits until everything is stored. Fails if something has to be put right first. */
export async function saved(page) {
  await page.waitForSelector('.step-save-state .icon, .summary');
  const summary = await page.$('.summary');
  if (summary !== null) assert.fail(await summary.evaluate((element) => element.innerText));
}

/** What is said about a field. */
export async function saidAt(page, field) {
  return page.$eval(slot(field), (place) => place.innerText.replaceAll('\u00a0', ' '));
}
