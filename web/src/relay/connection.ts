import type { RequestFailed } from './errors';

/** What is known of the connection to the service, from the last request. */
export type Connection =
  | { is: 'working' }
  /** Requests fail, and not because of what they ask for. */
  | { is: 'troubled'; failure: RequestFailed; since: number };

/** The state of the connection; the banner of the frame shows it. */
export class ConnectionStore {
  #state: Connection = { is: 'working' };
  #listeners = new Set<() => void>();

  get state(): Connection {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes notice of the end of a request: a failure, or null. */
  report = (failure: RequestFailed | null): void => {
    // After another version was seen, only a reload helps; other documents may well succeed.
    if (this.#state.is === 'troubled' && this.#state.failure.kind === 'otherVersion') return;
    if (failure === null) {
      if (this.#state.is === 'troubled') this.#set({ is: 'working' });
    } else if (isTrouble(failure)) {
      this.#set({ is: 'troubled', failure, since: Date.now() });
    }
  };

  #set(state: Connection): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function isTrouble({ kind }: RequestFailed): boolean {
  return kind === 'offline' || kind === 'unavailable' || kind === 'rateLimited' || kind === 'otherVersion';
}
