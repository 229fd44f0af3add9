import type { HistoryFilter } from '../../relay/__generated__/HistoryChunkQuery.graphql';

/** Which changes a history shows, as its address says it. */
export interface HistorySearch {
  action: ActionName | null;
  /** The id of the token with which a change was made. */
  who: string | null;
  since: SinceName | null;
  /** The id of the step whose changes alone are shown. */
  step: string | null;
}

export const ACTIONS = ['CREATED', 'UPDATED', 'MOVED', 'DELETED', 'RESTORED'] as const;
export type ActionName = (typeof ACTIONS)[number];

const HOUR_MS = 3_600_000;

/** How far back a history goes, by the word in its address. */
const SINCE_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS } as const;
export type SinceName = keyof typeof SINCE_MS;
export const SINCE: readonly SinceName[] = ['hour', 'day', 'week', 'month'];

/** Reads what an address says; what it says wrongly counts as not said. */
export function searchOf(params: URLSearchParams): HistorySearch {
  return {
    action: ACTIONS.find((name) => name === params.get('action')) ?? null,
    who: params.get('who'),
    since: SINCE.find((name) => name === params.get('since')) ?? null,
    step: params.get('step'),
  };
}

/** The same as parameters of an address, without what is not set. */
export function paramsOf(search: HistorySearch): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (typeof value === 'string') params.set(name, value);
  return params;
}

/** Whether a filter hides changes; a single step is what the page is about, not a filter. */
export function isFiltered({ action, who, since }: HistorySearch): boolean {
  return action !== null || who !== null || since !== null;
}

/**
 * The filter of the organization's history as the service takes it: changes of one step, or of a pipeline and its steps,
 * deleted ones too. `now` is rounded down to minutes, so that the same page asks with the same variables each time that
 * it is drawn.
 */
export function filterOf({ action, who, since, step }: HistorySearch, scenarioId: string, now: number): HistoryFilter {
  return {
    ...(step === null ? { scenarioId } : { subjectId: step }),
    ...(action === null ? {} : { actions: [action] }),
    ...(who === null ? {} : { tokenId: who }),
    ...(since === null ? {} : { since: new Date(minute(now) - SINCE_MS[since]).toISOString() }),
  };
}

function minute(now: number): number {
  return now - (now % 60_000);
}
