// What is typed into the form of a step in a real browser, and what the service says about it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './support/board.mjs';
import { press, textOf, useBrowser, waitForText } from './support/browser.mjs';
import { addFields, named } from './support/more-fields.mjs';
import * as form from './support/step-form.mjs';

const tab = useBrowser();
const { addHeaders, addTags, findAndPick, openStep, panelIsReady, pick, save, saved, segment, slot, tick, type } = form;

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

test('what is typed into a field with a choice replaces it, and Escape puts it back and closes the list', async () => {
  const { page } = tab;
  const agentId = await form.idOf('agents', 'Sofia — Vendas');
  const { id, steps } = await form.pipeline({ name: 'Primeiro', agentId });
  await openStep(page, id, steps[0].id);
  const field = await page.waitForSelector(`${slot('agentId')} input`);
  const value = () => field.evaluate((input) => input.value);
  // Once the panel and its sections stand still.
  await page.locator(`${slot('agentId')} input`).click();
  await page.waitForSelector('[role=listbox]');
  await page.keyboard.type('Tiago');
  assert.equal(await value(), 'Tiago');
  await waitForText(page, '[role=option]', 'Tiago — Suporte N1');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('[role=listbox]') === null);
  assert.equal(await value(), 'Sofia — Vendas');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.querySelectorAll('[role=option]').length > 1);
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

test('a text that is typed to find something stays when the panel is scrolled', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Novo');
  await openStep(page, id, steps[0].id);
  await pick(page, 'assigneeLogicType', 'Several, in turn');
  for (const [field, text, found] of [
    ['agentId', 'Sof', 'Sofia — Vendas'],
    ['selectedMembershipIdsForAssignee', 'Bru', 'Bruno Tavares'],
  ]) {
    await type(page, field, text);
    await page.waitForSelector(`[role="option"] ::-p-text(${found})`);
    await page.$eval('.panel-body', (body) => body.scrollBy(0, -20));
    await page.waitForSelector('[role="listbox"]', { hidden: true });
    const typed = await page.$eval(`${slot(field)} input`, (input) => input === document.activeElement && input.value);
    assert.equal(typed, text);
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector(`[role="option"] ::-p-text(${found})`);
    await page.keyboard.press('Enter');
    await until(async () => {
      // The one names it in the input, and the other below it.
      const shown = await page.$eval(slot(field), (place) => [place.querySelector('input').value, place.innerText]);
      assert.ok(shown.join().includes(found), shown.join());
    });
  }
});

test('fields that the form does not know yet are under "More", with a control by their type', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Novo');
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
  const stored = { patience: 3, topics: ['a'] };
  const sent = await addFields(page, types, { stored, maxLength: { closingNote: 10 } });
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
  const all = {
    name: 'Outro',
    closingNote: 'Até logo',
    patience: 5,
    isQuiet: false,
    tone: 'WARM',
    topics: ['a', 'b'],
    tones: ['COOL'],
  };
  assert.deepEqual(sent, [all]);
  assert.equal((await form.storedStep(steps[0].id)).name, 'Outro');
});

test('fields under "More" are merged as the others are, and those whose values are not known are named', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Novo');
  const types = {
    patience: named('SCALAR', 'Int'),
    greeting: named('SCALAR', 'String'),
    farewell: named('SCALAR', 'String'),
    secret: named('SCALAR', 'String'),
  };
  const stored = { patience: 3, greeting: 'Oi', farewell: 'Tchau' };
  const sent = await addFields(page, types, { stored });
  await openStep(page, id, steps[0].id);
  const valueOf = (field) => page.$eval(`${slot(field)} :is(input, textarea)`, ({ value }) => value);
  const hasValue = (field, value) => until(async () => assert.equal(await valueOf(field), value));
  await hasValue('patience', '3');
  await waitForText(page, slot('secret'), 'it cannot be compared');
  await waitForText(page, slot('patience'), 'it cannot be compared', { isGone: true });
  await type(page, 'patience', '5');
  await type(page, 'greeting', 'Olá');
  await type(page, 'secret', 'mine');

  Object.assign(stored, { patience: 7, farewell: 'Até' });
  await form.updateStep(steps[0].id, { trigger: 'Outro' });
  await waitForText(page, '.banner', 'Version 2');
  await press(page, 'Merge now');
  await waitForText(page, '.conflict', 'Not compared, because the stored value is not known: secret.');
  await waitForText(page, '.conflict', 'farewell (theirs)');
  assert.equal(await textOf(page, '.conflict-label'), 'patience');
  assert.match(await textOf(page, '.conflict-side'), /^Mine\s+5\s+Theirs\s+7$/);
  await hasValue('farewell', 'Até');
  await (await page.waitForSelector('.conflict-side ::-p-text(Theirs)')).click();
  await hasValue('patience', '7');
  await save(page);
  await saved(page);
  assert.deepEqual(sent, [{ greeting: 'Olá', secret: 'mine' }]);
});

test('a merge that ends after its panel was closed does not bring back what was discarded since', async () => {
  const { page } = tab;
  const { id, steps } = await form.pipeline('Novo');
  let until;
  let release;
  const types = { patience: named('SCALAR', 'Int') };
  await addFields(page, types, { stored: { patience: 3 }, beforeStored: () => until });
  await page.evaluateOnNewDocument(() => {
    window.kept = [];
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (key, value) {
      window.kept.push(value);
      setItem.call(this, key, value);
    };
  });
  await openStep(page, id, steps[0].id);
  await page.waitForFunction((place) => document.querySelector(`${place} input`).value === '3', {}, slot('patience'));
  await type(page, 'trigger', 'Desistido');
  await form.updateStep(steps[0].id, { key: 'outro' });
  await waitForText(page, '.banner', 'Version 2');
  until = new Promise((resolve) => (release = resolve));
  await press(page, 'Merge now');
  await page.focus('.panel-title');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { hidden: true });
  await page.click('.steps-item a');
  await panelIsReady(page);
  await press(page, 'Discard changes');
  await page.waitForFunction((place) => document.querySelector(`${place} textarea`).value === '', {}, slot('trigger'));
  await page.evaluate(() => (window.kept = []));
  const answer = page.waitForResponse((response) => response.request().postData()?.includes('moreValuesQuery'));
  release();
  await (await answer).text();
  // What is typed now is written down later than what the answer leads to.
  await type(page, 'trigger', 'Depois');
  await page.waitForFunction(() => window.kept.some((value) => value.includes('Depois')));
  assert.deepEqual(await page.evaluate(() => window.kept.filter((value) => value.includes('Desistido'))), []);
});
