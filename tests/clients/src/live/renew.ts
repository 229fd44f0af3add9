// Subscriptions whose cursor is older than the history that is kept: the application reads anew what it
// shows, and the subscription goes on from there.
import type { Subscriber } from "./resume";

/**
 * The client, whose subscriptions do not end with CURSOR_EXPIRED. `readAnew` reads everything that is shown
 * from the network, and returns the `changesCursor` of that reading.
 */
export function renewing<Client extends Subscriber>(
  client: Client,
  readAnew: () => Promise<string>,
): Client {
  const subscribe: Subscriber["subscribe"] = (request, sink) => {
    let isStopped = false;
    let stop = () => {};
    const start = (variables: typeof request.variables) => {
      let isExpired = false;
      const renewOr = (end: () => void) => () => {
        if (!isExpired) return end();
        const go = (after: string) => isStopped || start({ ...variables, after });
        readAnew().then(go, (problem) => sink.error(problem));
      };
      stop = client.subscribe(
        { ...request, variables },
        {
          // Server-sent events: the last result, and then `complete`.
          next(result) {
            isExpired = hasExpired(result.errors);
            if (!isExpired) sink.next(result);
          },
          // WebSockets: the errors themselves.
          error(problem) {
            isExpired ||= hasExpired(problem);
            renewOr(() => sink.error(problem))();
          },
          complete: renewOr(() => sink.complete()),
        },
      );
    };
    start(request.variables);
    return () => {
      isStopped = true;
      stop();
    };
  };
  return { ...client, subscribe };
}

const hasExpired = (errors: unknown) =>
  Array.isArray(errors) && errors.some(({ extensions }) => extensions?.code === "CURSOR_EXPIRED");
