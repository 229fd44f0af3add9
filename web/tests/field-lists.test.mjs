// The lists of the fields of a step that are kept by hand, against the schema and each other.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { sourceModule } from './support/module.mjs';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const { KNOWN_FIELDS } = await sourceModule('features/step/values.ts');
const { sectionOf } = await sourceModule('features/step/layout.ts');
const { specOf } = await sourceModule('app/pipelineSpec.ts');

/** The fields of a type or an input in the schema. */
const fieldsOf = (type) => Object.keys(schema.getType(type).getFields());

/** The fields that a document selects at a place, to which names of fields lead, and `on Type` for a fragment. */
function selected(file, name, ...place) {
  const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
  const texts = [...source.matchAll(/graphql`([^`]*)`/g)].map(([, text]) => text);
  const document = texts.flatMap((text) => parse(text).definitions).find((it) => it.name.value === name);
  const parent = [document, ...place].reduce((within, next) =>
    within.selectionSet.selections.find((it) => nameOf(it) === next),
  );
  return parent.selectionSet.selections.filter((it) => it.kind === 'Field').map((it) => it.name.value);
}

function nameOf({ name, typeCondition }) {
  return typeCondition ? `on ${typeCondition.name.value}` : name.value;
}

/** Those of `needed` that a list lacks. */
function lacks(has, needed) {
  return needed.filter((name) => !has.includes(name));
}

describe('each field', () => {
  test('that the form has a place for is in a section', () => {
    assert.deepEqual(
      KNOWN_FIELDS.filter((field) => sectionOf(field) === 'more'),
      [],
    );
  });

  test('that the form has a place for is read with the step', () => {
    const read = selected('features/step/storedStep.ts', 'storedStep_step');
    const needed = KNOWN_FIELDS.map((field) => (field === 'webhookHeader' ? 'webhookHeaders' : field));
    assert.deepEqual(lacks(read, needed), []);
  });

  test('of a card is among the live changes', () => {
    const live = selected(
      'relay/liveChanges.ts',
      'liveChangesSubscription',
      'changes',
      'node',
      'subject',
      'on CrmStep',
    );
    // The subject of any type has an id.
    assert.deepEqual(lacks(['id', ...live], selected('features/board/stepSummary.ts', 'stepSummary_step')), []);
  });

  test('that an update can set is compared when a change is put back', () => {
    const present = selected('features/history/useValuesBack.ts', 'useValuesBack_step');
    // The history has no values of headers.
    const needed = fieldsOf('UpdateCrmStepInput').filter((field) => field !== 'webhookHeader');
    assert.deepEqual(lacks(present, needed), []);
  });

  test('of a specification is saved in a file', () => {
    const fields = fieldsOf('CrmStepSpec');
    const exported = selected('app/exportPipeline.ts', 'exportPipelineQuery', 'crmScenario', 'spec', 'steps');
    assert.deepEqual(lacks(exported, fields), []);
    const { steps } = specOf({ steps: [Object.fromEntries(fields.map((field) => [field, field]))] });
    assert.deepEqual(lacks(Object.keys(steps[0]), fields), []);
  });
});
