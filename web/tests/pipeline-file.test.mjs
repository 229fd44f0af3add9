// Reading pipeline files in the browser: what the page says before anything is sent.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';

const { readText } = await sourceModule('features/plan/file/read.ts');
const { faultsOf, valueOf } = await sourceModule('features/plan/file/fit.ts');
const { lineAndColumn, rangeOf } = await sourceModule('features/plan/file/tree.ts');
const { variablesOf, withValues } = await sourceModule('features/plan/file/variables.ts');
const { keyOfFileName } = await sourceModule('features/plan/file/key.ts');

const SAMPLES = path.resolve(import.meta.dirname, '../../samples');
const schema = JSON.parse(readFileSync(path.join(SAMPLES, 'pipeline.schema.json'), 'utf8'));

/** What is wrong with a text: `line:column label CODE`. */
function faults(text) {
  const { root, problems } = readText(text);
  return [...problems, ...(root === null ? [] : faultsOf(root, schema))].map(({ range, label, fault }) => {
    const { line, column } = lineAndColumn(text, range.start);
    return [`${line}:${column}`, label, fault.code].filter(Boolean).join(' ');
  });
}

/** A file with one step, which has these lines. */
const withStep = (...lines) => `name: A\nsteps:\n  - name: B\n${lines.map((line) => `    ${line}\n`).join('')}`;

test('reads all samples', () => {
  const files = readdirSync(SAMPLES).filter((name) => name.endsWith('.yaml'));
  assert.ok(files.length >= 3);
  for (const file of files) assert.deepEqual(faults(readFileSync(path.join(SAMPLES, file), 'utf8')), [], file);
});

test('reads JSON, with tabs too', () => {
  const spec = { key: 'a', name: 'A', steps: [{ name: 'B', prompt: 'C', autoNextTime: 2, defaultAiControl: false }] };
  const text = JSON.stringify(spec, null, '\t');
  assert.deepEqual(faults(text), []);
  assert.deepEqual(valueOf(readText(text).root), spec);
});

test('reads words as YAML 1.2 does', () => {
  const { root } = readText('a: no\nb: 1:30\nc: 2026-01-05\nd: ~\ne: 0x1f\nf: "12"\ng:\n');
  assert.deepEqual(valueOf(root), { a: 'no', b: '1:30', c: '2026-01-05', d: null, e: 31, f: '12', g: null });
});

test('says where the language is wrong', () => {
  assert.deepEqual(faults(''), ['1:1 EMPTY']);
  assert.deepEqual(faults('# only a comment\n'), ['1:1 EMPTY']);
  assert.deepEqual(faults('name: A\nname: B'), ['2:1 DUPLICATE_KEY']);
  assert.deepEqual(faults('steps:\n\t- name: A'), ['2:1 TAB_INDENT']);
  assert.deepEqual(faults('name: "A'), ['1:9 NOT_CLOSED']);
  assert.deepEqual(faults('name: A\n---\nname: B'), ['2:1 SECOND_DOCUMENT']);
  assert.deepEqual(faults('name: a: b'), ['1:7 SYNTAX']);
  assert.deepEqual(faults('? [a]\n: 1'), ['1:3 KEY_NOT_TEXT']);
});

test('refuses aliases, anchors and tags, as the command line does', () => {
  assert.deepEqual(faults('name: &n A\nkey: *n\ndescription: !!str 1\n'), [
    '1:10 name ANCHOR',
    '2:6 key ALIAS',
    '3:20 description TAG',
  ]);
});

test('says which field does not exist, and which is probably meant', () => {
  const text = withStep('tirgger: x', 'colour: red');
  assert.deepEqual(faults(text), ['4:5 steps[0].tirgger UNKNOWN_FIELD', '5:5 steps[0].colour UNKNOWN_FIELD']);
  const meant = faultsOf(readText(text).root, schema).map(({ fault }) => fault.meant);
  assert.deepEqual(meant, ['trigger', null]);
});

test('says which field is missing, and which has another type', () => {
  assert.deepEqual(faults('key: a\nsteps: []\n'), ['1:1 name MISSING_FIELD']);
  assert.deepEqual(faults('[]'), ['1:1 WRONG_TYPE']);
  const text = withStep(
    'prompt: 12',
    'autoNextTime: 2 days',
    'autoNextTimeUnit: w',
    'isRequired: yes',
    'defaultTags: lead',
    'requestContact: { name: true, fax: true }',
    'webhookHeader: { X-Key: 1 }',
  );
  assert.deepEqual(faults(text), [
    '4:13 steps[0].prompt WRONG_TYPE',
    '5:19 steps[0].autoNextTime WRONG_TYPE',
    '6:23 steps[0].autoNextTimeUnit NOT_ALLOWED',
    '7:17 steps[0].isRequired WRONG_TYPE',
    '8:18 steps[0].defaultTags WRONG_TYPE',
    '9:35 steps[0].requestContact.fax UNKNOWN_FIELD',
    '10:29 steps[0].webhookHeader[X-Key] WRONG_TYPE',
  ]);
});

test('takes no number that the API cannot have', () => {
  assert.deepEqual(faults(withStep('autoNextTime: 1.5')), ['4:19 steps[0].autoNextTime WRONG_TYPE']);
  assert.deepEqual(faults(withStep('autoNextTime: 99999999999')), ['4:19 steps[0].autoNextTime WRONG_TYPE']);
  assert.deepEqual(faults(withStep('autoNextTime: 0')), [], 'limits are for the service to check');
});

test('knows every keyword with which the schema describes types', () => {
  const known = [
    '$ref',
    'anyOf',
    'type',
    'enum',
    'items',
    'properties',
    'additionalProperties',
    'required',
    'definitions',
  ];
  // What the service checks itself, and what is for readers.
  const limits = [
    'maxLength',
    'minLength',
    'pattern',
    'propertyNames',
    'maxItems',
    'maxProperties',
    'minimum',
    'maximum',
    'format',
  ];
  const words = ['description', 'title', '$schema'];
  const found = new Set();
  const visit = (part) => {
    for (const [key, value] of Object.entries(part)) {
      found.add(key);
      if (['properties', 'definitions'].includes(key)) Object.values(value).forEach(visit);
      else if (key === 'anyOf') value.forEach(visit);
      else if (typeof value === 'object' && !Array.isArray(value)) visit(value);
    }
  };
  visit(schema);
  assert.deepEqual(
    [...found].filter((key) => ![...known, ...limits, ...words].includes(key)),
    [],
  );
});

test('finds the place of what the service reports, or of what is around it', () => {
  const text = withStep('webhookHeader:', '  X-Key: a');
  const at = (...keys) => {
    const { line, column } = lineAndColumn(text, rangeOf(readText(text).root, keys).start);
    return `${line}:${column}`;
  };
  assert.equal(at('name'), '1:7');
  assert.equal(at('steps', '0', 'name'), '3:11');
  assert.equal(at('steps', '0', 'webhookHeader'), '4:5');
  assert.equal(at('steps', '0', 'webhookHeader', 'X-Key'), '5:14');
  assert.equal(at('steps', '0', 'trigger'), '3:5', 'a field that is missing is in its step');
  assert.equal(at('id'), '1:1');
});

test('replaces the variables of headers, and nothing in their values', () => {
  const headers = { 'X-A': '${KEY}', 'X-B': 'Bearer ${KEY} $${KEY} ${OTHER_1}', 'X-C': 'a ${ b', 'X-D': '***' };
  const spec = { name: '${NAME}', steps: [{ name: 'B', webhookHeader: headers }] };
  assert.deepEqual(variablesOf(spec), ['KEY', 'OTHER_1']);
  assert.deepEqual(withValues(spec, { KEY: '${OTHER_1}', OTHER_1: 'x' }), {
    name: '${NAME}',
    steps: [
      {
        name: 'B',
        webhookHeader: { 'X-A': '${OTHER_1}', 'X-B': 'Bearer ${OTHER_1} ${KEY} x', 'X-C': 'a ${ b', 'X-D': '***' },
      },
    ],
  });
  assert.equal(headers['X-A'], '${KEY}', 'the file stays as it is');
});

test('makes a key of the name of a file', () => {
  assert.equal(keyOfFileName('vendas.yaml'), 'vendas');
  assert.equal(keyOfFileName('Ação & Reação.v2.yml'), 'acao-reacao-v2');
  assert.equal(keyOfFileName(`${'a'.repeat(63)}-b.json`), 'a'.repeat(63));
  assert.equal(keyOfFileName('日本.yaml'), null);
});
