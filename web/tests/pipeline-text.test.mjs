// A pipeline as the text of a file: what is written is read again as it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';
import { randomOf } from './support/random.mjs';

const { textOf } = await sourceModule('app/pipelineText.ts');
const { specOf } = await sourceModule('app/pipelineSpec.ts');
const { readText } = await sourceModule('features/plan/file/read.ts');
const { valueOf } = await sourceModule('features/plan/file/fit.ts');
const { withValues } = await sourceModule('features/plan/file/variables.ts');

const read = (text) => {
  const { root, problems } = readText(text);
  assert.deepEqual(problems, [], text);
  return withValues(valueOf(root), {});
};

test('writes fields in one line each, and long texts as blocks', () => {
  const prompt =
    'Ask for the city and the average bill. One question in each message, and thank them for every answer.';
  const text = textOf({ key: 'leads', name: 'Leads', steps: [{ key: 'new', name: 'New', prompt, autoNextTime: 2 }] });
  assert.equal(
    text,
    [
      'key: leads',
      'name: Leads',
      'steps:',
      '  - key: new',
      '    name: New',
      '    prompt: >-',
      '      Ask for the city and the average bill. One question in each message, and thank',
      '      them for every answer.',
      '    autoNextTime: 2',
      '',
    ].join('\n'),
  );
});

test('quotes what other readers of YAML would take for another value', () => {
  const words = [
    'no',
    'on',
    '1:30',
    '2026-01-05',
    '~',
    'null',
    '12',
    '',
    ' ',
    '#',
    'a: b',
    '- a',
    '*x',
    '&x',
    '!x',
    '%',
  ];
  const spec = { key: 'a', name: 'yes', steps: [{ key: '1', name: 'off', defaultTags: words }] };
  const text = textOf(spec);
  assert.match(text, /name: "yes"/);
  assert.deepEqual(read(text), spec);
});

test('escapes header values that look like a variable of a file', () => {
  const webhookHeader = { 'X-A': '${KEY}', 'X-B': '$${KEY} $ {', 'X-C': '***' };
  const spec = { key: 'a', name: 'A', steps: [{ key: 'b', name: 'B', webhookHeader }] };
  assert.match(textOf(spec), /X-A: \$\$\{KEY\}/);
  assert.deepEqual(read(textOf(spec)), spec);
});

test('gives every text back', () => {
  const parts = [
    'a',
    'words ',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\t',
    ': ',
    ' #',
    '"',
    "'",
    '\\',
    '🙂',
    'é',
    '- ',
    '>',
    '|',
    '\r\n',
    '\u2028',
    '\u00a0',
  ];
  for (let seed = 0; seed < 2000; seed += 1) {
    const random = randomOf(seed);
    const text = Array.from({ length: random.below(40) }, () => random.oneOf(parts)).join('');
    const spec = { key: 'a', name: 'A', steps: [{ key: 'b', name: 'B', prompt: text }] };
    assert.deepEqual(read(textOf(spec)), spec, `seed ${seed}`);
  }
});

test('leaves out what is null, and orders the fields', () => {
  const step = { name: 'B', key: 'b', prompt: null, isRequired: false, requestContact: { name: true, email: null } };
  assert.equal(
    JSON.stringify(specOf({ steps: [step], description: null, name: 'A', key: 'a' })),
    '{"key":"a","name":"A","steps":[{"key":"b","name":"B","isRequired":false,"requestContact":{"name":true}}]}',
  );
});
