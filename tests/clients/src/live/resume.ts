// Subscriptions of graphql-ws or graphql-sse that go on after their last event when the connection breaks:
// nothing is missed, and nothing comes twice.

interface Request {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

interface Sink {
  next(result: any): void;
  error(problem: any): void;
  complete(): void;
}

export interface Subscriber {
  subscribe(request: Request, sink: Sink): () => void;
}

/**
 * The client, whose subscriptions to `changes` connect again with the cursor of their last event. Their
 * document has `$after` and selects `cursor`. The first `after` is the `changesCursor` of what is shown.
 */
export function resuming<Client extends Subscriber>(client: Client): Client {
  const subscribe: Subscriber["subscribe"] = (request, sink) => {
    // The client sends this object each time it connects, as it is then.
    const variables = { ...request.variables };
    return client.subscribe(
      { ...request, variables },
      {
        next(result) {
          // The result of an event that failed has its cursor in the extensions.
          const cursor = result.data?.changes?.cursor ?? result.extensions?.cursor;
          variables["after"] = cursor ?? variables["after"];
          sink.next(result);
        },
        error: (problem) => sink.error(problem),
        complete: () => sink.complete(),
      },
    );
  };
  return { ...client, subscribe };
}
