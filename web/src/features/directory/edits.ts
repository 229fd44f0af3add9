/** The values of a form, by the names of their fields. */
export type FormValues = Readonly<Record<string, string>>;

/** The fields that somebody has changed. */
export function changedFields(before: FormValues, after: FormValues): string[] {
  return Object.keys(after).filter((name) => after[name] !== before[name]);
}

/** What to do with what somebody has entered when another one has saved meanwhile. */
export interface Merge {
  /** The fields of both, with different values: somebody has to choose. */
  overlapping: readonly { name: string; before: string; after: string }[];
  /** What is sent if what was entered is to hold. */
  values: FormValues;
}

/** Compares what was there when the form was opened, what was entered, and what is there now. */
export function mergeOf(base: FormValues, mine: FormValues, theirs: FormValues): Merge {
  const changed = changedFields(base, mine);
  const overlapping = changed
    .filter((name) => theirs[name] !== base[name] && theirs[name] !== mine[name])
    .map((name) => ({ name, before: theirs[name] ?? '', after: mine[name] ?? '' }));
  const values = Object.fromEntries(
    Object.keys(mine).map((name) => [name, (changed.includes(name) ? mine[name] : theirs[name]) ?? '']),
  );
  return { overlapping, values };
}
