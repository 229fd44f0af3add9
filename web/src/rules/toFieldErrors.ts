/** Errors by the fields of a form at which they are shown, and those that have no such place. */
export interface FieldErrors<E> {
  readonly byField: ReadonlyMap<string, readonly E[]>;
  readonly others: readonly E[];
}

/**
 * The user errors of a mutation by the fields of its `input`; that of an entry of a list or a map is at its field.
 * Errors of other arguments, and of fields that the form does not show, are for the top of the form.
 */
export function toFieldErrors<E extends { readonly field: readonly string[] }>(
  errors: readonly E[],
  shown: ReadonlySet<string>,
): FieldErrors<E> {
  const byField = new Map<string, E[]>();
  const others: E[] = [];
  for (const error of errors) {
    const [argument, field = ''] = error.field;
    if (argument !== 'input' || !shown.has(field)) {
      others.push(error);
      continue;
    }
    byField.set(field, [...(byField.get(field) ?? []), error]);
  }
  return { byField, others };
}
