// What is typed into the form of a step in a real browser, and what the service says about it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphql, SITE, TOKEN } from './support/api.mjs';
import { intercept, useBrowser, waitForText } from './support/browser.mjs';
import { sourceModule } from './support/module.mjs';
import * as form from './support/step-form.mjs';

const tab = useBrowser();
const { addHeaders, addTags, findAndPick, openStep, pick, save, saved, segment, slot, tick, type } = form;

test('each field is stored as it was typed', async () => {
  const { page } = tab;
  const { id } = await form.pipeline('Primeiro', 'Alvo');
  const [, target] = await form.storedSteps(id);
  const [sofia, tiago] = [await form.idOf('agents', 'Sofia — Vendas'), await form.idOf('agents', 'Tiago — Suporte N1')];
  const people = ['Bruno Tavares', 'Ana Prado'];
  await openStep(page, id, 'new');

  await type(page, 'name', '  Qualificação 🙂 ');
  await type(page, 'key', 'qualificacao-2');
  await tick(page, 'isRequired', true);
  await type(page, 'trigger', 'Pediu preço\nou prazo');
  await findAndPick(page, 'agentId', 'Sofia — Vendas');
  await segment(page, 'defaultAiControl', 'Off');
  await type(page, 'prompt', 'Pergunte.\n\n- nome\n- cidade ');
  await pick(page, 'defaultStatus', 'Person requested');
  await pick(page, 'defaultPriority', 'High');
  await addTags(page, 'defaultTags', ['lead', ' São Paulo ']);
  await addTags(page, 'defaultTagsToRemove', ['frio']);
  await pick(page, 'assigneeLogicType', 'Several, in turn');
  for (const name of people) await findAndPick(page, 'selectedMembershipIdsForAssignee', name);
  await type(page, 'initialMessage', 'Olá! Posso ajudar?');
  await tick(page, 'requestContact', true, 0);
  await tick(page, 'requestContact', true, 2);
  await findAndPick(page, 'whatsappTemplateAgentId', 'Tiago — Suporte N1');
  await type(page, 'whatsappTemplateName', 'lembrete_v2');
  await type(page, 'whatsappTemplateLanguageCode', 'pt_BR');
  await type(page, 'whatsappTemplateText', 'Lembrete: {{1}}');
  await findAndPick(page, 'zapiAgentId', 'Sofia — Vendas');
  await type(page, 'zapiPhoneNumber', '+55 (11) 95555-0102');
  await type(page, 'zapiMessage', 'Novo lead');
  await type(page, 'autoNextTime', '36');
  await findAndPick(page, 'autoNextStepId', 'Alvo');
  await type(page, 'webhookUrl', 'https://example.com/hook?x=1');
  await addHeaders(page, [
    ['X-Key', 'secret 1'],
    ['x-Empty', ''],
  ]);
  await save(page);
  await waitForText(page, '.panel-title', 'Step 3 of 3: Qualificação 🙂');

  const [, , step] = await form.storedSteps(id);
  const memberships = await Promise.all(people.map((name) => form.idOf('memberships', name)));
  assert.deepEqual(step, {
    id: step.id,
    version: 1,
    name: 'Qualificação 🙂',
    key: 'qualificacao-2',
    isRequired: true,
    isConversationRemovalStep: null,
    trigger: 'Pediu preço\nou prazo',
    prompt: 'Pergunte.\n\n- nome\n- cidade ',
    initialMessage: 'Olá! Posso ajudar?',
    agentId: sofia,
    defaultAiControl: false,
    defaultStatus: 'HUMAN_REQUESTED',
    defaultPriority: 'HIGH',
    defaultTags: ['lead', 'São Paulo'],
    defaultTagsToRemove: ['frio'],
    assigneeLogicType: 'fair_distribution_selected',
    selectedMembershipIdsForAssignee: memberships,
    requestContact: { name: true, email: false, phone: true },
    zapiAgentId: sofia,
    zapiPhoneNumber: '+55 (11) 95555-0102',
    zapiMessage: 'Novo lead',
    whatsappTemplateAgentId: tiago,
    whatsappTemplateName: 'lembrete_v2',
    whatsappTemplateLanguageCode: 'pt_BR',
    whatsappTemplateText: 'Lembrete: {{1}}',
    autoNextTime: 36,
    autoNextTimeUnit: 'h',
    autoNextStepId: target.id,
    webhookUrl: 'https://example.com/hook?x=1',
    webhookHeader: { 'X-Key': 'secret 1', 'x-Empty': '' },
  });
});

test('each field is changed, and cleared again', async () => {
  const { page } = tab;
  const sofia = await form.idOf('agents', 'Sofia — Vendas');
  const ana = await form.idOf('memberships', 'Ana Prado');
  const { id, steps } = await form.pipeline('Alvo', {
    name: 'Cheio',
    key: 'cheio',
    isRequired: true,
    trigger: 'Pediu preço',
    agentId: sofia,
    defaultAiControl: true,
    defaultStatus: 'RESOLVED',
    defaultPriority: 'LOW',
    defaultTags: ['a', 'b'],
    defaultTagsToRemove: ['c'],
    assigneeLogicType: 'single_user',
    selectedMembershipIdsForAssignee: [ana],
    initialMessage: 'Olá',
    requestContact: { email: true },
    zapiAgentId: sofia,
    zapiPhoneNumber: '12345678',
    zapiMessage: 'Oi',
    whatsappTemplateAgentId: sofia,
    whatsappTemplateName: 'a',
    whatsappTemplateLanguageCode: 'en',
    whatsappTemplateText: 'b',
    autoNextTime: 90,
    webhookUrl: 'https://example.com',
    webhookHeader: { A: '1' },
  });
  const [, full] = steps;
  await openStep(page, id, full.id);
  await type(page, 'name', 'Vazio');
  await tick(page, 'isRequired', false);
  for (const field of ['key', 'trigger', 'initialMessage', 'webhookUrl', 'zapiPhoneNumber', 'zapiMessage']) {
    await type(page, field, '');
  }
  for (const field of ['whatsappTemplateName', 'whatsappTemplateLanguageCode', 'whatsappTemplateText']) {
    await type(page, field, '');
  }
  for (const field of ['agentId', 'zapiAgentId', 'whatsappTemplateAgentId']) await type(page, field, '');
  await segment(page, 'defaultAiControl', 'Leave');
  await pick(page, 'defaultStatus', 'Leave as it is');
  await pick(page, 'defaultPriority', 'Leave as it is');
  for (const field of ['defaultTags', 'defaultTagsToRemove']) await removeTags(page, field);
  await pick(page, 'assigneeLogicType', 'Keep the present one');
  await tick(page, 'requestContact', false, 1);
  await (await page.waitForSelector('.step-timer-end button')).click();
  await (await page.waitForSelector('.header-actions button')).click();
  await save(page);
  await saved(page);

  const { id: _, version, name, prompt, isRequired, assigneeLogicType, ...others } = await form.storedStep(full.id);
  assert.deepEqual([version, name, prompt, isRequired, assigneeLogicType], [2, 'Vazio', 'Atenda.', false, 'none']);
  const given = Object.entries(others).filter(([, value]) => value !== null && value !== false);
  assert.deepEqual(given, [], 'everything else is cleared');
});

async function removeTags(page, field) {
  const input = await page.waitForSelector(`${slot(field)} input`);
  await input.focus();
  for (;;) {
    const chips = (await page.$$(`${slot(field)} [role="row"]`)).length;
    if (chips === 0) return;
    // The first one gets to the last tag, the second one removes it.
    await input.focus();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.waitForFunction(
      (place, count) => document.querySelectorAll(`${place} [role="row"]`).length < count,
      {},
      slot(field),
      chips,
    );
  }
}

/**
 * What can be typed in and is refused, in inputs with several mistakes each: all are reported together. Each path has
 * the code of the contract.
 */
const REFUSED = [
  {
    input: {
      name: ' ',
      key: 'Novo Lead',
      autoNextTime: 8_761,
      autoNextTimeUnit: 'h',
      defaultTags: ['São', 'SA\u0303O', ' '],
      defaultTagsToRemove: ['x'.repeat(65)],
      assigneeLogicType: 'random_selected',
      zapiPhoneNumber: 'ramal 12',
      whatsappTemplateName: 'Lembrete',
      whatsappTemplateLanguageCode: 'pt-BR',
      webhookUrl: 'ftp://example.com',
      webhookHeader: { 'a b': '1', 'X-Value': ' 1', Host: 'x', 'X-Key': '1', 'x-key': '2' },
    },
    expected: {
      name: 'BLANK',
      key: 'INVALID_KEY',
      trigger: 'TRIGGER_OR_PROMPT_REQUIRED',
      autoNextTime: 'OUT_OF_RANGE',
      'defaultTags.1': 'DUPLICATE_VALUE',
      'defaultTags.2': 'BLANK',
      'defaultTagsToRemove.0': 'TOO_LONG',
      selectedMembershipIdsForAssignee: 'ASSIGNEES_REQUIRED',
      zapiAgentId: 'ZAPI_INCOMPLETE',
      zapiPhoneNumber: 'INVALID_PHONE',
      zapiMessage: 'ZAPI_INCOMPLETE',
      whatsappTemplateAgentId: 'TEMPLATE_INCOMPLETE',
      whatsappTemplateName: 'INVALID_TEMPLATE_NAME',
      whatsappTemplateLanguageCode: 'INVALID_LANGUAGE_CODE',
      webhookUrl: 'INVALID_URL',
      'webhookHeader.a b': 'INVALID_HEADER_NAME',
      'webhookHeader.X-Value': 'INVALID_HEADER_VALUE',
      'webhookHeader.Host': 'HEADER_NOT_ALLOWED',
      'webhookHeader.x-key': 'DUPLICATE_VALUE',
    },
  },
  {
    input: {
      name: 'é'.repeat(256),
      trigger: 'x'.repeat(2_001),
      prompt: 'x'.repeat(20_001),
      initialMessage: 'x'.repeat(4_097),
      autoNextStepId: 'Alvo',
      defaultTags: ['lead', 'frio'],
      defaultTagsToRemove: ['Frio'],
      assigneeLogicType: 'single_user',
      selectedMembershipIdsForAssignee: ['Ana Prado', 'Bruno Tavares'],
      zapiAgentId: 'Sofia — Vendas',
      zapiPhoneNumber: '1234567',
      zapiMessage: 'x'.repeat(4_097),
      whatsappTemplateText: 'x'.repeat(4_097),
      webhookUrl: `https://example.com/${'x'.repeat(2_029)}`,
      webhookHeader: { 'X-Long': 'x'.repeat(8_187) },
    },
    expected: {
      name: 'TOO_LONG',
      trigger: 'TOO_LONG',
      prompt: 'TOO_LONG',
      initialMessage: 'TOO_LONG',
      autoNextTime: 'AUTO_NEXT_INCOMPLETE',
      defaultTagsToRemove: 'TAGS_OVERLAP',
      selectedMembershipIdsForAssignee: 'ASSIGNEE_COUNT',
      zapiPhoneNumber: 'INVALID_PHONE',
      zapiMessage: 'TOO_LONG',
      whatsappTemplateAgentId: 'TEMPLATE_INCOMPLETE',
      whatsappTemplateName: 'TEMPLATE_INCOMPLETE',
      whatsappTemplateLanguageCode: 'TEMPLATE_INCOMPLETE',
      whatsappTemplateText: 'TOO_LONG',
      webhookUrl: 'TOO_LONG',
      webhookHeader: 'TOO_LONG',
    },
  },
  {
    input: {
      name: 'Novo\u2028lead',
      prompt: 'x',
      autoNextTimeUnit: 'd',
      defaultTags: Array.from({ length: 51 }, (_, at) => `t${at}`),
      zapiPhoneNumber: '1234567890123456',
      zapiMessage: 'Oi',
      webhookHeader: { 'X-Key': '1' },
    },
    expected: {
      name: 'INVALID_CHARACTER',
      autoNextTimeUnit: 'UNIT_WITHOUT_TIME',
      defaultTags: 'TOO_MANY',
      zapiAgentId: 'ZAPI_INCOMPLETE',
      zapiPhoneNumber: 'INVALID_PHONE',
      webhookHeader: 'HEADERS_WITHOUT_URL',
    },
  },
  // Only the service knows these.
  {
    input: { name: 'Novo', prompt: 'x', key: 'alvo', webhookUrl: 'http://localhost:8080/' },
    expected: { key: 'KEY_TAKEN', webhookUrl: 'URL_NOT_ALLOWED' },
  },
];

const LANGUAGES = ['en', 'pt-BR'];

for (const language of LANGUAGES) {
  test(`what is wrong stands beside each field (${language})`, async () => {
    const t = await messagesOf(language);
    const { id, steps } = await form.pipeline({ name: 'Alvo', key: 'alvo' });
    for (const { input, expected } of REFUSED) {
      // A tab for each, as drafts stay in their tab.
      const page = await tab.newPage();
      await page.evaluateOnNewDocument((language) => localStorage.setItem('crm-steps:language', language), language);
      await openStep(page, id, 'new');
      await fillIn(page, t, input);
      const errors = await refusals({ ...(await withIds(input, steps)), scenarioId: id });
      const codes = errors.map(({ field, code }) => [field.slice(1).join('.'), code]);
      assert.deepEqual(Object.fromEntries(codes), expected, 'the service says the same');
      await save(page);
      for (const error of errors) {
        const sentence = sentenceOf(t, error).replaceAll('\u00a0', ' ');
        await waitForText(page, slot(error.field[1]), sentence);
        await waitForText(page, '.summary', sentence);
      }
    }
    assert.equal((await form.storedSteps(id)).length, 1, 'nothing is stored');
  });
}

const { sentenceOf } = await sourceModule('messages/errors.ts');

async function messagesOf(language) {
  const { first } = await sourceModule(`messages/${language}.ts`);
  const { later } = await sourceModule(`messages/${language}/later.ts`);
  return { ...first, ...later };
}

/** Types an input in, where things of the server are written by their names. */
async function fillIn(page, t, input) {
  for (const [field, value] of Object.entries(input)) {
    switch (field) {
      case 'defaultTags':
      case 'defaultTagsToRemove':
        await addTags(page, field, value);
        break;
      case 'assigneeLogicType':
        await pick(page, field, t.values.assignment[value]);
        break;
      case 'selectedMembershipIdsForAssignee':
        for (const name of value) await findAndPick(page, field, name);
        break;
      case 'autoNextTimeUnit':
        await pick(page, field, t.values.timeUnit[value]);
        break;
      case 'autoNextStepId':
      case 'zapiAgentId':
        await findAndPick(page, field, value);
        break;
      case 'webhookHeader':
        await addHeaders(page, Object.entries(value));
        break;
      default:
        await type(page, field, String(value));
    }
  }
}

/** The input with ids in place of names. */
async function withIds(input, [target]) {
  const { autoNextStepId, zapiAgentId, selectedMembershipIdsForAssignee: people, ...others } = input;
  return {
    ...others,
    ...(autoNextStepId && { autoNextStepId: target.id }),
    ...(zapiAgentId && { zapiAgentId: await form.idOf('agents', zapiAgentId) }),
    ...(people && {
      selectedMembershipIdsForAssignee: await Promise.all(people.map((name) => form.idOf('memberships', name))),
    }),
  };
}

/** What the service says about an input, without storing it. */
async function refusals(input) {
  const { createCrmStep } = await graphql(
    `
      mutation ($input: CreateCrmStepInput!) {
        createCrmStep(input: $input, validateOnly: true) {
          userErrors {
            field
            code
            message
            params {
              name
              value
            }
          }
        }
      }
    `,
    { input },
  );
  return createCrmStep.userErrors;
}

test('what is wrong is said when the field is left, and goes when it is put right', async () => {
  const { page } = tab;
  const { id } = await form.pipeline();
  await openStep(page, id, 'new');
  await type(page, 'zapiPhoneNumber', '123');
  assert.doesNotMatch(await form.saidAt(page, 'zapiPhoneNumber'), /digits, with/);
  await page.focus(`${slot('zapiMessage')} textarea`);
  await waitForText(page, slot('zapiPhoneNumber'), 'has 8 to 15 digits');
  assert.doesNotMatch(await form.saidAt(page, 'zapiAgentId'), /needs the agent/, 'that one was not left');
  await type(page, 'zapiPhoneNumber', '12345678');
  await waitForText(page, slot('zapiPhoneNumber'), 'has 8 to 15 digits', { isGone: true });

  await type(page, 'autoNextTime', '1.5');
  await save(page);
  await waitForText(page, slot('autoNextTime'), 'Write a whole number');
});

test('a link of the summary leads to its field, also in a section that is closed', async () => {
  const { page } = tab;
  const { id } = await form.pipeline();
  await openStep(page, id, 'new');
  await type(page, 'name', 'Novo');
  await type(page, 'zapiPhoneNumber', '12345678');
  await (await page.waitForSelector('.step-section-button ::-p-text(What it sends)')).click();
  await save(page);
  await page.waitForFunction(() => document.activeElement.matches('.summary'));
  await (await page.waitForSelector('.summary-link ::-p-text(Z-API: message)')).click();
  await page.waitForFunction((place) => document.activeElement.closest(place) !== null, {}, slot('zapiMessage'));
});

test('what the other values exclude is kept in the form and not sent', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline({ name: 'Fim', autoNextTime: 36, autoNextTimeUnit: 'h' });
  await openStep(page, id, steps[0].id);
  await tick(page, 'isConversationRemovalStep', true);
  await waitForText(page, slot('autoNextTime'), 'so it has no timer');
  assert.equal(await page.$eval(`${slot('autoNextTime')} input`, (input) => input.readOnly && input.value), '36');
  await tick(page, 'isConversationRemovalStep', false);
  await page.waitForFunction((place) => !document.querySelector(`${place} input`).readOnly, {}, slot('autoNextTime'));
  await tick(page, 'isConversationRemovalStep', true);
  await save(page);
  await saved(page);
  const { isConversationRemovalStep, autoNextTime, autoNextTimeUnit } = await form.storedStep(steps[0].id);
  assert.deepEqual([isConversationRemovalStep, autoNextTime, autoNextTimeUnit], [true, null, null]);
});

test('fields that the form does not know yet are under "More", with a control by their type', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Novo');
  const named = (kind, name, ofType = null) => ({ kind, name, ofType, enumValues: null });
  const tone = {
    ...named('ENUM', 'Tone'),
    enumValues: [
      { name: 'WARM', description: 'Friendly.' },
      { name: 'COOL', description: null },
    ],
  };
  const types = {
    closingNote: named('NON_NULL', null, named('SCALAR', 'String')),
    patience: named('SCALAR', 'Int'),
    isQuiet: named('SCALAR', 'Boolean'),
    tone,
    topics: named('LIST', null, named('NON_NULL', null, named('SCALAR', 'String'))),
    tones: named('LIST', null, tone),
    rules: named('INPUT_OBJECT', 'RulesInput'),
  };
  let sent;
  await intercept(page, async (request) => {
    const { operationName: name, variables } = request;
    if (name === 'stepMutationsUpdateMutation' && 'closingNote' in variables.input) {
      sent = variables.input;
      // The service under test does not know these fields.
      const { closingNote, patience, isQuiet, tone: _, topics, tones, ...known } = variables.input;
      return { body: await forward({ ...request, variables: { ...variables, input: known } }) };
    }
    if (!['useInputRulesQuery', 'inputFields', 'MoreQuery'].includes(name)) return undefined;
    const body = await forward(request);
    if (name === 'useInputRulesQuery') {
      const [row] = body.data.inputRules[0].fields;
      const fields = Object.keys(types).map((field) => ({
        ...row,
        path: [field],
        references: null,
        codes: [],
        maxLength: field === 'closingNote' ? 10 : null,
      }));
      body.data.inputRules[0].fields.push(...fields);
    } else if (name === 'inputFields') {
      const fields = Object.entries(types).map(([field, type]) => ({
        name: field,
        description: `About ${field}.`,
        type,
      }));
      body.data.__type.inputFields.push(...fields);
    } else {
      Object.assign(body.data.crmStep.lastChange.nodes[0].after, { patience: 3, topics: ['a'] });
    }
    return { body };
  });
  await openStep(page, id, steps[0].id);
  await waitForText(page, slot('closingNote'), 'About closingNote.');
  await page.waitForFunction((place) => document.querySelector(`${place} input`).value === '3', {}, slot('patience'));
  await waitForText(page, slot('rules'), 'by the API only');

  await type(page, 'closingNote', 'x'.repeat(11));
  await page.focus(`${slot('name')} input`);
  await waitForText(page, slot('closingNote'), 'at most 10');
  await type(page, 'closingNote', 'Até logo');
  await type(page, 'patience', '5');
  await pick(page, 'isQuiet', 'No');
  await pick(page, 'tone', 'WARM');
  await addTags(page, 'topics', ['b']);
  await tick(page, 'tones', true, 1);
  await type(page, 'name', 'Outro');
  await save(page);
  await saved(page);
  assert.deepEqual(sent, {
    name: 'Outro',
    closingNote: 'Até logo',
    patience: 5,
    isQuiet: false,
    tone: 'WARM',
    topics: ['a', 'b'],
    tones: ['COOL'],
  });
  assert.equal((await form.storedStep(steps[0].id)).name, 'Outro');
});

/** What the service answers to a request of the page. */
async function forward(request) {
  const response = await fetch(`${SITE}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return response.json();
}
