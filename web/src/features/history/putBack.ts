/** What a change of a pipeline or a step has that putting it back depends on. */
export interface PastChange {
  action: string;
  subjectType: string;
  fields: readonly FieldValues[];
  /** Whether the changed thing is there now. */
  isThere: boolean;
  /** Whether the pipeline that it belongs to is there now. */
  isScenarioThere: boolean;
}

/** What undoes a change of the history, or why nothing does. */
export type PutBack =
  | { kind: 'update'; fields: readonly FieldValue[]; hasHeaders: boolean }
  | { kind: 'move'; index: number }
  | { kind: 'restore' }
  | { kind: 'none'; reason: NoPutBack };

/**
 * `created`: what was created is deleted where it is shown. `deleted`: the thing is gone, and restored first.
 * `restored`: it is there again. `scenarioDeleted`: its pipeline is restored first. `headers`: the history has no
 * values of headers.
 */
export type NoPutBack = 'created' | 'deleted' | 'restored' | 'scenarioDeleted' | 'headers';

/** A field with a value. */
export interface FieldValue {
  name: string;
  value: unknown;
}

/** Headers of which the history shows only that they were changed. */
const HEADERS = 'webhookHeader';

/** Says what has to be done so that the changed fields have their earlier values, or the thing is there again. */
export function putBackOf(change: PastChange): PutBack {
  switch (change.action) {
    case 'UPDATED':
      return change.isThere ? earlierValues(change) : none('deleted');
    case 'MOVED':
      return change.isThere ? earlierPlace(change) : none('deleted');
    case 'DELETED':
      return restoration(change);
    default:
      return none('created');
  }
}

function none(reason: NoPutBack): PutBack {
  return { kind: 'none', reason };
}

function earlierValues(change: PastChange): PutBack {
  const fields = change.fields.filter(({ name }) => name !== HEADERS);
  const hasHeaders = fields.length < change.fields.length;
  if (fields.length === 0) return none('headers');
  return { kind: 'update', fields: fields.map(({ name, before }) => ({ name, value: before })), hasHeaders };
}

function earlierPlace(change: PastChange): PutBack {
  const index = change.fields.find(({ name }) => name === 'index')?.before;
  return typeof index === 'number' ? { kind: 'move', index } : none('created');
}

function restoration(change: PastChange): PutBack {
  if (change.isThere) return none('restored');
  if (change.subjectType === 'CRM_SCENARIO') return { kind: 'restore' };
  return change.isScenarioThere ? { kind: 'restore' } : none('scenarioDeleted');
}

/** A thing as it is now, by the names of its fields. */
export type Present = Readonly<Record<string, unknown>>;

/** How putting back stands to what has happened since: nothing to do, nobody has touched these fields, or somebody has. */
export type Standing = 'asBefore' | 'untouched' | 'changedSince';

/** Compares the thing as it is now with the values before and after the change. */
export function standing(change: Pick<PastChange, 'fields'>, present: Present): Standing {
  const fields = change.fields.filter(({ name }) => name !== HEADERS);
  if (fields.every(({ name, before }) => meansTheSame(present[name], before))) return 'asBefore';
  return fields.every(({ name, after }) => meansTheSame(present[name], after)) ? 'untouched' : 'changedSince';
}

/** What putting back would change now, field by field. */
export function remaining(fields: readonly FieldValue[], present: Present): FieldValues[] {
  return fields
    .filter(({ name, value }) => !meansTheSame(present[name], value))
    .map(({ name, value }) => ({ name, before: present[name] ?? null, after: value }));
}

/** Whether two values of a field are equal; the order of the names of an object does not count. */
function meansTheSame(one: unknown, other: unknown): boolean {
  return written(one) === written(other);
}

function written(value: unknown): string {
  return JSON.stringify(value ?? null, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A position in a list of steps, as moveCrmStep takes it. */
export type Placement = { first: true } | { after: string };

/** Where a step is put so that it has this index; null if it has it already, or is not in the list. */
export function placementAt(steps: readonly string[], step: string, index: number): Placement | null {
  const present = steps.indexOf(step);
  const target = Math.min(index, steps.length - 1);
  if (present === -1 || present === target) return null;
  const others = steps.filter((id) => id !== step);
  const neighbour = others[target - 1];
  return neighbour === undefined ? { first: true } : { after: neighbour };
}

/** A field with its values on two sides. */
export interface FieldValues {
  name: string;
  before: unknown;
  after: unknown;
}
