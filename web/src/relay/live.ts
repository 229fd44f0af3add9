import { useCallback, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import {
  fetchQuery,
  graphql,
  readInlineData,
  requestSubscription,
  type GraphQLTaggedNode,
  type IEnvironment,
  type OperationType,
  type VariablesOf,
} from 'relay-runtime';
import type { live_change$data, live_change$key } from './__generated__/live_change.graphql';
import type { liveCursorQuery } from './__generated__/liveCursorQuery.graphql';
import type { liveChangesSubscription } from './__generated__/liveChangesSubscription.graphql';
import type { Credentials } from './environment';
import { refreshOrder } from './order';
import { refreshPage } from './pageQueries';
import { pause } from './pause';
import type { Socket, SocketState } from './socket';

export type LiveState = SocketState;

/** A stored change of any client, this tab included. */
export type LiveChange = Omit<live_change$data, ' $fragmentType'>;

const CHANGE = graphql`
  fragment live_change on Change @inline {
    id
    action
    subjectType
    subjectId
    scenarioId
    version
    tokenId
    tokenName
    crmScenario {
      revision
    }
  }
`;

/** A subscription to `changes` with a variable `$after`, which spreads `live_change`. */
interface ChangesOperation extends OperationType {
  readonly response: { readonly changes: { readonly node: live_change$key } };
}

/** The live changes of a session. */
export class Live {
  readonly #session: Credentials;
  #socket: Promise<Socket> | undefined;
  #state: LiveState = 'connecting';
  #listeners = new Set<() => void>();

  constructor(session: Credentials) {
    this.#session = session;
  }

  get state(): LiveState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The socket, whose code is loaded for the first subscription. */
  socket(): Promise<Socket> {
    this.#socket ??= this.#open().catch((error: unknown) => {
      this.#socket = undefined;
      throw error;
    });
    return this.#socket;
  }

  async #open(): Promise<Socket> {
    const { createSocket } = await import('./socket');
    const socket = createSocket(this.#session);
    socket.subscribe(() => {
      this.#state = socket.state();
      for (const listener of this.#listeners) listener();
    });
    return socket;
  }
}

/** By the environment whose store the changes are written to. */
export const lives = new WeakMap<IEnvironment, Live>();

/**
 * Follows the changes of a scenario, or with null of the organization, from `after` on, which is `changesCursor` of the
 * page's query. What is changed is written to the store: the subject as it is now, what the scenario says of itself,
 * and the order of its steps.
 */
export function useLive(scenarioId: string | null, after: string, onChange?: (change: LiveChange) => void): LiveState {
  const environment = useRelayEnvironment();
  return useSubscription<liveChangesSubscription>(loadChanges, { scenarioId }, after, (change) => {
    if (scenarioId !== null && change.action !== 'UPDATED') {
      const revision = change.crmScenario?.revision;
      if (change.subjectType === 'CRM_STEP' && revision !== undefined) refreshOrder(environment, scenarioId, revision);
      // The page says that it is gone, or is there again.
      if (change.subjectType === 'CRM_SCENARIO') void refreshPage(environment);
    }
    onChange?.(change);
  });
}

/** A large document, which no page waits for. */
const loadChanges = async () => (await import('./liveChanges')).default;

/** As `useLive`, for a screen that writes something else to the store. */
export function useChanges<T extends ChangesOperation>(
  document: GraphQLTaggedNode,
  variables: Omit<VariablesOf<T>, 'after'>,
  after: string,
  onChange: (change: LiveChange) => void,
): LiveState {
  const load = useCallback(() => Promise.resolve(document), [document]);
  return useSubscription<T>(load, variables, after, onChange);
}

function useSubscription<T extends ChangesOperation>(
  load: () => Promise<GraphQLTaggedNode>,
  variables: Omit<VariablesOf<T>, 'after'>,
  after: string,
  onChange: (change: LiveChange) => void,
): LiveState {
  const environment = useRelayEnvironment();
  const live = lives.get(environment);
  if (live === undefined) throw new Error('The environment has no live changes.');
  const begin = useEffectEvent((): VariablesOf<T> => ({ ...variables, after }));
  const tell = useEffectEvent(onChange);
  const key = JSON.stringify(variables);
  useEffect(() => {
    let isStopped = false;
    let stop = () => {};
    const start = (subscription: GraphQLTaggedNode) => {
      if (isStopped) return;
      const { dispose } = requestSubscription<T>(environment, {
        subscription,
        variables: begin(),
        onNext: (response) => {
          if (response) tell(readInlineData(CHANGE, response.changes.node));
        },
        // The session takes notice of it.
        onError: () => {},
      });
      stop = dispose;
    };
    const tryToStart = (): void => {
      load().then(start, () => pause(AGAIN_MS).then(() => isStopped || tryToStart()));
    };
    tryToStart();
    return () => {
      isStopped = true;
      stop();
    };
  }, [environment, load, key]);
  return useSyncExternalStore(live.subscribe, () => live.state);
}

/** After how long the document is loaded again that could not be. */
const AGAIN_MS = 5_000;

/** Reads the page again, after which nothing before the cursor that it answers is missed. */
export async function readPageAnew(environment: IEnvironment): Promise<string> {
  const data = await fetchQuery<liveCursorQuery>(
    environment,
    graphql`
      query liveCursorQuery {
        changesCursor
      }
    `,
    {},
    { fetchPolicy: 'network-only' },
  ).toPromise();
  if (data === undefined) throw new Error('The response has no cursor.');
  await refreshPage(environment);
  return data.changesCursor;
}
