import type { FormattedExecutionResult } from 'graphql-ws';
import { Observable, type GraphQLResponse, type RequestParameters, type Variables } from 'relay-runtime';
import { failureOf, type ResponseError } from './errors';
import { pause } from './pause';
import type { Socket } from './socket';

/** How long a stream waits that the service refuses to carry on for now. */
const REFUSED_MS = 5_000;

/**
 * The events of `changes`, from the variable `after` on. A stream that breaks off is taken up behind the last event
 * that came. If the service has not kept what came since, or could not read an event, `readAnew` reads everything
 * again, and answers the cursor to go on from; then nothing is missed either.
 */
export function changesAfter(
  socket: () => Promise<Socket>,
  document: RequestParameters,
  variables: Variables,
  readAnew: () => Promise<string>,
): Observable<GraphQLResponse> {
  return Observable.create((sink) => {
    let isStopped = false;
    let stop = () => {};
    // The client sends this again whenever it connects again, with the `after` that it has then.
    const position: Variables = { ...variables };
    const payload = {
      query: '',
      operationName: document.name,
      variables: position,
      extensions: { persistedQuery: { version: 1, sha256Hash: document.id } },
    };

    async function start() {
      const { client } = await socket();
      if (isStopped) return;
      let isEnded = false;
      stop = client.subscribe<Record<string, unknown>>(payload, {
        next(result) {
          const cursor = cursorOf(result);
          if (cursor !== undefined) position.after = cursor;
          if (result.data) sink.next({ data: result.data });
          else if (isExpired(result.errors?.[0])) {
            isEnded = true;
            stop();
            recover();
          } else void readAnew().catch(() => undefined);
        },
        error(error) {
          isEnded = true;
          resume(error);
        },
        complete() {
          // Also after `stop`.
          if (!isStopped && !isEnded) resume(undefined);
        },
      });
    }

    function resume(error: unknown): void {
      if (isStopped) return;
      const first: unknown = Array.isArray(error) ? error[0] : undefined;
      if (isExpired(first)) return recover();
      const failure = isResponseError(first) ? failureOf(first) : undefined;
      // Later would not be better.
      if (failure?.kind === 'otherVersion' || failure?.kind === 'forbidden') return sink.error(failure);
      void pause(REFUSED_MS).then(restart);
    }

    function recover(): void {
      readAnew().then(
        (cursor) => {
          position.after = cursor;
          restart();
        },
        () => void pause(REFUSED_MS).then(recover),
      );
    }

    function restart(): void {
      // Only loading the code of the socket can fail.
      if (!isStopped) start().catch(() => void pause(REFUSED_MS).then(restart));
    }

    restart();
    return () => {
      isStopped = true;
      stop();
    };
  });
}

/** Of an event that could not be read only the extensions have the cursor. */
function cursorOf(result: FormattedExecutionResult<Record<string, unknown>, unknown>): string | undefined {
  const { changes } = result.data ?? {};
  const { extensions } = result;
  for (const place of [changes, extensions]) {
    if (typeof place === 'object' && place !== null && 'cursor' in place && typeof place.cursor === 'string') {
      return place.cursor;
    }
  }
  return undefined;
}

function isExpired(error: unknown): boolean {
  return isResponseError(error) && error.extensions?.code === 'CURSOR_EXPIRED';
}

function isResponseError(error: unknown): error is ResponseError {
  return typeof error === 'object' && error !== null && 'message' in error && 'extensions' in error;
}
