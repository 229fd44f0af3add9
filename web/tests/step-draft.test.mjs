// The form of a step without a browser: values, drafts, and the merge of two changes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { forAll } from './support/cases.mjs';
import { sourceModule } from './support/module.mjs';

const { NO_VALUES, GROUPS } = await sourceModule('features/step/values.ts');
const { changedFields, createInput, isSame, updateInput, valuesOf } = await sourceModule('features/step/stored.ts');
const { merge, choose } = await sourceModule('features/step/merge.ts');
const { draftReducer, isDirty, newDraft } = await sourceModule('features/step/draft.ts');
const { checkCreate, checkUpdate } = await sourceModule('features/step/check.ts');
const { draftKey, forgetDraft, keepDraft, keptDraft } = await sourceModule('features/step/draftStore.ts');

const with_ = (changes, base = NO_VALUES) => ({ ...base, ...changes });

/** A step as the API returns it: null where nothing was sent. */
const NOTHING_STORED = Object.fromEntries(Object.keys(NO_VALUES).map((field) => [field, null]));
const stored = (changes) => valuesOf({ ...NOTHING_STORED, name: 'Lead', ...changes });

describe('values', () => {
  test('of a step without values are those of a new one', () => {
    assert.deepEqual(valuesOf({ ...NOTHING_STORED, name: '' }), NO_VALUES);
  });

  test('take each form in which the API returns a field', () => {
    const values = stored({
      autoNextTime: 36,
      requestContact: { name: true, email: null, phone: false },
      webhookHeaders: [
        { name: 'X', value: 'v', isMasked: false },
        { name: 'Y', value: null, isMasked: true },
      ],
      defaultAiControl: false,
    });
    assert.equal(values.autoNextTime, '36');
    assert.deepEqual(values.requestContact, { name: true, email: false, phone: false });
    assert.deepEqual(values.webhookHeader, [
      { name: 'X', value: 'v', isKept: false },
      { name: 'Y', value: '', isKept: true },
    ]);
    assert.equal(values.defaultAiControl, false);
  });

  test('a patch has what differs: null clears, and what means the same stays', () => {
    const base = stored({
      trigger: 'Asks',
      prompt: ' ',
      defaultTags: [],
      isRequired: true,
      autoNextTime: 36,
      autoNextTimeUnit: 'h',
      defaultAiControl: false,
    });
    assert.deepEqual(updateInput(base, base), {});
    const changed = with_(
      { trigger: '', isRequired: false, autoNextTime: ' 48 ', defaultAiControl: null, defaultTags: ['a'] },
      base,
    );
    assert.deepEqual(updateInput(base, changed), {
      trigger: null,
      isRequired: false,
      autoNextTime: 48,
      defaultAiControl: null,
      defaultTags: ['a'],
    });
    assert.deepEqual(updateInput(base, with_({ autoNextTime: '036' }, base)), {});
  });

  test('of headers: the order, secrets that are kept, and lines that are not filled in', () => {
    const kept = { name: 'X', value: '', isKept: true };
    const base = stored({
      webhookUrl: 'https://a.example',
      webhookHeaders: [{ name: 'X', value: null, isMasked: true }],
    });
    assert.deepEqual(
      updateInput(base, with_({ webhookHeader: [kept, { name: '', value: '', isKept: false }] }, base)),
      {},
    );
    const added = [{ name: 'Y', value: '1', isKept: false }, kept];
    assert.equal(
      JSON.stringify(updateInput(base, with_({ webhookHeader: added }, base))),
      '{"webhookHeader":{"Y":"1","X":"***"}}',
    );
    assert.deepEqual(updateInput(base, with_({ webhookHeader: [] }, base)), { webhookHeader: null });
  });

  test('an input of a new step leaves out what is not given', () => {
    assert.deepEqual(createInput(with_({ name: 'Lead' }), 'S'), { scenarioId: 'S', name: 'Lead' });
    assert.deepEqual(createInput(NO_VALUES, 'S'), { scenarioId: 'S', name: '' });
    const all = createInput(
      with_({
        requestContact: { name: true, email: false, phone: false },
        autoNextTime: '5',
        isRequired: true,
        defaultAiControl: false,
        newer: false,
      }),
      'S',
    );
    assert.deepEqual(all, {
      scenarioId: 'S',
      name: '',
      requestContact: { name: true, email: false, phone: false },
      autoNextTime: 5,
      isRequired: true,
      defaultAiControl: false,
      newer: false,
    });
  });
});

describe('a draft', () => {
  const run = (draft, ...actions) => actions.reduce(draftReducer, draft);
  const set = (field, value) => ({ type: 'set', field, value });

  test('is dirty as long as it differs from what is stored', () => {
    const draft = newDraft({ base: stored({ trigger: 'Asks' }), version: 4 });
    assert.equal(isDirty(draft), false);
    const changed = run(draft, set('trigger', 'Asked'));
    assert.equal(isDirty(changed), true);
    assert.equal(isDirty(run(changed, set('trigger', 'Asks'))), false);
    assert.equal(isDirty(run(changed, { type: 'discard' })), false);
    assert.equal(run(changed, { type: 'discard' }).version, 4);
  });

  test('gives a new timer hours, and the unit goes and comes back with the time', () => {
    const typed = run(newDraft(), set('autoNextTime', '3'));
    assert.equal(typed.values.autoNextTimeUnit, 'h');
    const days = run(typed, set('autoNextTimeUnit', 'd'), set('autoNextTime', ''));
    assert.equal(days.values.autoNextTimeUnit, null);
    assert.equal(run(days, set('autoNextTime', '4')).values.autoNextTimeUnit, 'd');
    const seconds = newDraft({ base: stored({ autoNextTime: 90 }), version: 1 });
    assert.equal(run(seconds, set('autoNextTime', ''), set('autoNextTime', '80')).values.autoNextTimeUnit, null);
    assert.equal(
      run(newDraft(), set('autoNextTimeUnit', 'm')).values.autoNextTimeUnit,
      'm',
      'a unit alone is an error that is shown',
    );
    const none = run(days, set('autoNextTime', '4'), set('autoNextStepId', 'A'), { type: 'removeTimer' });
    assert.deepEqual(changedFields(NO_VALUES, none.values), []);
  });

  test('shows what the service found until the field is changed', () => {
    const refusal = (...field) => ({ field, code: 'NOT_FOUND', category: 'RULE', message: '', params: [] });
    const refusals = [refusal('input', 'agentId'), refusal('input', 'defaultTags', '0'), refusal('to', 'after')];
    const refused = run(newDraft(), { type: 'refused', refusals });
    assert.equal(refused.isSubmitted, true);
    assert.deepEqual(run(refused, set('agentId', 'B')).refusals, refusals.slice(1));
    assert.deepEqual(run(refused, set('defaultTags', [])).refusals, [refusals[0], refusals[2]]);
  });

  test('is kept in the tab, with secrets only if they were touched', () => {
    globalThis.sessionStorage = memory();
    const key = draftKey('P', 'S');
    assert.notEqual(key, draftKey('P', 'new'));
    const base = stored({
      webhookUrl: 'https://a.example',
      webhookHeaders: [{ name: 'X', value: 'secret', isMasked: false }],
    });
    const draft = run(newDraft({ base, version: 3, names: { A: 'Sofia' } }), set('trigger', 'Asks'));
    keepDraft(key, draft);
    assert.ok(!sessionStorage.getItem(key).includes('secret'));
    const { values, version, base: was, names } = keptDraft(key, base);
    assert.deepEqual([values, version, was, names], [draft.values, 3, base, { A: 'Sofia' }]);

    keepDraft(key, run(draft, set('webhookUrl', 'https://b.example')));
    assert.deepEqual(keptDraft(key, NO_VALUES).values.webhookHeader, base.webhookHeader);

    keepDraft(key, run(draft, { type: 'discard' }));
    assert.equal(keptDraft(key, base), null, 'nothing is left to keep');
    keepDraft(key, draft);
    forgetDraft(key);
    assert.equal(keptDraft(key, base), null);
  });

  test('of another version of the page keeps the fields that have the same form', () => {
    globalThis.sessionStorage = memory();
    const key = draftKey('P', 'S');
    const base = stored({ key: 'lead', trigger: 'Asks' });
    keepDraft(key, run(newDraft({ base, version: 3 }), set('trigger', 'Mine'), set('prompt', 'New')));
    const kept = JSON.parse(sessionStorage.getItem(key));
    const keptWith = (change) => {
      const other = structuredClone(kept);
      change(other);
      sessionStorage.setItem(key, JSON.stringify(other));
      return keptDraft(key, base);
    };
    const changedIn = (draft) => draft && changedFields(draft.base, draft.values);
    assert.deepEqual(changedIn(keptWith(() => {})), ['trigger', 'prompt']);
    const later = keptWith(({ layout, base, values }) => {
      delete layout.key;
      delete base.key;
      delete values.key;
    });
    assert.deepEqual([changedIn(later), later.values.key], [['trigger', 'prompt'], 'lead'], 'a field is new');
    const another = keptWith(({ layout, values }) => {
      layout.trigger = [];
      values.trigger = ['Mine'];
    });
    assert.deepEqual([changedIn(another), another.values.trigger], [['prompt'], 'Asks'], 'a field has another form');
    const former = keptWith(({ layout, values }) => {
      layout.former = '';
      values.former = 'typed';
    });
    assert.deepEqual(changedIn(former), ['trigger', 'prompt'], 'a field is gone');
    assert.equal(keptWith((draft) => Object.assign(draft, { layout: 1 })), null, 'nothing is known of the form');
  });
});

describe('a check', () => {
  const rules = {
    fields: [],
    across: [
      {
        kind: 'EXCLUDES',
        fields: ['isConversationRemovalStep', 'autoNextStepId', 'autoNextTime'],
        reportedOn: 'isConversationRemovalStep',
        code: 'REMOVAL_STEP_CONFLICT',
      },
      {
        kind: 'NEEDS',
        fields: ['autoNextTimeUnit', 'autoNextTime'],
        reportedOn: 'autoNextTimeUnit',
        code: 'UNIT_WITHOUT_TIME',
      },
      {
        kind: 'COUNT_BY',
        fields: ['selectedMembershipIdsForAssignee'],
        by: 'assigneeLogicType',
        cases: [{ value: 'none', max: 0 }],
        reportedOn: 'selectedMembershipIdsForAssignee',
        code: 'ASSIGNEES_NOT_ALLOWED',
      },
      {
        kind: 'AT_LEAST_ONE',
        fields: ['trigger', 'prompt'],
        reportedOn: 'trigger',
        code: 'TRIGGER_OR_PROMPT_REQUIRED',
      },
    ],
  };
  const timer = { autoNextTime: '2', autoNextTimeUnit: 'd', autoNextStepId: 'T' };
  const found = ({ violations }) => violations.map(({ path, code }) => `${path.join('.')} ${code}`);

  test('sends nothing of what the other values exclude', () => {
    const base = stored({ trigger: 'Asks', autoNextTime: 36, autoNextTimeUnit: 'h' });
    const removal = checkUpdate(rules, base, with_({ ...timer, isConversationRemovalStep: true }, base));
    assert.deepEqual(removal, {
      input: { isConversationRemovalStep: true, autoNextTime: null, autoNextTimeUnit: null },
      violations: [],
    });
    const values = with_({
      name: 'A',
      trigger: 'b',
      assigneeLogicType: 'none',
      selectedMembershipIdsForAssignee: ['M'],
    });
    assert.deepEqual(checkCreate(rules, values, 'S').input, {
      scenarioId: 'S',
      name: 'A',
      trigger: 'b',
      assigneeLogicType: 'none',
    });
  });

  test('of an update is about what it changes', () => {
    const base = stored({});
    assert.deepEqual(found(checkUpdate(rules, base, with_({ name: 'B' }, base))), []);
    assert.deepEqual(found(checkUpdate(rules, base, with_({ prompt: ' ' }, base))), [
      'trigger TRIGGER_OR_PROMPT_REQUIRED',
    ]);
    assert.deepEqual(found(checkCreate(rules, NO_VALUES, 'S')), ['trigger TRIGGER_OR_PROMPT_REQUIRED']);
  });

  test('finds what no input can have', () => {
    const base = stored({
      trigger: 'Asks',
      webhookUrl: 'https://a.example/x',
      webhookHeaders: [{ name: 'K', value: null, isMasked: true }],
    });
    const of = (changes) => found(checkUpdate(rules, base, with_(changes, base)));
    for (const text of ['1.5', 'two', '1e3', '٣'])
      assert.deepEqual(of({ autoNextTime: text }), ['autoNextTime NOT_A_NUMBER'], text);
    for (const text of ['-1', '+7', ' 7 ']) assert.deepEqual(of({ autoNextTime: text }), [], text);
    const header = (name, value) => ({ name, value, isKept: false });
    const [kept] = base.webhookHeader;
    assert.deepEqual(of({ webhookHeader: [kept, header('A', '1'), header('A', '2')] }), [
      'webhookHeader.A DUPLICATE_VALUE',
    ]);
    assert.deepEqual(of({ webhookHeader: [kept, header('', '1')] }), ['webhookHeader. INVALID_HEADER_NAME']);
    assert.deepEqual(of({ webhookUrl: 'https://b.example' }), ['webhookHeader.K MASKED_HEADER_VALUE']);
    assert.deepEqual(of({ webhookUrl: 'https://a.example/y' }), []);
  });
});

describe('a merge', () => {
  const base = stored({ trigger: 'Asks', defaultPriority: 'LOW', autoNextTime: 36, autoNextTimeUnit: 'h' });

  test('takes what only one side has changed, and asks where both have', () => {
    const mine = with_({ trigger: 'Mine', name: 'A' }, base);
    const theirs = with_({ defaultPriority: 'HIGH', name: 'B' }, base);
    const { merged, taken, conflicts } = merge(base, mine, theirs);
    assert.deepEqual(merged, with_({ trigger: 'Mine', defaultPriority: 'HIGH', name: 'A' }, base));
    assert.deepEqual([taken, conflicts], [[['defaultPriority']], [['name']]]);
  });

  test('keeps together what belongs together', () => {
    const mine = with_({ autoNextTime: '48' }, base);
    const theirs = with_({ autoNextStepId: 'T', autoNextTimeUnit: 'd', autoNextTime: '2' }, base);
    const { merged, conflicts } = merge(base, mine, theirs);
    assert.deepEqual(conflicts, [['autoNextTime', 'autoNextTimeUnit', 'autoNextStepId']]);
    const chosen = choose(merged, conflicts[0], theirs);
    assert.deepEqual(chosen, theirs);
    assert.deepEqual(choose(chosen, conflicts[0], mine), mine);
  });

  test('does not say of a field that somebody has changed it, if it is not known how it was', () => {
    const theirs = { ...with_({ defaultPriority: 'HIGH' }, base), newer: 'a' };
    const { merged, taken } = merge(base, base, theirs);
    assert.deepEqual([merged, taken], [theirs, [['defaultPriority']]]);
  });

  /** Values of a field that differ from each other. */
  const valuesOfField = (field) => {
    const none = NO_VALUES[field];
    if (field === 'autoNextTime') return ['', '1', '2', '3'];
    if (field === 'requestContact') return [none, { ...none, name: true }, { ...none, phone: true }];
    if (field === 'webhookHeader')
      return [[], [{ name: 'A', value: '1', isKept: false }], [{ name: 'A', value: '', isKept: true }]];
    if (Array.isArray(none)) return [[], ['a'], ['b'], ['a', 'b']];
    if (typeof none === 'boolean') return [false, true];
    if (field === 'defaultAiControl') return [null, true, false];
    return [none, 'a', 'b', 'c'];
  };
  const FIELDS = [...Object.keys(NO_VALUES), 'newer'];
  const groupOf = (field) => GROUPS.find((group) => group.includes(field)) ?? [field];
  const change = (random, values, fields) => ({
    ...values,
    ...Object.fromEntries(fields.map((field) => [field, random.oneOf(valuesOfField(field))])),
  });
  const flat = (groups) => new Set(groups.flat());

  test('loses nothing, whatever both sides have changed', async () => {
    await forAll(2_000, (random) => {
      const was = change(random, NO_VALUES, random.some(FIELDS));
      const mine = change(random, was, random.some(random.some(FIELDS)));
      const theirs = change(random, was, random.some(random.some(FIELDS)));
      const { merged, taken, conflicts } = merge(was, mine, theirs);
      const disputed = flat(conflicts.flat().map(groupOf));
      for (const field of FIELDS) {
        const [byMe, byThem] = [mine, theirs].map((side) => groupOf(field).some((one) => !isSame(one, was, side)));
        if (disputed.has(field)) {
          assert.ok(byMe && byThem, `${field} is disputed without reason`);
          assert.ok(
            groupOf(field).some((one) => !isSame(one, mine, theirs)),
            `${field} is the same on both sides`,
          );
        } else if (byMe) assert.ok(isSame(field, merged, mine), `${field} of mine is lost`);
        else assert.ok(isSame(field, merged, theirs), `${field} of theirs is lost`);
        if (!byMe && field in was && !isSame(field, was, theirs)) assert.ok(flat(taken).has(field), `${field} is taken silently`);
      }

      const other = merge(was, theirs, mine);
      assert.deepEqual(flat(other.conflicts), flat(conflicts), 'both sides are asked the same');
      for (const field of FIELDS.filter((field) => !disputed.has(field)))
        assert.ok(isSame(field, merged, other.merged), field);

      const chosen = conflicts.reduce((values, group) => choose(values, group, theirs), merged);
      for (const field of disputed) assert.ok(isSame(field, chosen, theirs), `${field} was chosen`);
      assert.deepEqual(merge(was, mine, mine), { merged: mine, taken: [], conflicts: [] });
      assert.deepEqual(changedFields(merge(was, was, theirs).merged, theirs), []);
    });
  });

  test('never asks about changes of different groups', async () => {
    await forAll(1_000, (random) => {
      const groups = [...GROUPS, ...FIELDS.filter((field) => !GROUPS.flat().includes(field)).map((field) => [field])];
      const mineHas = new Set(random.some(groups));
      const was = change(random, NO_VALUES, random.some(FIELDS));
      const mine = change(random, was, [...mineHas].flat());
      const theirs = change(random, was, groups.filter((group) => !mineHas.has(group)).flat());
      const { merged, conflicts } = merge(was, mine, theirs);
      assert.deepEqual(conflicts, []);
      for (const field of FIELDS)
        assert.ok(
          isSame(
            field,
            merged,
            mineHas.has(groupOf(field)) || [...mineHas].some((group) => group.includes(field)) ? mine : theirs,
          ),
          field,
        );
    });
  });
});

/** What sessionStorage is in a browser. */
function memory() {
  const entries = new Map();
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}
