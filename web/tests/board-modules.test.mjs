// What the board computes without a browser: orders, the filter, problems by step and groups of former values.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';
import { randomOf } from './support/random.mjs';

const { reorder, placementBeside, movesOf, movesBack, neighbourOf } = await sourceModule('features/board/order.ts');
const { matches, isEmpty, folded, NO_AGENT } = await sourceModule('features/board/filter.ts');
const { problemsByStep } = await sourceModule('features/board/problems.ts');
const { groupsByFormerValues } = await sourceModule('features/board/bulk.ts');

const ABCDE = ['a', 'b', 'c', 'd', 'e'];

test('a move puts steps together at their new place, in the order in which they are given', () => {
  assert.deepEqual(reorder(ABCDE, ['b'], { first: true }), ['b', 'a', 'c', 'd', 'e']);
  assert.deepEqual(reorder(ABCDE, ['b'], { last: true }), ['a', 'c', 'd', 'e', 'b']);
  assert.deepEqual(reorder(ABCDE, ['d', 'a'], { before: 'c' }), ['b', 'd', 'a', 'c', 'e']);
  assert.deepEqual(reorder(ABCDE, ['a', 'e'], { after: 'c' }), ['b', 'c', 'a', 'e', 'd']);
});

test('a move beside a step that is gone changes nothing', () => {
  assert.deepEqual(reorder(ABCDE, ['a'], { after: 'gone' }), ABCDE);
});

test('steps that are dropped beside one of themselves stay beside the next other one', () => {
  const moved = new Set(['b', 'c']);
  assert.deepEqual(placementBeside(ABCDE, moved, 'd', 'after'), { after: 'd' });
  assert.deepEqual(placementBeside(ABCDE, moved, 'a', 'before'), { before: 'a' });
  assert.deepEqual(placementBeside(ABCDE, moved, 'b', 'after'), { before: 'd' });
  assert.deepEqual(placementBeside(ABCDE, new Set(['d', 'e']), 'e', 'before'), { last: true });
});

test('a menu offers the places that are not those where the steps are', () => {
  const moves = (...ids) => movesOf(ABCDE, new Set(ids));
  const [first, last] = [{ first: true }, { last: true }];
  assert.deepEqual(moves('a'), { first: null, left: null, right: { after: 'b' }, last });
  assert.deepEqual(moves('e'), { first, left: { before: 'd' }, right: null, last: null });
  assert.deepEqual(moves('a', 'c').first, first, 'apart from each other, they can be put together');
  assert.deepEqual(moves('b', 'c').left, { before: 'a' });
  const none = { first: null, left: null, right: null, last: null };
  assert.deepEqual(movesOf(['a'], new Set(['a'])), none);
  assert.deepEqual(moves('gone'), none);
});

test('the moves back undo any move, with one call for each group of steps', () => {
  const random = randomOf(1);
  const some = (values) => values.filter(() => random.next() < 0.5);
  for (let round = 0; round < 500; round += 1) {
    const former = Array.from({ length: 1 + random.below(12) }, (_, index) => `s${index}`);
    const moved = some(former).sort(() => random.below(3) - 1);
    const rest = former.filter((id) => !moved.includes(id));
    const places = [{ first: true }, { last: true }, ...rest.flatMap((id) => [{ before: id }, { after: id }])];
    const now = reorder(former, moved, random.oneOf(places));
    const moves = movesBack(former, moved, new Set(now));
    const back = moves.reduce((order, { ids, to }) => reorder(order, ids, to), now);
    assert.deepEqual(back, former);
    const groups = former.filter((id, index) => moved.includes(id) && !moved.includes(former[index - 1]));
    assert.equal(moves.length, groups.length);
  }
});

test('the moves back keep to the steps that are still there', () => {
  assert.deepEqual(movesBack(ABCDE, ['c', 'd'], new Set(['a', 'd', 'e'])), [{ ids: ['d'], to: { after: 'a' } }]);
  assert.deepEqual(movesBack(ABCDE, ['b'], new Set(['b', 'c'])), [{ ids: ['b'], to: { first: true } }]);
  assert.deepEqual(movesBack(ABCDE, ['b'], new Set(['a', 'c'])), []);
});

test('after a removal the focus goes to the next step that stays, or else to the one before', () => {
  assert.equal(neighbourOf(ABCDE, new Set(['b', 'c']), 'b'), 'd');
  assert.equal(neighbourOf(ABCDE, new Set(['d', 'e']), 'e'), 'c');
  assert.equal(neighbourOf(ABCDE, new Set(ABCDE), 'a'), null);
  assert.equal(neighbourOf(ABCDE, new Set(['a']), 'gone'), null);
});

const STEP = {
  id: 's',
  name: 'Qualificação',
  trigger: 'pediu PREÇO',
  agent: { id: 'sofia', name: 'Sofia' },
  defaultTags: ['lead'],
  defaultTagsToRemove: ['frio'],
};
const NONE = { text: '', agent: '', hasProblems: false };
const found = (filter, step = STEP, problems = new Map(), ids = new Set()) =>
  matches(step, { ...NONE, ...filter }, problems, ids);

test('the filter finds text in names, triggers, agents and tags, without case and accents', () => {
  for (const text of ['qualificacao', 'AÇÃO', 'preço', 'preco', ' sofia ', 'LEAD', 'frio', '']) {
    assert.ok(found({ text }), text);
  }
  assert.ok(!found({ text: 'contrato' }));
  assert.equal(folded('Ação'), folded('AÇÃO'));
});

test('the filter shows what the service has found by other texts', () => {
  assert.ok(found({ text: 'contrato' }, STEP, new Map(), new Set(['s'])));
  const other = { text: 'contrato', agent: 'other' };
  assert.ok(!found(other, STEP, new Map(), new Set(['s'])), 'the other conditions hold as well');
});

test('the filter tells agents, and steps without one', () => {
  assert.ok(found({ agent: 'sofia' }));
  assert.ok(!found({ agent: 'other' }));
  assert.ok(!found({ agent: NO_AGENT }));
  assert.ok(found({ agent: NO_AGENT }, { ...STEP, agent: null }));
});

test('the filter keeps to the steps with problems', () => {
  assert.ok(!found({ hasProblems: true }));
  assert.ok(found({ hasProblems: true }, STEP, new Map([['s', {}]])));
});

test('an empty filter says so', () => {
  assert.ok(isEmpty({ ...NONE, text: '  ' }));
  assert.ok(!isEmpty({ ...NONE, text: 'a' }));
  assert.ok(!isEmpty({ ...NONE, agent: NO_AGENT }));
  assert.ok(!isEmpty({ ...NONE, hasProblems: true }));
});

test('each step has its problems and their most serious severity, or its notes', () => {
  const at = (code, severity, ...ids) => ({ code, severity, steps: ids.map((id) => ({ id })) });
  const problems = problemsByStep([
    at('DUPLICATE_NAME', 'INFO', 'a', 'b'),
    at('SPAM_LOOP', 'ERROR', 'b'),
    at('DEAD_END', 'WARNING', 'b'),
    at('OF_A_LATER_VERSION', 'FATAL', 'c'),
  ]);
  assert.deepEqual(Object.fromEntries(problems), {
    a: { severity: 'INFO', codes: ['DUPLICATE_NAME'] },
    b: { severity: 'ERROR', codes: ['SPAM_LOOP', 'DEAD_END'] },
    c: { severity: 'WARNING', codes: ['OF_A_LATER_VERSION'] },
  });
});

test('steps are grouped by the values that they had', () => {
  const groups = groupsByFormerValues([
    { id: 'a', values: { agentId: 'x', defaultStatus: null } },
    { id: 'b', values: { agentId: null, defaultStatus: null } },
    { id: 'c', values: { defaultStatus: null, agentId: 'x' } },
  ]);
  assert.deepEqual(groups, [
    { values: { agentId: 'x', defaultStatus: null }, ids: ['a', 'c'] },
    { values: { agentId: null, defaultStatus: null }, ids: ['b'] },
  ]);
});
