// The two transports. Both clients connect again for as long as the page is open.
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createSocketClient } from "graphql-ws";
import { resuming } from "./resume";
import { fetchWhileHeard, silence, SILENCE_MAX } from "./silence";

/** All subscriptions over one WebSocket. */
export function overWebSocket(url: string, token: string, silenceMax = SILENCE_MAX) {
  const { heard, stop } = silence(() => client.terminate(), silenceMax);
  const client = createSocketClient({
    url: url.replace(/^http/, "ws"),
    connectionParams: { Authorization: `Bearer ${token}` },
    retryAttempts: Infinity,
    retryWait: pause,
    // By default it gives up when it cannot open a connection. 4403: the token is not valid.
    shouldRetry: (problem) => (problem as { code?: number }).code !== 4403,
    on: { connecting: heard, message: heard, closed: stop },
  });
  return resuming(client);
}

/** Each subscription as server-sent events in a response of its own. */
export const overServerSentEvents = (url: string, token: string, silenceMax = SILENCE_MAX) =>
  resuming(
    createSseClient({
      url,
      headers: { Authorization: `Bearer ${token}` },
      retryAttempts: Infinity,
      retry: pause,
      fetchFn: async (address: string, init: RequestInit) =>
        asEvents(await fetchWhileHeard(address, init, silenceMax)),
    }),
  );

/** Between a half and one second at first, twice as long with each attempt, at most 30 seconds. */
const pause = (attempts: number) =>
  new Promise<void>((resolve) =>
    setTimeout(resolve, Math.min(1000 * 2 ** attempts, 30_000) * (0.5 + Math.random() / 2)),
  );

/** A rejected request as a stream that ends with its errors: graphql-sse would send it again for ever. */
async function asEvents(response: Response): Promise<Response> {
  const isRejected = response.status >= 400 && response.status < 500 && response.status !== 429;
  if (!isRejected) return response;
  const errors = JSON.stringify(await response.json());
  return new Response(`event: next\ndata: ${errors}\n\nevent: complete\ndata:\n\n`);
}
