// How the stream of changes goes on after whatever ends it, without a browser and a service.

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { sourceModule } from './support/module.mjs';

// The module waits by the timers of the window, and listens to it.
globalThis.window = Object.assign(new EventTarget(), {
  setTimeout: (...values) => setTimeout(...values),
  clearTimeout: (...values) => clearTimeout(...values),
});

const { changesAfter } = await sourceModule('relay/stream.ts');

const DOCUMENT = { id: 'abc', name: 'Changes' };

let subscriptions;
let results;
let errors;
let readings;

beforeEach(() => {
  subscriptions = [];
  results = [];
  errors = [];
  readings = 0;
});

test('sends the hash of the document, and passes on what comes', async () => {
  await follow();
  const [{ payload, sink }] = subscriptions;
  assert.deepEqual(payload, {
    query: '',
    operationName: 'Changes',
    variables: { scenarioId: 's', after: 'c0' },
    extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } },
  });
  sink.next(event('c1'));
  assert.deepEqual(results, [event('c1')]);
});

test('a client that connects again sends the cursor of the last event', async () => {
  await follow();
  const [{ payload, sink }] = subscriptions;
  sink.next(event('c1'));
  sink.next(event('c2'));
  // It keeps the payload, and sends it again.
  assert.equal(payload.variables.after, 'c2');
});

test('an event that could not be read has everything read again, and the stream goes on after it', async () => {
  await follow();
  const [{ payload, sink }] = subscriptions;
  sink.next({ data: null, errors: [{ message: '', extensions: { code: 'INTERNAL' } }], extensions: { cursor: 'c1' } });
  await settle();
  assert.equal(readings, 1);
  assert.equal(payload.variables.after, 'c1');
  assert.equal(subscriptions.length, 1);
  sink.next(event('c2'));
  assert.deepEqual(results, [event('c2')]);
});

for (const way of ['error', 'next']) {
  test(`reads everything anew if the cursor is too old, which comes as ${way}`, async () => {
    await follow();
    const expired = { message: '', extensions: { code: 'CURSOR_EXPIRED' } };
    const [{ sink }] = subscriptions;
    if (way === 'error') sink.error([expired]);
    else {
      sink.next({ data: null, errors: [expired] });
      sink.complete();
    }
    await settle();
    assert.equal(readings, 1);
    assert.deepEqual(
      subscriptions.map(({ sent }) => sent.variables.after),
      ['c0', 'fresh'],
    );
    subscriptions[1].sink.next(event('c9'));
    assert.deepEqual(results, [event('c9')]);
  });
}

test('starts again, after a while, a stream that the service ends or refuses for now', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    await follow();
    subscriptions[0].sink.next(event('c1'));
    subscriptions[0].sink.complete();
    await later();
    assert.equal(subscriptions.length, 2);
    subscriptions[1].sink.error([{ message: '', extensions: { code: 'TOO_MANY_OPERATIONS' } }]);
    await later();
    assert.equal(subscriptions.length, 3);
    assert.equal(subscriptions[2].sent.variables.after, 'c1');
    assert.deepEqual(errors, []);
  } finally {
    mock.timers.reset();
  }
});

test('starts again as soon as the network is there', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    await follow();
    subscriptions[0].sink.error(new Event('error'));
    await microtasks();
    window.dispatchEvent(new Event('online'));
    await microtasks();
    assert.equal(subscriptions.length, 2);
  } finally {
    mock.timers.reset();
  }
});

test('ends with an error that later would not be better', async () => {
  await follow();
  subscriptions[0].sink.error([{ message: 'No.', extensions: { code: 'FORBIDDEN' } }]);
  await settle();
  assert.deepEqual(
    errors.map(({ kind }) => kind),
    ['forbidden'],
  );
  assert.equal(subscriptions.length, 1);
});

test('nothing comes, and nothing starts, after it was stopped', async () => {
  const { unsubscribe } = await follow();
  const [{ sink, stopped }] = subscriptions;
  unsubscribe();
  assert.equal(stopped.mock.callCount(), 1);
  sink.complete();
  sink.error([{ message: '', extensions: { code: 'CURSOR_EXPIRED' } }]);
  await settle();
  assert.equal(readings, 0);
  assert.equal(subscriptions.length, 1);
});

test('a stream that was stopped before the socket was there never starts', async () => {
  const subscription = start();
  subscription.unsubscribe();
  await settle();
  assert.deepEqual(subscriptions, []);
});

async function follow() {
  const subscription = start();
  await microtasks();
  assert.equal(subscriptions.length, 1);
  return subscription;
}

function start() {
  const client = {
    subscribe(payload, sink) {
      const stopped = mock.fn();
      subscriptions.push({ payload, sent: structuredClone(payload), sink, stopped });
      return stopped;
    },
  };
  const readAnew = async () => {
    readings += 1;
    return 'fresh';
  };
  return changesAfter(async () => ({ client }), DOCUMENT, { scenarioId: 's', after: 'c0' }, readAnew).subscribe({
    next: (result) => results.push(result),
    error: (error) => errors.push(error),
  });
}

function event(cursor) {
  return { data: { changes: { cursor } } };
}

function settle() {
  return new Promise((resolve) => setImmediate(resolve));
}

async function microtasks() {
  for (let turn = 0; turn < 20; turn += 1) await null;
}

async function later() {
  await microtasks();
  mock.timers.tick(5_000);
  await microtasks();
}
