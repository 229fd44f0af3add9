/** How many Unicode scalar values a text has: what the service counts, and not what `length` says. */
export function countCharacters(text: string): number {
  let count = 0;
  // A pair of surrogates is one value.
  for (const _ of text) count += 1;
  return count;
}
