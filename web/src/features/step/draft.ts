// What a person has typed into the form of a step: the state of the form, and how it changes.

import { NO_VALUES, type StepValues } from './values';
import { fieldsOf, isSame } from './stored';

/** A rule that the service says is broken, as `userErrors` has it. */
export interface Refusal {
  readonly field: readonly string[];
  readonly code: string;
  readonly category: string;
  readonly message: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
}

/** A step in its form. */
export interface Draft {
  /** The id that a new step will have, so that it is not created twice; null for a step that is stored. */
  readonly newId: string | null;
  /** The step that is changed, as it was read; of a new step nothing. */
  readonly base: StepValues;
  /** The version of the base; null for a new step. */
  readonly version: number | null;
  readonly values: StepValues;
  /** The names of the agents, members and steps whose ids are among the values. */
  readonly names: Names;
  /** The fields that were left once, which say what is wrong with them from then on. */
  readonly left: ReadonlySet<string>;
  /** Whether saving was tried: then all fields say it. */
  readonly isSubmitted: boolean;
  /** What the service has found, until the field is changed. */
  readonly refusals: readonly Refusal[];
  /** The unit that a time gets which is typed where there was none. */
  readonly usualUnit: string | null;
}

/** Names by ids. */
export type Names = Readonly<Record<string, string>>;

export type DraftAction =
  | { readonly type: 'set'; readonly field: string; readonly value: unknown; readonly names?: Names | undefined }
  | { readonly type: 'left'; readonly field: string }
  /** Clears all of the timer. */
  | { readonly type: 'removeTimer' }
  | { readonly type: 'submit' }
  | { readonly type: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly type: 'discard' }
  /** The present values of fields that are read later than the step. */
  | { readonly type: 'known'; readonly values: Readonly<Record<string, unknown>> }
  /** What is stored now: after saving, or because somebody else has changed it. */
  | { readonly type: 'stored'; readonly base: StepValues; readonly version: number | null; readonly names: Names }
  /** The changes, on another version of the step. */
  | {
      readonly type: 'rebase';
      readonly base: StepValues;
      readonly version: number;
      readonly values: StepValues;
      readonly names: Names;
    };

const HOURS = 'h';

/** A draft of a step that is stored like this, with `values` if something was changed already. */
export function newDraft({
  newId = null,
  base = NO_VALUES,
  version = null,
  values = base,
  names = {},
}: Partial<Pick<Draft, 'newId' | 'base' | 'version' | 'values' | 'names'>> = {}): Draft {
  const usualUnit = base.autoNextTime === '' ? HOURS : base.autoNextTimeUnit;
  return { newId, base, version, values, names, left: new Set(), isSubmitted: false, refusals: [], usualUnit };
}

export function draftReducer(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'set':
      return { ...set(draft, action.field, action.value), names: { ...draft.names, ...action.names } };
    case 'left':
      return draft.left.has(action.field) ? draft : { ...draft, left: new Set([...draft.left, action.field]) };
    case 'removeTimer': {
      const none = { autoNextTime: '', autoNextTimeUnit: null, autoNextStepId: null };
      return { ...draft, values: { ...draft.values, ...none }, refusals: without(draft, Object.keys(none)) };
    }
    case 'submit':
      return { ...draft, isSubmitted: true };
    case 'refused':
      return { ...draft, isSubmitted: true, refusals: action.refusals };
    case 'discard':
      return newDraft({ ...draft, values: draft.base });
    case 'known': {
      const base: StepValues = { ...draft.base, ...action.values };
      const untouched = Object.keys(action.values).filter((field) => isSame(field, draft.base, draft.values));
      const values = Object.fromEntries(untouched.map((field) => [field, action.values[field]]));
      return { ...draft, base, values: { ...draft.values, ...values } };
    }
    case 'stored':
      return newDraft(action);
    case 'rebase': {
      const { left, isSubmitted } = draft;
      return { ...newDraft({ ...action, names: { ...draft.names, ...action.names } }), left, isSubmitted };
    }
  }
}

/** Whether something was changed that is not stored. */
export function isDirty({ base, values }: Draft): boolean {
  return fieldsOf(base, values).some((field) => !isSame(field, base, values));
}

function set(draft: Draft, field: string, value: unknown): Draft {
  const values: StepValues = { ...draft.values, [field]: value };
  const changed = { ...draft, values, refusals: without(draft, [field]) };
  if (field !== 'autoNextTime') return changed;
  // The unit belongs to the time: it goes with it, as the service does it too, and comes back with it.
  const { autoNextTime: before, autoNextTimeUnit: unit } = draft.values;
  if (values.autoNextTime.trim() === '' && before.trim() !== '') {
    return { ...changed, values: { ...values, autoNextTimeUnit: null }, usualUnit: unit };
  }
  const isFirst = before.trim() === '' && values.autoNextTime.trim() !== '' && unit === null;
  return isFirst ? { ...changed, values: { ...values, autoNextTimeUnit: draft.usualUnit } } : changed;
}

function without({ refusals }: Draft, fields: readonly string[]): readonly Refusal[] {
  return refusals.filter(({ field: [argument, field = ''] }) => argument !== 'input' || !fields.includes(field));
}
