import { useEffect, useSyncExternalStore } from 'react';
import { loadQuery, useRelayEnvironment, type PreloadedQuery } from 'react-relay/hooks';
import {
  fetchQuery,
  getRequest,
  getRequestIdentifier,
  type GraphQLTaggedNode,
  type IEnvironment,
  type OperationType,
  type PreloadableConcreteRequest,
  type VariablesOf,
} from 'relay-runtime';
import { RequestFailed } from './errors';

/** As long as a query that was started, but not used, is kept. */
const UNUSED_MS = 60_000;

interface Entry {
  query: PreloadedQuery<OperationType>;
  users: number;
  timer: number | undefined;
}

/**
 * The queries that have been started, outside of React: a component that suspends before it was shown the first time
 * loses its state, and would start its query again and again.
 */
const entries = new WeakMap<IEnvironment, Map<string, Entry>>();
const listeners = new Set<() => void>();
let generation = 0;

/**
 * Starts the query of a page when the page is rendered the first time, unless `preload` has started it, and disposes
 * of it after the page. Data that the store has is shown at once, and read again meanwhile.
 *
 * A failure is thrown by `usePreloadedQuery`, as `RequestFailed`; its `retry()` starts the query again.
 */
export function usePageQuery<T extends OperationType>(
  document: GraphQLTaggedNode,
  variables: VariablesOf<T>,
): PreloadedQuery<T> {
  const environment = useRelayEnvironment();
  useSyncExternalStore(subscribe, () => generation);
  const { params } = getRequest(document);
  const key = getRequestIdentifier(params, variables);
  const entry = entryOf(environment, key, () => {
    const query = loadQuery<OperationType>(environment, document, variables, POLICY);
    // Data that is there stays there if reading it again fails, which would not be so with `store-and-network`.
    if (!query.source)
      fetchQuery(environment, document, variables, { fetchPolicy: 'network-only' }).subscribe({ error });
    return query;
  });
  useEffect(() => {
    const unuse = use(environment, key, entry);
    return unuse;
  }, [environment, key, entry]);
  // The key has the id of the document, so that the query is one of its type.
  return entry.query as unknown as PreloadedQuery<T>;
}

/**
 * Starts the query of a page before the code of the page is loaded. `params` is the artifact `…Query$parameters` of a
 * query with `@preloadable`.
 */
export function preload<T extends OperationType>(
  environment: IEnvironment,
  request: PreloadableConcreteRequest<T>,
  variables: VariablesOf<T>,
): void {
  const key = getRequestIdentifier(request.params, variables);
  entryOf(environment, key, () =>
    loadQuery<OperationType>(environment, request as PreloadableConcreteRequest<OperationType>, variables, POLICY),
  );
}

const POLICY = { fetchPolicy: 'store-or-network' } as const;

/** The banner of the frame says why. */
function error() {}

function entryOf(environment: IEnvironment, key: string, load: () => PreloadedQuery<OperationType>): Entry {
  let started = entries.get(environment);
  if (started === undefined) entries.set(environment, (started = new Map()));
  const known = started.get(key);
  if (known !== undefined) return known;
  const entry: Entry = { query: load(), users: 0, timer: undefined };
  started.set(key, entry);
  entry.timer = window.setTimeout(() => dispose(environment, key, entry), UNUSED_MS);
  entry.query.source?.subscribe({
    error: (failure: unknown) => {
      if (!(failure instanceof RequestFailed)) return;
      failure.retry = () => {
        dispose(environment, key, entry);
        generation += 1;
        for (const listener of listeners) listener();
      };
    },
  });
  return entry;
}

function use(environment: IEnvironment, key: string, entry: Entry): () => void {
  window.clearTimeout(entry.timer);
  entry.users += 1;
  return () => {
    entry.users -= 1;
    // Not at once: in the next moment the same page may use it again.
    if (entry.users === 0) entry.timer = window.setTimeout(() => dispose(environment, key, entry));
  };
}

function dispose(environment: IEnvironment, key: string, entry: Entry): void {
  window.clearTimeout(entry.timer);
  const started = entries.get(environment);
  if (started?.get(key) === entry) started.delete(key);
  entry.query.dispose();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
