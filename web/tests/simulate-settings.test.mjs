// What the address of a simulation says, and how its timeline is divided, without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';
import { randomOf } from './support/random.mjs';

const { DEFAULTS, eventInputs, readAddress, sorted, writeAddress } = await sourceModule(
  'features/simulate/settings.ts',
);
const { momentsOf } = await sourceModule('features/simulate/moments.ts');

function randomAddress(random) {
  const texts = ['quanto custa?', 'a.b.c', '', '50% & more = ?#', 'São Paulo ⟦x⟧ 👍', '240.leave.'];
  const events = Array.from({ length: random.below(6) }, () => {
    const kind = random.oneOf(['message', 'trigger', 'move', 'leave']);
    const value =
      kind === 'message'
        ? random.oneOf(texts)
        : kind === 'leave'
          ? ''
          : `019a0000-0000-7000-8000-00000000040${random.below(9)}`;
    return { at: random.below(1_000_000), kind, value };
  });
  return {
    settings: {
      startAt: random.oneOf([DEFAULTS.startAt, '2027-03-01T09:00:00Z']),
      channel: random.oneOf(['WHATSAPP', 'ZAPI', 'OTHER']),
      seed: random.below(100) - 50,
      untilSeconds: random.oneOf([DEFAULTS.untilSeconds, 0, 365 * 86_400]),
      events: sorted(events),
      open: new Map(
        Array.from({ length: random.below(3) }, (_, index) => [
          `019a0000-0000-7000-8000-00000000020${index}`,
          random.below(20),
        ]),
      ),
    },
    shown: random.oneOf([null, 'all', 0, 12]),
  };
}

test('reads from an address what was written to it', () => {
  const random = randomOf(5);
  for (let round = 0; round < 300; round += 1) {
    const address = randomAddress(random);
    // By way of the text, as a link is sent.
    const text = writeAddress(address).toString();
    assert.deepEqual(readAddress(new URLSearchParams(text)), address);
  }
});

test('writes nothing of what has its default', () => {
  assert.equal(writeAddress({ settings: DEFAULTS, shown: null }).toString(), '');
});

test('opens a damaged address with the defaults', () => {
  for (const text of [
    'start=tomorrow&channel=FAX&seed=x&until=-1&event=&event=240&event=a.message.b&event=1.dance.&open=&open=x&shown=-3',
    'start=2026-99-99T99:99:99Z&seed=99999999999&until=1e3&event=-5.leave.&shown=some',
  ]) {
    assert.deepEqual(readAddress(new URLSearchParams(text)), { settings: DEFAULTS, shown: null });
  }
});

test('sends each event with the seconds since the one before it, and steps by their indexes', () => {
  const events = sorted([
    { at: 240, kind: 'trigger', value: 'b' },
    { at: 240, kind: 'move', value: 'gone' },
    { at: 60, kind: 'message', value: 'Olá' },
    { at: 300, kind: 'leave', value: '' },
  ]);
  const indexes = new Map([
    ['a', 0],
    ['b', 1],
  ]);
  assert.deepEqual(
    eventInputs(events, (id) => indexes.get(id)),
    [
      { afterSeconds: 60, customerMessage: 'Olá' },
      { afterSeconds: 180, triggerMet: '1' },
      { afterSeconds: 0, moveTo: '' },
      { afterSeconds: 60, leave: true },
    ],
  );
});

test('makes a moment of a move and of what the step then does', () => {
  const entry = (kind, elapsedSeconds, stepIndex, details = null) => ({ kind, elapsedSeconds, stepIndex, details });
  const moments = momentsOf([
    entry('ENTERED', 0, 0),
    entry('TAGS_ADDED', 0, 0, { tags: ['lead'] }),
    entry('TIMER_SET', 0, 0, { delaySeconds: 900 }),
    entry('CUSTOMER_MESSAGE', 240, 0, { text: 'oi' }),
    entry('TRIGGER_MET', 240, 0, { toIndex: 2 }),
    entry('STATUS_SET', 240, 2),
    entry('EVENT_REFUSED', 300, 2, { toIndex: 0, reason: 'FIRST_STEP' }),
    entry('TIMER_FIRED', 900, 2, { toIndex: null }),
  ]);
  const summary = moments.map(({ first, effects, stepIndex, elapsedSeconds, timerSeconds }) => [
    first.kind,
    effects.length,
    stepIndex,
    elapsedSeconds,
    timerSeconds,
  ]);
  assert.deepEqual(summary, [
    ['ENTERED', 2, 0, 0, null],
    ['CUSTOMER_MESSAGE', 0, 0, 240, 660],
    ['TRIGGER_MET', 1, 2, 240, null],
    ['EVENT_REFUSED', 0, 2, 300, null],
    ['TIMER_FIRED', 0, 2, 900, null],
  ]);
});
