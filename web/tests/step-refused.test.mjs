// What is wrong with a step: beside each field and above them, in both languages, as the service says it.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { graphql } from './support/api.mjs';
import { useBrowser, waitForText } from './support/browser.mjs';
import { sourceModule } from './support/module.mjs';
import * as form from './support/step-form.mjs';

const tab = useBrowser();
const { addHeaders, addTags, findAndPick, openStep, pick, save, slot, type } = form;

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

test('the summary is in the order of the form, and says briefly that a URL has no scheme', async () => {
  const { page } = tab;
  const { id } = await form.pipeline();
  await openStep(page, id, 'new');
  await form.addTags(page, 'defaultTags', ['x'.repeat(65)]);
  await type(page, 'webhookUrl', 'example.com/hook');
  await save(page);
  await page.waitForFunction(() => document.activeElement.matches('.summary'));
  assert.deepEqual(await page.$$eval('.summary-link', (links) => links.map((link) => link.innerText)), [
    'Name',
    'Trigger',
    'Tags to add',
    'Webhook URL',
  ]);
  assert.match(await form.saidAt(page, 'webhookUrl'), /It has to begin with https:\/\/ or http:\/\/\.$/m);
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
