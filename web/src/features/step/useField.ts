import { createContext, use, useSyncExternalStore } from 'react';
import { labelOfField } from '../../messages/labels';
import { useMessages } from '../../messages/Messages';
import type { Messages } from '../../messages/en';
import type { FieldRules } from '../../rules/evaluate';
import type { Draft, Names } from './draft';
import type { FieldState, FormStore, Problem } from './formStore';
import { sentenceOfProblem } from './sentence';
import type { KnownField, KnownValues } from './values';

/** What the fields of a form share. */
export interface FormOfStep {
  readonly store: FormStore;
  /** Whether nothing can be changed; why is said above the fields. */
  readonly isReadOnly: boolean;
}

export const FormContext = createContext<FormOfStep | null>(null);

export function useForm(): FormOfStep {
  const form = use(FormContext);
  if (form === null) throw new Error('There is no form around this field.');
  return form;
}

/** The whole draft: for what depends on several fields. */
export function useDraft(): Draft {
  const { store } = useForm();
  return useSyncExternalStore(store.subscribe, () => store.draft);
}

/** A field of the form: its value, and what every control of it says. */
export interface Field<V> {
  readonly value: V;
  readonly set: (value: V, names?: Names) => void;
  readonly problems: readonly Problem[];
  /** The rules of the field alone. */
  readonly rules: FieldRules | undefined;
  /** The props that all components of fields have. */
  readonly props: {
    readonly label: string;
    readonly description: string | undefined;
    readonly error: readonly string[];
    readonly isReadOnly: boolean;
    readonly disabledReason: string | undefined;
  };
}

/** A field that the form has a place for. */
export function useField<F extends KnownField>(field: F): Field<KnownValues[F]> {
  // The store has for each field what the form gave it.
  return useFieldState(field) as Field<KnownValues[F]>;
}

/** A field of any name. */
export function useFieldState(field: string): Field<unknown> {
  const t = useMessages();
  const { store, isReadOnly } = useForm();
  const descriptions: Readonly<Record<string, { description?: string }>> = t.fields.step;
  const { value, problems, exclusion } = useSyncExternalStore(store.subscribe, () => store.field(field));
  return {
    value,
    set: (next, names) => store.dispatch({ type: 'set', field, value: next, names }),
    problems,
    rules: store.row(field),
    props: {
      label: labelOfField(t, field),
      description: descriptions[field]?.description,
      error: problems.map((problem) => sentenceOfProblem(t, problem)),
      isReadOnly,
      // It would not be the only reason.
      disabledReason: isReadOnly || exclusion === null ? undefined : reasonOf(t, exclusion),
    },
  };
}

function reasonOf(t: Messages, { code, by }: NonNullable<FieldState['exclusion']>): string {
  switch (code) {
    case 'REMOVAL_STEP_CONFLICT':
      return t.step.removalReason;
    case 'ASSIGNEES_NOT_ALLOWED':
      return t.step.noAssigneesReason;
    default:
      return t.step.excludedReason(labelOfField(t, by));
  }
}
