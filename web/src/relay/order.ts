import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { orderQuery } from './__generated__/orderQuery.graphql';

/**
 * The order of the steps of a scenario, with what depends on it. What shows the steps spreads this and selects
 * `steps(first: 1000) { edges { node { … } } }` beside it; the payload of what changes the order spreads it too, so
 * that the store has the order of the service.
 */
export const ORDER = graphql`
  fragment order_scenario on CrmScenario {
    id
    revision
    stepCount
    stepsUpdatedAt
    diagnosticCounts {
      errors
      warnings
      infos
    }
    steps(first: 1000) {
      edges {
        node {
          id
        }
      }
    }
  }
`;

const QUERY = graphql`
  query orderQuery($id: ID!) {
    crmScenario(id: $id) {
      ...order_scenario
    }
  }
`;

/** Changes that are stored together come together: they are answered by one reading. */
const TOGETHER_MS = 40;

interface Reading {
  /** Whether the order has changed since it was started. */
  isOld: boolean;
}

const readings = new WeakMap<IEnvironment, Map<string, Reading>>();

/**
 * Reads the order of a scenario's steps again. No event says how the others shift, and steps that were moved together
 * cannot be put in place one by one.
 */
export function refreshOrder(environment: IEnvironment, id: string): void {
  let running = readings.get(environment);
  if (running === undefined) readings.set(environment, (running = new Map()));
  const known = running.get(id);
  if (known !== undefined) {
    known.isOld = true;
    return;
  }
  const reading: Reading = { isOld: false };
  running.set(id, reading);
  const end = () => {
    running.delete(id);
    if (reading.isOld) refreshOrder(environment, id);
  };
  window.setTimeout(() => {
    reading.isOld = false;
    fetchQuery<orderQuery>(environment, QUERY, { id }, { fetchPolicy: 'network-only' }).subscribe({
      complete: end,
      // The next change, or the next page, reads it again.
      error: end,
    });
  }, TOGETHER_MS);
}
