// What differs between two values, as the history and the plan of a file show it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';
import { randomOf } from './support/random.mjs';

const { wordDifference } = await sourceModule('ui/difference/words.ts');
const { listDifference } = await sourceModule('ui/difference/lists.ts');

/** The parts in one line: `[-removed-]` and `{+added+}`. */
function drawn(before, after) {
  const marks = { same: ['', ''], removed: ['[-', '-]'], added: ['{+', '+}'] };
  return wordDifference(before, after)
    .map(({ kind, text }) => marks[kind].join(text))
    .join('');
}

test('marks the words that differ, and leaves the others as they are', () => {
  assert.equal(
    drawn('Never offer more than 5%. Call a person.', 'Never offer more than 10%. Call a person at once.'),
    'Never offer more than [-5-]{+10+}%. Call a person{+ at once+}.',
  );
  assert.equal(drawn('Olá, Ana!', 'Olá, Ana!'), 'Olá, Ana!');
  assert.equal(drawn('', 'new'), '{+new+}');
  assert.equal(drawn('old', ''), '[-old-]');
});

test('shows words that were replaced in a row as one replacement, not word by word', () => {
  assert.equal(drawn('ask for the city', 'say what it costs'), '[-ask for the city-]{+say what it costs+}');
});

test('keeps what one sees as one character whole', () => {
  assert.equal(drawn('Hi 👩‍👩‍👧', 'Hi 👩‍👩‍👦'), 'Hi [-👩‍👩‍👧-]{+👩‍👩‍👦+}');
  assert.equal(drawn('cafe\u0301', 'cafe'), '[-cafe\u0301-]{+cafe+}');
});

test('gives both texts back, whatever they are', () => {
  const words = ['a', 'b', 'c', ' ', '\n', ', ', 'é', '🙂'];
  for (let seed = 0; seed < 3000; seed += 1) {
    const random = randomOf(seed);
    const text = () => Array.from({ length: random.below(12) }, () => random.oneOf(words)).join('');
    const [before, after] = [text(), text()];
    const parts = wordDifference(before, after);
    const without = (kind) =>
      parts
        .filter((part) => part.kind !== kind)
        .map((part) => part.text)
        .join('');
    assert.equal(without('added'), before);
    assert.equal(without('removed'), after);
    assert.ok(parts.every(({ text: part }) => part !== ''));
  }
});

test('shows a shortened text as removals only, and a longer one as additions only', () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const random = randomOf(seed);
    const long = Array.from({ length: 2 + random.below(30) }, (_, index) => `w${index} `);
    const short = long.filter(() => random.below(2) === 0);
    const kinds = (before, after) => new Set(wordDifference(before.join(''), after.join('')).map(({ kind }) => kind));
    assert.ok(!kinds(long, short).has('added'));
    assert.ok(!kinds(short, long).has('removed'));
  }
});

test('compares texts of 20,000 characters that have nothing in common', () => {
  const text = (name) => Array.from({ length: 3000 }, (_, index) => `${name}${index}`).join(' ');
  const parts = wordDifference(text('a'), text('b'));
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ['removed', 'added'],
  );
});

test('says what was added to a list, what was removed, and whether the rest has another order', () => {
  assert.deepEqual(listDifference(['a', 'b', 'c'], ['b', 'd', 'c']), {
    added: ['d'],
    removed: ['a'],
    kept: ['b', 'c'],
    isReordered: false,
  });
  assert.equal(listDifference(['a', 'b'], ['b', 'a']).isReordered, true);
});
