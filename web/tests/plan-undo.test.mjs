// How an apply of a pipeline file is taken back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';

const { specBefore, undoingOf } = await sourceModule('features/plan/undoing.ts');

const field = (name, before, after) => ({ name, before, after });
const step = (action, key, more = {}) => ({ action, key, fields: [], crmStep: { id: `id-${key}` }, ...more });
const URL = 'https://hooks.example.com/a';

test('deletes what was created', () => {
  assert.deepEqual(undoingOf({ action: 'CREATE', steps: [] }, null, true), { kind: 'delete' });
});

test('knows no way back to what nobody has read', () => {
  assert.equal(undoingOf({ action: 'UPDATE', steps: [] }, null, true), null);
});

test('restores the deleted steps and applies what was before', () => {
  const plan = {
    action: 'UNCHANGED',
    steps: [step('UPDATE', 'a'), step('CREATE', 'b', { crmStep: null }), step('DELETE', 'c')],
  };
  const earlier = {
    key: 'k',
    name: 'K',
    steps: [
      { key: 'a', name: 'A' },
      { key: 'c', name: 'C' },
    ],
  };
  assert.deepEqual(undoingOf(plan, earlier, true), {
    kind: 'apply',
    restored: ['id-c'],
    spec: earlier,
    hasLostHeaders: false,
  });
});

test('leaves headers as the file made them where the earlier values may not be read', () => {
  const headers = field('webhookHeader', { 'X-Old': '***' }, { 'X-New': '***' });
  const plan = { action: 'UNCHANGED', steps: [step('UPDATE', 'a', { fields: [headers] }), step('UNCHANGED', 'b')] };
  const masked = { webhookUrl: URL, webhookHeader: { 'X-Old': '***' } };
  const earlier = {
    key: 'k',
    name: 'K',
    steps: [
      { key: 'a', ...masked },
      { key: 'b', ...masked },
    ],
  };

  const { spec, hasLostHeaders } = undoingOf(plan, earlier, false);
  assert.deepEqual(spec.steps[0], { key: 'a', webhookUrl: URL, webhookHeader: { 'X-New': '***' } });
  assert.deepEqual(spec.steps[1], earlier.steps[1], 'headers that the file has not changed stay');
  assert.equal(hasLostHeaders, true);
  assert.deepEqual(undoingOf(plan, earlier, true).spec, earlier, 'whoever may read them gets them back');
});

test('gives no headers to a step that had no address before', () => {
  const headers = field('webhookHeader', null, { 'X-New': '***' });
  const plan = { action: 'UNCHANGED', steps: [step('UPDATE', 'a', { fields: [headers] })] };
  const { spec } = undoingOf(plan, { key: 'k', name: 'K', steps: [{ key: 'a' }] }, false);
  assert.deepEqual(spec.steps, [{ key: 'a' }]);
});

test('knows what a pipeline without steps was before', () => {
  const plan = { action: 'UPDATE', fields: [field('name', 'Old', 'New')], steps: [] };
  const input = { key: 'k', name: 'New', description: 'Same' };
  assert.deepEqual(specBefore(plan, input), { key: 'k', name: 'Old', description: 'Same', steps: [] });
  assert.equal(specBefore(plan, { name: 'New' }), null, 'without a key it cannot be found again');
});
