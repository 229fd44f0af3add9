// Random cases that are the same in each run.

/** Random numbers from a seed (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  /** From 0 to below 1. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** A whole number from 0 to below `limit`. */
  const below = (limit) => Math.floor(next() * limit);
  return { next, below, oneOf: (values) => values[below(values.length)] };
}
