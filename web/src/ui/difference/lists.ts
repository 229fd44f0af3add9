/** How a list was changed: what only one side has, and what both have in the order of the side after. */
export interface ListDifference {
  added: string[];
  removed: string[];
  kept: string[];
  /** Whether what both have stands in another order. */
  isReordered: boolean;
}

/** Compares two lists, each of which has an entry once. */
export function listDifference(before: readonly string[], after: readonly string[]): ListDifference {
  const [old, fresh] = [new Set(before), new Set(after)];
  const kept = after.filter((entry) => old.has(entry));
  const keptBefore = before.filter((entry) => fresh.has(entry));
  return {
    added: after.filter((entry) => !old.has(entry)),
    removed: before.filter((entry) => !fresh.has(entry)),
    kept,
    isReordered: kept.some((entry, index) => entry !== keptBefore[index]),
  };
}
