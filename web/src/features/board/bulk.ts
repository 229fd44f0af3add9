/** Steps that a change of several has to be undone for with one call, because they had the same values. */
export interface FormerValues<Values> {
  values: Values;
  ids: string[];
}

/** Steps by the values that they had, in the order of the first step of each group. */
export function groupsByFormerValues<Values extends object>(
  steps: readonly { id: string; values: Values }[],
): FormerValues<Values>[] {
  const groups = new Map<string, FormerValues<Values>>();
  for (const { id, values } of steps) {
    const key = JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { values, ids: [id] });
    else group.ids.push(id);
  }
  return [...groups.values()];
}
