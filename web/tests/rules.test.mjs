// What a form finds by the published rules: fixed cases of each rule, and random inputs, of which the service has to
// say the same. CRM_STEPS_URL and CRM_STEPS_TOKEN name the service and a token that may write.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { graphql } from './support/api.mjs';
import { forAll } from './support/cases.mjs';
import { sourceModule } from './support/module.mjs';
import { stepToChange, valuesOf } from './support/step-values.mjs';

const { evaluate, exclusionOf } = await sourceModule('rules/evaluate.ts');
const { toFieldErrors } = await sourceModule('rules/toFieldErrors.ts');

const NOTHING = {
  isRequired: false,
  isTrimmed: false,
  isOneLine: false,
  mayBeBlank: true,
  maxLength: null,
  lengthUnit: 'CHARACTERS',
  pattern: null,
  patternMaxLength: null,
  format: null,
  isBlankExempt: true,
  min: null,
  max: null,
  maxItems: null,
  isUnique: false,
  notOneOf: null,
  references: null,
  codes: [],
  formatCode: null,
  notAllowedCode: null,
};

/** The violations of an input by rows of rules, as `path CODE name=value …`. */
function found(fields, across, input, changed) {
  const rules = {
    fields: fields.map(([path, rules]) => ({ ...NOTHING, path: path.split('.'), ...rules })),
    across: across.map((rule) => ({ by: null, cases: null, reportedOn: rule.fields[0], code: 'BROKEN', ...rule })),
  };
  return evaluate(rules, input, changed).map(({ path, code, params }) =>
    [path.join('.'), code, ...params.map(({ name, value }) => `${name}=${value}`)].join(' '),
  );
}

const field = (rules, value) => found([['x', rules]], [], { x: value });
const across = (rule, input, fields = []) => found(fields, [rule], input);

describe('the rules of one field', () => {
  test('blank', () => {
    const name = { mayBeBlank: false, isTrimmed: true };
    for (const blank of ['', ' ', '\u200b', '\u2800', '\u3164', '\t\u00a0', null]) {
      assert.deepEqual(field(name, blank), ['x BLANK'], JSON.stringify(blank));
    }
    for (const given of ['a', ' a ', '\u0600', undefined]) assert.deepEqual(field(name, given), []);
    assert.deepEqual(field({ isRequired: true }, undefined), ['x BLANK']);
    assert.deepEqual(field({}, ''), []);
  });

  test('characters', () => {
    const text = { codes: ['INVALID_CHARACTER'] };
    assert.deepEqual(field(text, 'a\0'), ['x INVALID_CHARACTER']);
    assert.deepEqual(field(text, 'a\ud800'), ['x INVALID_CHARACTER'], 'half a pair cannot be sent');
    assert.deepEqual(field(text, 'a\nb'), []);
    for (const text of ['a\nb', 'a\u2028b', 'a\u0085b', 'a\u007fb']) {
      assert.deepEqual(field({ isOneLine: true }, text), ['x INVALID_CHARACTER'], JSON.stringify(text));
    }
  });

  test('length, in characters after trimming', () => {
    const text = { maxLength: 3, isTrimmed: true };
    assert.deepEqual(field(text, ' 🙂🙂🙂 '), []);
    assert.deepEqual(field(text, '🙂🙂🙂🙂'), ['x TOO_LONG max=3 actual=4 unit=characters']);
    assert.deepEqual(field(text, '\ufeffabc'), ['x TOO_LONG max=3 actual=4 unit=characters'], 'no white space');
  });

  test('numbers', () => {
    const number = { min: 1, max: 365 };
    assert.deepEqual(field(number, 0), ['x OUT_OF_RANGE min=1 max=365 actual=0']);
    assert.deepEqual(field(number, 366), ['x OUT_OF_RANGE min=1 max=365 actual=366']);
    assert.deepEqual([...field(number, 1), ...field(number, 365), ...field(number, null)], []);
  });

  test('values that are not allowed, whatever their case', () => {
    const name = { notOneOf: ['host', 'keep-alive'], notAllowedCode: 'HEADER_NOT_ALLOWED' };
    assert.deepEqual(field(name, 'HOST'), ['x HEADER_NOT_ALLOWED']);
    assert.deepEqual(field(name, '\u212aeep-Alive'), ['x HEADER_NOT_ALLOWED']);
    assert.deepEqual(field(name, 'hosts'), []);
    assert.deepEqual(field({ notOneOf: ['false'], notAllowedCode: 'INVALID_PLACEMENT' }, false), [
      'x INVALID_PLACEMENT',
    ]);
  });

  test('patterns', () => {
    const key = { pattern: '^([a-z0-9]-?){0,63}[a-z0-9]$', patternMaxLength: 64, formatCode: 'INVALID_KEY' };
    assert.deepEqual(field(key, 'a--b'), ['x INVALID_KEY']);
    assert.deepEqual([...field(key, 'novo-lead'), ...field(key, ' ')], []);
    for (const blank of ['', ' ', '\u200b']) {
      assert.deepEqual(field({ ...key, isBlankExempt: false }, blank), ['x INVALID_KEY'], JSON.stringify(blank));
    }
    assert.deepEqual(field(key, `${'a-'.repeat(31)}aa`), []);
    assert.deepEqual(field(key, `${'a-'.repeat(32)}a`), ['x INVALID_KEY'], '65 characters');
    assert.deepEqual(field({ pattern: '(?<=never(', formatCode: 'X' }, 'a'), [], 'of a newer syntax');
  });

  test('only the first rule that a value breaks', () => {
    const all = { mayBeBlank: false, isOneLine: true, maxLength: 1, pattern: '^x$', formatCode: 'INVALID_KEY' };
    assert.deepEqual(field(all, '\n\n'), ['x BLANK']);
    assert.deepEqual(field(all, 'a\n'), ['x INVALID_CHARACTER']);
    assert.deepEqual(field(all, 'ab'), ['x TOO_LONG max=1 actual=2 unit=characters']);
    assert.deepEqual(field(all, 'a'), ['x INVALID_KEY']);
  });

  test('phone numbers', () => {
    const pattern = "^[^!-'*-,0-9:-~]*(\\+[^!-'*-,0-9:-~]*)?([0-9][^!-'*-,0-9:-~]*){8,15}$";
    const phone = { format: 'PHONE', formatCode: 'INVALID_PHONE', pattern };
    for (const valid of ['+55 (11) 95555-0102', '55 11–95555/01.02', '12345678', '\u200e+1234\u00a05678']) {
      assert.deepEqual(field(phone, valid), [], valid);
    }
    assert.deepEqual(field(phone, '1234567'), ['x INVALID_PHONE min=8 max=15 actual=7']);
    assert.deepEqual(field(phone, '1234567890123456'), ['x INVALID_PHONE min=8 max=15 actual=16']);
    assert.deepEqual(field(phone, '12345678 ext 2'), ['x INVALID_PHONE character=e']);
    assert.deepEqual(field(phone, '1234+5678'), ['x INVALID_PHONE character=+']);
    assert.deepEqual(field(phone, '12345678\n'), ['x INVALID_PHONE character=\n']);
    assert.deepEqual(field(phone, '٣2345678'), ['x INVALID_PHONE character=٣']);
  });

  test('URLs', () => {
    const pattern = '^[Hh][Tt][Tt][Pp][Ss]?://[^\\x00-\\x20\\x7F\\/?#@\\\\]+([\\/?#][^\\x00-\\x20\\x7F\\\\]*)?$';
    const url = { format: 'HTTP_URL', formatCode: 'INVALID_URL', pattern };
    const valid = [
      'https://example.com',
      'HTTP://a_b.example:8080/x?y#z',
      'http://[2606:4700::1111]/',
      'https://bücher.example./',
    ];
    for (const text of valid) assert.deepEqual(field(url, text), [], text);
    const invalid = [
      'example.com',
      'ftp://example.com',
      'https://',
      'https://user@example.com',
      'https://a..example',
      'https://example.com:0/',
      'https://example.com/a b',
      'https://example.com/a\u00a0b',
      `https://${'a'.repeat(64)}.example`,
      'https://ex%61mple.com',
      'https://ex\u200bample.com',
    ];
    for (const text of invalid) assert.deepEqual(field(url, text), ['x INVALID_URL'], text);
    assert.deepEqual(
      field({ ...url, codes: ['URL_NOT_ALLOWED'] }, 'https://ex%61mple.com'),
      [],
      'the operator decides',
    );
  });

  test('ids, and formats that are unknown here', () => {
    const id = { format: 'UUID', formatCode: 'INVALID_ID' };
    assert.deepEqual(field(id, '019A0000-0000-7000-8000-000000000301'), []);
    assert.deepEqual(field(id, '019a00000000700080000000000000301'), ['x INVALID_ID']);
    assert.deepEqual(field({ format: 'COLOUR', formatCode: 'INVALID_COLOUR' }, 'blue'), []);
  });
});

describe('the rules of lists and maps', () => {
  const tags = [
    ['x', { maxItems: 3, isUnique: true }],
    ['x.*', { isTrimmed: true, mayBeBlank: false, maxLength: 5, isRequired: true }],
  ];
  const ofTags = (...values) => found(tags, [], { x: values });

  test('entries', () => {
    assert.deepEqual(ofTags('a', ' ', 'abcdef'), ['x.1 BLANK', 'x.2 TOO_LONG max=5 actual=6 unit=characters']);
    assert.deepEqual(
      ofTags('a', 'b', 'c', ' '),
      ['x TOO_MANY max=3 actual=4'],
      'those beyond the limit are not checked',
    );
  });

  test('repetitions, without regard to case and Unicode form', () => {
    assert.deepEqual(ofTags('São', ' SA\u0303O '), ['x.1 DUPLICATE_VALUE value=SA\u0303O']);
    assert.deepEqual(ofTags('ẞ', 'ss'), ['x.1 DUPLICATE_VALUE value=ss']);
    assert.deepEqual(ofTags('ΑΣ', 'ασ'), ['x.1 DUPLICATE_VALUE value=ασ']);
    assert.deepEqual(ofTags('ı', 'i'), [], 'case folding does not make them equal');
    const ids = [
      ['x', { isUnique: true }],
      ['x.*', { references: 'MEMBERSHIP' }],
    ];
    const id = '019a0000-0000-7000-8000-00000000abcd';
    assert.deepEqual(found(ids, [], { x: [id, id.toUpperCase()] }), [`x.1 DUPLICATE_VALUE value=${id.toUpperCase()}`]);
    assert.deepEqual(found(ids, [], { x: ['a', 'A'] }), [], 'no ids, so other texts');
  });

  const headers = [
    ['x', { maxItems: 2, isUnique: true, maxLength: 10, lengthUnit: 'BYTES', codes: ['INVALID_TYPE'] }],
    ['x.*', { pattern: '^[A-Za-z-]+$', isBlankExempt: false, formatCode: 'INVALID_HEADER_NAME' }],
    [
      'x.*.*',
      {
        pattern: '^([!-~]([\\t -~]*[!-~])?)?$',
        format: 'HEADER_VALUE',
        isBlankExempt: false,
        formatCode: 'INVALID_HEADER_VALUE',
      },
    ],
  ];
  const ofHeaders = (value) => found(headers, [], { x: value });

  test('names and values of maps', () => {
    assert.deepEqual(ofHeaders({ 'X Y': 'a', Z: ' a' }), ['x.X Y INVALID_HEADER_NAME', 'x.Z INVALID_HEADER_VALUE']);
    assert.deepEqual(ofHeaders({ X: 'a', x: 'b' }), ['x.x DUPLICATE_VALUE value=x']);
    for (const value of [7, ' ']) assert.deepEqual(ofHeaders({ X: value }), ['x.X INVALID_HEADER_VALUE']);
    assert.deepEqual(ofHeaders({ X: '' }), []);
    for (const name of ['', ' ']) assert.deepEqual(ofHeaders({ [name]: 'a' }), [`x.${name} INVALID_HEADER_NAME`]);
    assert.deepEqual(ofHeaders({ a: '1', b: '2', c: '3' }), ['x TOO_MANY max=2 actual=3']);
    assert.deepEqual(ofHeaders({ X: 'éééé', Y: '1' }), [
      'x TOO_LONG max=10 actual=11 unit=bytes',
      'x.X INVALID_HEADER_VALUE',
    ]);
    assert.deepEqual(ofHeaders({ X: '***', Y: '12345678' }), [], 'what a mask stands for is unknown');
    assert.deepEqual([...ofHeaders('X: a'), ...ofHeaders([])], ['x INVALID_TYPE', 'x INVALID_TYPE']);
  });
});

describe('the rules across fields', () => {
  const given = ['a', 0, true, ['a'], { a: 1 }];
  const missing = [null, undefined, '', '\u200b', false, [], {}];

  test('AT_LEAST_ONE', () => {
    const rule = { kind: 'AT_LEAST_ONE', fields: ['a', 'b'] };
    for (const value of missing) assert.deepEqual(across(rule, { a: value }), ['a BROKEN']);
    for (const value of given) assert.deepEqual(across(rule, { b: value }), []);
  });

  test('NEEDS', () => {
    const rule = { kind: 'NEEDS', fields: ['a', 'b'], reportedOn: 'b' };
    for (const value of given) assert.deepEqual(across(rule, { a: value, b: ' ' }), ['b BROKEN']);
    for (const value of missing) assert.deepEqual(across(rule, { a: value }), []);
    assert.deepEqual(across(rule, { a: 'a', b: 'b' }), []);
  });

  test('EXCLUDES', () => {
    const rule = { kind: 'EXCLUDES', fields: ['a', 'b', 'c'] };
    assert.deepEqual(across(rule, { a: true, c: 1 }), ['a BROKEN']);
    assert.deepEqual([...across(rule, { a: true }), ...across(rule, { b: 1, c: 1 })], []);
  });

  test('ALL_OR_NONE, on each that is missing', () => {
    const rule = { kind: 'ALL_OR_NONE', fields: ['a', 'b', 'c'] };
    assert.deepEqual(across(rule, { b: 'b', c: ' ' }), ['a BROKEN', 'c BROKEN']);
    assert.deepEqual([...across(rule, {}), ...across(rule, { a: '1', b: '1', c: '1' })], []);
  });

  test('MAX_BY, with the limits of the unit and not with those of the field', () => {
    const cases = [
      { value: null, min: 1, max: 99 },
      { value: 'h', min: 1, max: 24 },
    ];
    const rule = { kind: 'MAX_BY', fields: ['time'], by: 'unit', cases, code: 'OUT_OF_RANGE' };
    const time = [['time', { min: 1, max: 99 }]];
    assert.deepEqual(across(rule, { time: 25, unit: 'h' }, time), ['time OUT_OF_RANGE min=1 max=24 actual=25']);
    assert.deepEqual(across(rule, { time: 100, unit: 'h' }, time), ['time OUT_OF_RANGE min=1 max=24 actual=100']);
    assert.deepEqual(across(rule, { time: 100 }, time), ['time OUT_OF_RANGE min=1 max=99 actual=100']);
    assert.deepEqual(across(rule, { time: 25, unit: 'weeks' }, time), [], 'a value without a case limits nothing');
  });

  test('COUNT_BY', () => {
    const cases = [
      { value: 'one', min: 1, max: 1 },
      { value: null, min: null, max: 0 },
    ];
    const rule = { kind: 'COUNT_BY', fields: ['ids'], by: 'logic', cases };
    assert.deepEqual(across(rule, { logic: 'one' }), ['ids BROKEN min=1 max=1 actual=0']);
    assert.deepEqual(across(rule, { logic: 'one', ids: ['a', 'b'] }), ['ids BROKEN min=1 max=1 actual=2']);
    assert.deepEqual(across(rule, { ids: ['a'] }), ['ids BROKEN max=0 actual=1']);
    assert.deepEqual(across(rule, { logic: 'other', ids: ['a'] }), []);
  });

  test('DISJOINT, of entries that break no rule of their own', () => {
    const rule = { kind: 'DISJOINT', fields: ['add', 'remove'], reportedOn: 'remove' };
    const tag = { isTrimmed: true, mayBeBlank: false, maxLength: 5 };
    const rows = [
      ['add.*', tag],
      ['remove.*', tag],
    ];
    assert.deepEqual(across(rule, { add: ['É', 'b'], remove: ['e\u0301 ', 'B'] }, rows), [
      'remove BROKEN tag=e\u0301 tag=B',
    ]);
    const broken = across(rule, { add: [' '], remove: [' '] }, rows);
    assert.deepEqual(broken, ['add.0 BLANK', 'remove.0 BLANK']);
  });

  test('kinds that are unknown here', () => {
    assert.deepEqual(across({ kind: 'EVEN', fields: ['a'] }, { a: 1 }), []);
  });

  test('of an update, where it changes a field that they read', () => {
    const rule = { kind: 'NEEDS', fields: ['a', 'b'] };
    const rows = [['c', { max: 1 }]];
    assert.deepEqual(found(rows, [rule], { a: 'a', c: 2 }, new Set(['d'])), []);
    assert.deepEqual(found(rows, [rule], { a: 'a', c: 2 }, new Set(['b'])), ['a BROKEN']);
    assert.deepEqual(found(rows, [rule], { a: 'a', c: 2 }, new Set(['c'])), ['c OUT_OF_RANGE max=1 actual=2']);
  });

  test('what excludes a field', () => {
    const rules = {
      fields: [],
      across: [
        { kind: 'EXCLUDES', fields: ['isEnd', 'time'], code: 'CONFLICT' },
        { kind: 'COUNT_BY', fields: ['ids'], by: 'logic', cases: [{ value: null, max: 0 }], code: 'NOT_ALLOWED' },
        { kind: 'NEEDS', fields: ['unit', 'time'], code: 'UNIT_WITHOUT_TIME' },
        { kind: 'NEEDS', fields: ['time', 'unit'], code: 'TIME_WITHOUT_UNIT' },
      ],
    };
    assert.deepEqual(exclusionOf(rules, { isEnd: true }, 'time'), { code: 'CONFLICT', by: 'isEnd' });
    assert.deepEqual(exclusionOf(rules, { isEnd: true }, 'unit'), { code: 'CONFLICT', by: 'isEnd' });
    assert.equal(exclusionOf(rules, { isEnd: false }, 'time'), null);
    assert.equal(exclusionOf(rules, {}, 'unit'), null);
    assert.equal(exclusionOf(rules, { isEnd: true }, 'isEnd'), null);
    assert.deepEqual(exclusionOf(rules, {}, 'ids'), { code: 'NOT_ALLOWED', by: 'logic' });
    assert.equal(exclusionOf(rules, { logic: 'one' }, 'ids'), null);
  });
});

test('user errors go to the fields that are shown, and the others to the top', () => {
  const errors = [
    ['input', 'name'],
    ['input', 'defaultTags', '1'],
    ['input', 'newer'],
    ['expectedVersion'],
    ['to', 'after'],
  ];
  const { byField, others } = toFieldErrors(
    errors.map((field) => ({ field })),
    new Set(['name', 'defaultTags']),
  );
  assert.deepEqual(
    [...byField],
    [
      ['name', [{ field: errors[0] }]],
      ['defaultTags', [{ field: errors[1] }]],
    ],
  );
  assert.deepEqual(
    others,
    errors.slice(2).map((field) => ({ field })),
  );
});

describe('the service', () => {
  /** What only the service knows: what is stored, and which hosts the operator allows. */
  const OF_MORE = [
    'KEY_TAKEN',
    'ID_TAKEN',
    'MASKED_HEADER_VALUE',
    'NOT_FOUND',
    'SELF_REFERENCE',
    'STEP_NOT_IN_SCENARIO',
    'URL_NOT_ALLOWED',
  ];
  const RULES = `query($inputs: [String!]) { inputRules(inputs: $inputs) {
    fields { path isRequired isTrimmed isOneLine mayBeBlank maxLength lengthUnit pattern patternMaxLength format isBlankExempt min max maxItems isUnique notOneOf references codes formatCode notAllowedCode }
    across { kind fields by cases { value min max } reportedOn code } } }`;
  let stored;

  before(async () => {
    stored = await stepToChange();
  });

  const cases = {
    CreateCrmStepInput:
      'mutation($input: CreateCrmStepInput!) { result: createCrmStep(input: $input, validateOnly: true) { userErrors { field code params { name value } } } }',
    UpdateCrmStepInput:
      'mutation($input: UpdateCrmStepInput!, $id: ID!) { result: updateCrmStep(id: $id, input: $input, validateOnly: true) { userErrors { field code params { name value } } } }',
  };

  for (const [input, mutation] of Object.entries(cases)) {
    test(`says the same of ${input}`, async () => {
      const { inputRules } = await graphql(RULES, { inputs: [input] });
      const [rules] = inputRules;
      const values = await valuesOf(input, rules, stored);
      const isUpdate = input.startsWith('Update');
      const base = isUpdate ? {} : { name: 'Lead', scenarioId: stored.scenarioId, prompt: 'Greet.' };
      // Those that no form has a control for.
      const fields = Object.keys(values).filter((field) => field !== 'scenarioId' && field !== 'id');
      const counts = { accepted: 0, rejected: 0, needed: 0, found: 0 };
      await forAll(300, async (random) => {
        const sent = { ...base };
        for (let left = 1 + random.below(4); left > 0; left -= 1) {
          const field = random.oneOf(fields);
          sent[field] = values[field](random);
        }
        const { result } = await graphql(mutation, { input: sent, id: stored.id });
        const reported = new Map(
          result.userErrors.map(({ field, code, params }) => [[...field.slice(1), code].join(' '), params]),
        );
        const [whole, changed] = isUpdate ? afterUpdate(stored, sent) : [sent, undefined];
        const violations = evaluate(rules, whole, changed);
        for (const { path, code, params } of violations) {
          const named = [...path, code].join(' ');
          assert.ok(reported.has(named), `${named} is found, and not reported for ${JSON.stringify(sent)}`);
          const isPart = reported
            .get(named)
            .every((param) => params.some((own) => own.name === param.name && own.value === param.value));
          assert.ok(isPart, `${named}: ${JSON.stringify(params)}, not ${JSON.stringify(reported.get(named))}`);
        }
        const paths = new Set(violations.map(({ path }) => path.join(' ')));
        for (const { field, code } of result.userErrors.filter(({ code }) => !OF_MORE.includes(code))) {
          counts.needed += 1;
          if (paths.has(field.slice(1).join(' '))) counts.found += 1;
        }
        counts[reported.size > 0 ? 'rejected' : 'accepted'] += 1;
      });
      assert.ok(counts.accepted > 50 && counts.rejected > 100, JSON.stringify(counts));
      assert.ok(counts.found >= counts.needed * 0.95, `a form finds nearly all: ${JSON.stringify(counts)}`);
    });
  }

  /** The step as it would be after an update, and the fields that it changes. */
  function afterUpdate(step, sent) {
    const whole = { ...step, ...sent };
    // As the description of autoNextTime says.
    if (sent.autoNextTime === null && !('autoNextTimeUnit' in sent)) whole.autoNextTimeUnit = null;
    const changed = Object.keys(whole).filter(
      (field) => JSON.stringify(whole[field] ?? null) !== JSON.stringify(step[field] ?? null),
    );
    return [whole, new Set(changed)];
  }
});
