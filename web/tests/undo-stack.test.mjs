// The stack of undo and redo, without a browser: what is asked for happens in order, and nothing twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';
import { randomOf } from './support/random.mjs';

const { UndoStack } = await sourceModule('app/undoStack.ts');

test('takes back the last command first, and carries it out again', async () => {
  const { stack, log, push } = tracked();
  push('a');
  push('b');
  assert.deepEqual(stack.state, { undoLabel: 'b', redoLabel: null });
  assert.equal((await stack.undo()).entry.label, 'b');
  assert.deepEqual(stack.state, { undoLabel: 'a', redoLabel: 'b' });
  await stack.redo();
  await stack.undo();
  await stack.undo();
  assert.equal(await stack.undo(), null);
  assert.deepEqual(log, ['undo b', 'redo b', 'undo b', 'undo a']);
  assert.deepEqual(stack.state, { undoLabel: null, redoLabel: 'a' });
});

test('a new command ends what could be done again', async () => {
  const { stack, push } = tracked();
  push('a');
  await stack.undo();
  push('b');
  assert.deepEqual(stack.state, { undoLabel: 'b', redoLabel: null });
  assert.equal(await stack.redo(), null);
});

test('keeps the last fifty', async () => {
  const { stack, log, push } = tracked();
  for (let index = 1; index <= 51; index += 1) push(String(index));
  while (stack.state.undoLabel !== null) await stack.undo();
  assert.equal(log.length, 50);
  assert.equal(log.at(-1), 'undo 2');
});

test('waits for a command that is on its way, and takes that back', async () => {
  const { stack, log, push } = tracked();
  push('a');
  const { promise, resolve } = deferred();
  stack.track(promise);
  const undone = stack.undo();
  await settle();
  assert.deepEqual(log, []);
  push('b');
  resolve();
  assert.equal((await undone).entry.label, 'b');
  assert.deepEqual(log, ['undo b']);
});

test('a command that fails on its way does not keep the others from being taken back', async () => {
  const { stack, log, push } = tracked();
  push('a');
  const { promise, reject } = deferred();
  stack.track(promise);
  const undone = stack.undo();
  reject(new Error('lost'));
  await undone;
  assert.deepEqual(log, ['undo a']);
});

test('runs one after another, however fast they are asked for', async () => {
  const { stack, log, push } = tracked({ isSlow: true });
  push('a');
  push('b');
  await Promise.all([stack.undo(), stack.undo(), stack.redo()]);
  assert.deepEqual(log, ['undo b', 'done', 'undo a', 'done', 'redo a', 'done']);
});

test('forgets what is stale, and keeps what failed', async () => {
  const { stack, push } = tracked();
  const outcomes = [
    { is: 'failed', message: 'lost' },
    { is: 'stale', by: 'painel' },
  ];
  push('a', async () => outcomes.shift());
  assert.deepEqual((await stack.undo()).outcome, { is: 'failed', message: 'lost' });
  assert.deepEqual(stack.state, { undoLabel: 'a', redoLabel: null });
  assert.deepEqual((await stack.undo()).outcome, { is: 'stale', by: 'painel' });
  assert.deepEqual(stack.state, { undoLabel: null, redoLabel: null });
});

test('an undo that throws is one that failed', async () => {
  const { stack, push } = tracked();
  push('a', async () => {
    throw new Error('broken');
  });
  assert.deepEqual((await stack.undo()).outcome, { is: 'failed', message: 'broken' });
  assert.equal(stack.state.undoLabel, 'a');
});

test('tells once when it changes', async () => {
  const { stack, push } = tracked();
  let times = 0;
  stack.onceChanged(() => (times += 1));
  push('a');
  push('b');
  assert.equal(times, 1);
});

test('any sequence ends where a plain list of states ends', async () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = randomOf(seed);
    const { stack, push } = tracked();
    const value = { now: 0 };
    const states = [0];
    let at = 0;
    for (let step = 0; step < 40; step += 1) {
      const choice = random.below(3);
      if (choice === 0) {
        const [from, to] = [value.now, step + 1];
        value.now = to;
        push(String(to), set(value, from), set(value, to));
        states.splice(at + 1, states.length, to);
        at += 1;
      } else if (choice === 1) {
        await stack.undo();
        at = Math.max(0, at - 1);
      } else {
        await stack.redo();
        at = Math.min(states.length - 1, at + 1);
      }
      assert.equal(value.now, states[at], `seed ${seed}, step ${step}`);
    }
  }
});

function set(value, to) {
  return async () => {
    value.now = to;
    return { is: 'done' };
  };
}

function tracked({ isSlow = false } = {}) {
  const stack = new UndoStack();
  const log = [];
  const run = (what) => async () => {
    log.push(what);
    if (isSlow) {
      await settle();
      log.push('done');
    }
    return { is: 'done' };
  };
  const push = (label, undo = run(`undo ${label}`), redo = run(`redo ${label}`)) => stack.push({ label, undo, redo });
  return { stack, log, push };
}

function deferred() {
  let resolve;
  let reject;
  const promise = new Promise((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}

function settle() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
