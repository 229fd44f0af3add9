// What puts a change of the history back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';
import { randomOf } from './support/random.mjs';

const { placementAt, putBackOf, remaining, standing } = await sourceModule('features/history/putBack.ts');
const { referencedIds } = await sourceModule('features/history/references.ts');

const field = (name, before, after) => ({ name, before, after });
const change = (action, more) => ({
  action,
  subjectType: 'CRM_STEP',
  fields: [],
  isThere: true,
  isScenarioThere: true,
  ...more,
});

test('puts an update back by the earlier values of the fields that were changed', () => {
  const fields = [field('name', 'Old', 'New'), field('trigger', null, 'asks')];
  assert.deepEqual(putBackOf(change('UPDATED', { fields })), {
    kind: 'update',
    fields: [
      { name: 'name', value: 'Old' },
      { name: 'trigger', value: null },
    ],
    hasHeaders: false,
  });
});

test('puts no header back, because the history has no values of headers', () => {
  const headers = field('webhookHeader', { 'X-Key': '***' }, { 'X-Key': '***' });
  assert.deepEqual(putBackOf(change('UPDATED', { fields: [headers] })), { kind: 'none', reason: 'headers' });
  const both = putBackOf(change('UPDATED', { fields: [field('name', 'Old', 'New'), headers] }));
  assert.deepEqual(both, { kind: 'update', fields: [{ name: 'name', value: 'Old' }], hasHeaders: true });
});

test('puts a move back by the earlier index', () => {
  assert.deepEqual(putBackOf(change('MOVED', { fields: [field('index', 5, 0)] })), { kind: 'move', index: 5 });
});

test('puts a deletion back by restoring, where there is something to restore', () => {
  const deleted = (more) => putBackOf(change('DELETED', { isThere: false, ...more }));
  assert.deepEqual(deleted({}), { kind: 'restore' });
  assert.deepEqual(deleted({ isThere: true }), { kind: 'none', reason: 'restored' });
  assert.deepEqual(deleted({ isScenarioThere: false }), { kind: 'none', reason: 'scenarioDeleted' });
  assert.deepEqual(deleted({ subjectType: 'CRM_SCENARIO', isScenarioThere: false }), { kind: 'restore' });
});

test('puts neither a creation nor a restoration back', () => {
  assert.deepEqual(putBackOf(change('CREATED')), { kind: 'none', reason: 'created' });
  assert.deepEqual(putBackOf(change('RESTORED')), { kind: 'none', reason: 'created' });
  assert.deepEqual(putBackOf(change('UPDATED', { isThere: false })), { kind: 'none', reason: 'deleted' });
});

test('tells whether anybody has changed the same fields since', () => {
  const past = { fields: [field('name', 'Old', 'New'), field('defaultTags', ['a'], ['b'])] };
  assert.equal(standing(past, { name: 'New', defaultTags: ['b'], prompt: 'other' }), 'untouched');
  assert.equal(standing(past, { name: 'Old', defaultTags: ['a'] }), 'asBefore');
  assert.equal(standing(past, { name: 'Newer', defaultTags: ['b'] }), 'changedSince');
  assert.equal(standing(past, { name: 'Old', defaultTags: ['b'] }), 'changedSince');
  const contact = { fields: [field('requestContact', null, { name: true, email: null })] };
  assert.equal(standing(contact, { requestContact: { email: null, name: true } }), 'untouched');
});

test('lists what would change now, and leaves out what is as it was', () => {
  const earlier = [
    { name: 'name', value: 'Old' },
    { name: 'trigger', value: null },
  ];
  assert.deepEqual(remaining(earlier, { name: 'Newer', trigger: null }), [field('name', 'Newer', 'Old')]);
});

test('finds the place that gives a step its earlier index', () => {
  assert.equal(placementAt(['a', 'b', 'c'], 'b', 1), null);
  assert.equal(placementAt(['a'], 'x', 0), null);
  assert.deepEqual(placementAt(['a', 'b', 'c'], 'c', 0), { first: true });
  for (let seed = 0; seed < 1000; seed += 1) {
    const random = randomOf(seed);
    const steps = Array.from({ length: 1 + random.below(9) }, (_, index) => `s${index}`);
    const step = random.oneOf(steps);
    const index = random.below(12);
    const placement = placementAt(steps, step, index);
    const others = steps.filter((id) => id !== step);
    if (placement !== null) others.splice('first' in placement ? 0 : others.indexOf(placement.after) + 1, 0, step);
    assert.equal((placement === null ? steps : others).indexOf(step), Math.min(index, steps.length - 1));
  }
});

test('collects the ids whose names a reader wants to see', () => {
  const fields = [
    field('agentId', null, 'agent'),
    field('name', 'a', 'b'),
    field('selectedMembershipIdsForAssignee', ['x', 'y'], ['y', 'z']),
  ];
  assert.deepEqual(referencedIds(fields), ['agent', 'x', 'y', 'z']);
});
