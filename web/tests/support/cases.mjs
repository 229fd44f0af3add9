// Checks for many random cases, which are the same in each run unless SEED says otherwise.

import { randomOf } from './random.mjs';

const SEED = Number(process.env.SEED ?? 1);

// Some are rare, and some are cut, folded or counted in their own way.
const RARE = [
  '\0',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u200b',
  '\u2028',
  '\u2800',
  '\ufeff',
  'é',
  'É',
  'e\u0301',
  'ß',
  'ẞ',
  'ς',
  'ı',
  '٣',
  '🙂',
];
const CHARACTERS = [...'aZ09 .-_/:@{}"\\\t\n+()', ...RARE];

/** Calls `check` with random values, this many times. A failure names the seed and the case. */
export async function forAll(cases, check) {
  for (let index = 0; index < cases; index += 1) {
    try {
      await check(valuesOf(randomOf(SEED * 1_000_003 + index)));
    } catch (problem) {
      problem.message = `case ${index} of seed ${SEED}: ${problem.message}`;
      throw problem;
    }
  }
}

function valuesOf({ next, below, oneOf }) {
  return {
    below,
    oneOf,
    /** Whether something with this chance happens. */
    chance: (share) => next() < share,
    /** Some of these, in their order, each with an even chance. */
    some: (values) => values.filter(() => next() < 0.5),
    /** A text of up to this many characters. */
    text: (length) => Array.from({ length: below(length + 1) }, () => oneOf(CHARACTERS)).join(''),
  };
}
