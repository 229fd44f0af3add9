import { fieldsOf, isSame } from './stored';
import { GROUPS, type StepValues } from './values';

/** The fields of a group that a side has changed; a field without a group is one of its own. */
export type Group = readonly string[];

/** What became of two changes of the same step. */
export interface Merge {
  /** The values of both sides. Where both have changed a group, those of `mine` until something is chosen. */
  readonly merged: StepValues;
  /** What only `theirs` has changed. */
  readonly taken: readonly Group[];
  /** What both have changed, and not to the same. */
  readonly conflicts: readonly Group[];
}

/**
 * Merges two changes of `base`. Fields that belong together come from one side as a whole, so that the result has no
 * message of one side with the recipient of the other.
 */
export function merge(base: StepValues, mine: StepValues, theirs: StepValues): Merge {
  const merged: Record<string, unknown> = { ...mine };
  const taken: Group[] = [];
  const conflicts: Group[] = [];
  for (const group of groupsOf(fieldsOf(base, mine, theirs))) {
    const theirChanges = group.filter((field) => !isSame(field, base, theirs));
    const differences = group.filter((field) => !isSame(field, mine, theirs));
    if (theirChanges.length === 0 || differences.length === 0) continue;
    if (group.some((field) => !isSame(field, base, mine))) {
      conflicts.push(differences);
    } else {
      // Where the earlier value is not known, it may not have changed at all.
      const known = theirChanges.filter((field) => field in base);
      if (known.length > 0) taken.push(known);
      for (const field of group) merged[field] = theirs[field];
    }
  }
  return { merged: merged as StepValues, taken, conflicts };
}

/** The values with those of `side` in all fields that belong to `group`. */
export function choose(values: StepValues, group: Group, side: StepValues): StepValues {
  const whole =
    groupsOf(fieldsOf(values, side)).find((fields) => fields.some((field) => group.includes(field))) ?? group;
  return { ...values, ...Object.fromEntries(whole.map((field) => [field, side[field]])) };
}

function groupsOf(fields: readonly string[]): Group[] {
  const grouped: ReadonlySet<string> = new Set(GROUPS.flat());
  return [...GROUPS, ...fields.filter((field) => !grouped.has(field)).map((field) => [field])];
}
