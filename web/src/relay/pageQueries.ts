import { loadQuery, type PreloadedQuery } from 'react-relay/hooks';
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
import { RequestFailed, retryShown } from './errors';

/** As long as a query that was started, but not used, is kept. */
const UNUSED_MS = 60_000;

/** Queries are not sent with `store-and-network`, with which a failure would take the place of data that is there. */
const POLICY = { fetchPolicy: 'store-or-network' } as const;

/**
 * The queries that have been started, outside of React: a component that suspends before it was shown the first time
 * loses its state, and would start its query again and again.
 */
const queries = new WeakMap<IEnvironment, Map<string, PageQuery>>();
const listeners = new Set<() => void>();
let retries = 0;

/** A query that has been started. */
class PageQuery {
  readonly query: PreloadedQuery<OperationType>;
  /** Known once the code of the page is loaded. */
  document: GraphQLTaggedNode | null = null;
  failure: RequestFailed | null = null;
  readonly #siblings: Map<string, PageQuery>;
  readonly #key: string;
  #users = 0;
  #timer: number;
  #refresh: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(siblings: Map<string, PageQuery>, key: string, query: PreloadedQuery<OperationType>) {
    this.#siblings = siblings;
    this.#key = key;
    this.query = query;
    this.#timer = window.setTimeout(this.dispose, UNUSED_MS);
    siblings.set(key, this);
    query.source?.subscribe({
      error: (error: unknown) => {
        if (!(error instanceof RequestFailed)) return;
        this.failure = error;
        error.forget = this.forget;
      },
    });
  }

  /** Keeps it until the function that it returns is called. */
  readonly use = (): (() => void) => {
    window.clearTimeout(this.#timer);
    this.#users += 1;
    return () => {
      this.#users -= 1;
      // Not at once: in the next moment the same page may use it again.
      if (this.#users === 0) this.#timer = window.setTimeout(this.dispose);
    };
  };

  /**
   * Sends it again, without disturbing what is shown. Never rejects: the session takes notice of failures. While one is
   * on its way, whose response may not have what has changed since, the next is sent after it.
   */
  refresh(): Promise<void> {
    if (this.#refresh === null) {
      this.#refresh = this.#send().finally(() => (this.#refresh = null));
      return this.#refresh;
    }
    this.#next ??= this.#refresh.then(() => {
      this.#next = null;
      return this.refresh();
    });
    return this.#next;
  }

  #send(): Promise<void> {
    const { document, query } = this;
    if (document === null) return Promise.resolve();
    return new Promise((resolve) => {
      fetchQuery(query.environment, document, query.variables, { fetchPolicy: 'network-only' }).subscribe({
        error: () => resolve(),
        complete: () => resolve(),
      });
    });
  }

  /** Of a failed one: it is started again when it is rendered. */
  readonly forget = (): void => {
    this.dispose();
    retries += 1;
    for (const listener of listeners) listener();
  };

  readonly dispose = (): void => {
    window.clearTimeout(this.#timer);
    if (this.#siblings.get(this.#key) === this) this.#siblings.delete(this.#key);
    this.query.dispose();
  };
}

/** The query with these variables, which is started unless it has been. Data that is in the store is read again. */
export function startQuery(
  environment: IEnvironment,
  document: GraphQLTaggedNode,
  variables: OperationType['variables'],
): Pick<PageQuery, 'query' | 'use'> {
  const key = getRequestIdentifier(getRequest(document).params, variables);
  const started = startedIn(environment);
  const entry =
    started.get(key) ??
    new PageQuery(started, key, loadQuery<OperationType>(environment, document, variables, POLICY));
  const isFirstUse = entry.document === null;
  entry.document = document;
  // Without a source its data is in the store.
  if (isFirstUse && !entry.query.source) void entry.refresh();
  return entry;
}

/**
 * Starts the query of a page before the code of the page is loaded. The request has the artifact
 * `…Query$parameters`, which a query with `@preloadable` has.
 */
export function preload<T extends OperationType>(
  environment: IEnvironment,
  request: PreloadableConcreteRequest<T>,
  variables: VariablesOf<T>,
): void {
  const key = getRequestIdentifier(request.params, variables);
  const started = startedIn(environment);
  if (!started.has(key)) new PageQuery(started, key, loadQuery<OperationType>(environment, request, variables, POLICY));
}

/** Sends all queries of what is shown again. Never rejects. */
export async function refreshPage(environment: IEnvironment): Promise<void> {
  await Promise.all([...startedIn(environment).values()].map((entry) => entry.refresh()));
}

/** Starts the queries that failed again, and whatever else shows a failure, once the reason is gone. */
export function retryFailed(environment: IEnvironment): void {
  for (const { failure } of [...startedIn(environment).values()]) void failure?.retry();
  retryShown();
}

/** Calls the listener whenever a query that failed is to be started again. */
export function subscribeToRetries(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How many times a query that failed was to be started again. */
export function countOfRetries(): number {
  return retries;
}

function startedIn(environment: IEnvironment): Map<string, PageQuery> {
  let started = queries.get(environment);
  if (started === undefined) queries.set(environment, (started = new Map()));
  return started;
}
