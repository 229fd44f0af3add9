import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { orderQuery } from './__generated__/orderQuery.graphql';
import { pause } from './pause';

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

/** How long a command of this page is waited for, whose answer has the order. */
const ANSWER_MS = 1000;

interface Reading {
  /** The revision of the scenario of which the order is wanted. */
  revision: number;
  /** Whether the order has changed since it was started. */
  isOld: boolean;
}

/** What is known of the orders in a store. */
class Orders {
  readonly readings = new Map<string, Reading>();
  /** By scenario the revision of the order that was read last. */
  readonly revisions = new Map<string, number>();
  readonly commands = new Set<Promise<unknown>>();

  has(id: string, revision: number): boolean {
    return (this.revisions.get(id) ?? 0) >= revision;
  }

  /**
   * Takes notice of the orders in the data of a response. Returns the scenarios whose orders are older in it than what
   * was known, with the revision of that: the response was overtaken, and the store has the old order by it.
   */
  note(data: object): { id: string; revision: number }[] {
    const overtaken = [];
    for (const field of Object.values(data)) {
      const scenario = isObject(field) && 'crmScenario' in field ? field.crmScenario : field;
      if (!isObject(scenario) || !('revision' in scenario && 'steps' in scenario && 'id' in scenario)) continue;
      const { id, revision, steps } = scenario;
      // No other selection of steps has edges.
      const hasOrder = isObject(steps) && 'edges' in steps;
      if (!hasOrder || typeof id !== 'string' || typeof revision !== 'number') continue;
      const known = this.revisions.get(id) ?? revision;
      if (revision < known) overtaken.push({ id, revision: known });
      this.revisions.set(id, revision);
    }
    return overtaken;
  }
}

const all = new WeakMap<IEnvironment, Orders>();

function ordersOf(environment: IEnvironment): Orders {
  let orders = all.get(environment);
  if (orders === undefined) all.set(environment, (orders = new Orders()));
  return orders;
}

/** Takes notice of the response of a request, which may have an order. */
export function noteOrder<T extends { data: object }>(
  environment: IEnvironment,
  isCommand: boolean,
  response: Promise<T>,
): Promise<T> {
  const orders = ordersOf(environment);
  const noted = response.then((result) => {
    for (const { id, revision } of orders.note(result.data)) refreshOrder(environment, id, revision);
    return result;
  });
  if (isCommand) {
    orders.commands.add(noted);
    const remove = () => orders.commands.delete(noted);
    noted.then(remove, remove);
  }
  return noted;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * Reads the order of a scenario's steps again, unless it is known as it is in this revision: the answer of one's own
 * command has it. No event says how the others shift, and steps that were moved together cannot be put in place one by
 * one.
 */
export function refreshOrder(environment: IEnvironment, id: string, revision: number): void {
  const orders = ordersOf(environment);
  const { readings, commands } = orders;
  const known = readings.get(id);
  if (known !== undefined) {
    known.isOld = true;
    known.revision = Math.max(known.revision, revision);
    return;
  }
  if (orders.has(id, revision)) return;
  const reading: Reading = { revision, isOld: false };
  readings.set(id, reading);
  const end = () => {
    readings.delete(id);
    if (reading.isOld) refreshOrder(environment, id, reading.revision);
  };
  const read = () => {
    reading.isOld = false;
    if (orders.has(id, reading.revision)) return end();
    fetchQuery<orderQuery>(environment, QUERY, { id }, { fetchPolicy: 'network-only' }).subscribe({
      complete: end,
      // The next change, or the next page, reads it again.
      error: end,
    });
  };
  window.setTimeout(() => {
    void Promise.race([Promise.allSettled([...commands]), pause(ANSWER_MS)]).then(read);
  }, TOGETHER_MS);
}
