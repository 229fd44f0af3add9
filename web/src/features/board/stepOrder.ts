import type { RecordSourceSelectorProxy } from 'relay-runtime';
import { reorder, type Move } from './order';

/** As many steps as a board reads at once: the most that a pipeline has unless its operator permits more. */
export const MAX_STEPS = 1000;

/** Orders as they are shown, by scenario. What is undone may be older than the page that shows it. */
const shown = new Map<string, readonly string[]>();

/** Remembers the order that is shown. */
export function setShownOrder(scenarioId: string, ids: readonly string[]): void {
  shown.set(scenarioId, ids);
}

/** The ids of the steps in the order that is shown, moves on their way to the service included. */
export function shownOrder(scenarioId: string): readonly string[] {
  return shown.get(scenarioId) ?? [];
}

/** Changes the order in the store, for what the service has not answered yet. */
export function moveInStore(store: RecordSourceSelectorProxy, scenarioId: string, { ids, to }: Move): void {
  changeOrder(store, scenarioId, (order) => reorder(order, ids, to));
}

/** Takes steps out of the order in the store. */
export function removeInStore(store: RecordSourceSelectorProxy, scenarioId: string, ids: readonly string[]): void {
  const removed = new Set(ids);
  changeOrder(store, scenarioId, (order) => order.filter((id) => !removed.has(id)));
}

function changeOrder(
  store: RecordSourceSelectorProxy,
  scenarioId: string,
  change: (order: readonly string[]) => readonly string[],
): void {
  const steps = store.get(scenarioId)?.getLinkedRecord('steps', { first: MAX_STEPS });
  const edges = steps?.getLinkedRecords('edges');
  if (!steps || !edges) return;
  const edgeOf = new Map(edges.map((edge) => [edge.getLinkedRecord('node')?.getDataID() ?? '', edge]));
  const order = change([...edgeOf.keys()]);
  steps.setLinkedRecords(
    order.map((id) => edgeOf.get(id) ?? null),
    'edges',
  );
}
