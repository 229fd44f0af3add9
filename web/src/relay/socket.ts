import { createClient, type Client } from 'graphql-ws';
import type { Credentials } from './environment';
import { pause } from './pause';

export type SocketState = 'live' | 'connecting' | 'offline';

export interface Socket {
  client: Client;
  readonly state: () => SocketState;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The service sends a ping each 20 seconds; after two that are missing the connection counts as lost. */
const SILENCE_MS = 45_000;

/** How long a socket without subscriptions stays open, for the next page. */
const IDLE_MS = 3_000;

const LONGEST_WAIT_MS = 15_000;

/** The one WebSocket of the tab, which is opened for the first subscription, and opened again whenever it is lost. */
export function createSocket(session: Credentials): Socket {
  let state: SocketState = 'connecting';
  let wasConnected = false;
  let token = '';
  let isRejected = false;
  let silence: number | undefined;
  const listeners = new Set<() => void>();

  function become(next: SocketState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function expectPing(): void {
    window.clearTimeout(silence);
    silence = window.setTimeout(() => client.terminate(), SILENCE_MS);
  }

  const client = createClient({
    url: () => new URL('/graphql', window.location.href).href.replace(/^http/, 'ws'),
    connectionParams: () => {
      token = session.token();
      return { Authorization: `Bearer ${token}` };
    },
    lazyCloseTimeout: IDLE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    async retryWait(retries) {
      // The service has 10 seconds of patience for a token; signing in again takes longer.
      if (isRejected) await session.renew(token);
      else await pause(Math.min(500 * 2 ** retries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2));
      isRejected = false;
    },
    // Documents are sent by their hash; the client would send an empty text beside it.
    jsonMessageReplacer: (key, value: unknown) => (key === 'query' && value === '' ? undefined : value),
    on: {
      connecting: () => {
        wasConnected = false;
      },
      connected: () => {
        wasConnected = true;
        expectPing();
        become('live');
      },
      message: expectPing,
      closed: (event) => {
        window.clearTimeout(silence);
        isRejected = event instanceof CloseEvent && event.code === 4403;
        become(wasConnected ? 'connecting' : 'offline');
      },
    },
  });

  // Browsers notice a lost network long before a silent socket. One that is being opened fails by itself.
  window.addEventListener('offline', () => {
    if (state === 'live') client.terminate();
  });

  return {
    client,
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
