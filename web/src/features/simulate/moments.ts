// The timeline of a simulation, by moments: a move of the conversation with all that it leads to is one.

/** An entry of the timeline, as far as its moment depends on it. */
export interface Entry {
  readonly kind: string;
  readonly stepIndex: number;
  readonly elapsedSeconds: number;
  readonly details: unknown;
}

/** What happens at once: what the conversation enters a step by, or an event, and what the step then does. */
export interface Moment<E extends Entry> {
  first: E;
  /** What the step that is entered does. */
  effects: E[];
  elapsedSeconds: number;
  /** The index of the step in which the conversation is after it. */
  stepIndex: number;
  /** What is left of the timer that runs at this moment; null if none does. */
  timerSeconds: number | null;
}

/** What a moment begins with. All other kinds are effects of entering a step. */
const FIRST: ReadonlySet<string> = new Set([
  'ENTERED',
  'CUSTOMER_MESSAGE',
  'TRIGGER_MET',
  'TIMER_FIRED',
  'MOVED',
  'EVENT_REFUSED',
  'HELD',
  'LEFT',
]);

/** What moves the conversation to the step in its details, if there is one. */
const MOVES: ReadonlySet<string> = new Set(['TRIGGER_MET', 'TIMER_FIRED', 'MOVED']);

/** The moments of a timeline, in its order. */
export function momentsOf<E extends Entry>(timeline: readonly E[]): Moment<E>[] {
  const moments: Moment<E>[] = [];
  let due: number | null = null;
  for (const entry of timeline) {
    if (entry.kind === 'TIMER_SET') due = entry.elapsedSeconds + (numberOf(entry.details, 'delaySeconds') ?? 0);
    else if (MOVES.has(entry.kind)) due = null;
    const last = moments.at(-1);
    if (last !== undefined && !FIRST.has(entry.kind)) {
      last.effects.push(entry);
      continue;
    }
    const target = MOVES.has(entry.kind) ? numberOf(entry.details, 'toIndex') : null;
    const stepIndex = target ?? entry.stepIndex;
    const { elapsedSeconds } = entry;
    const timerSeconds = due === null ? null : due - elapsedSeconds;
    moments.push({ first: entry, effects: [], elapsedSeconds, stepIndex, timerSeconds });
  }
  return moments;
}

/** A number of the details; null if they have none by this name. */
export function numberOf(details: unknown, name: string): number | null {
  const value = valueOf(details, name);
  return typeof value === 'number' ? value : null;
}

/** A text of the details; null if they have none by this name. */
export function textOf(details: unknown, name: string): string | null {
  const value = valueOf(details, name);
  return typeof value === 'string' ? value : null;
}

/** The texts of a list of the details. */
export function textsOf(details: unknown, name: string): string[] {
  return listOf(details, name).filter((item): item is string => typeof item === 'string');
}

/** The elements of a list of the details. */
export function listOf(details: unknown, name: string): readonly unknown[] {
  const value = valueOf(details, name);
  return Array.isArray(value) ? value : [];
}

export function valueOf(details: unknown, name: string): unknown {
  return typeof details === 'object' && details !== null ? Reflect.get(details, name) : undefined;
}
