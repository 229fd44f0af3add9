import type { ExecutionResult } from 'graphql';
import { createClient, NetworkError, type RequestParams } from 'graphql-sse';
import { resultOf } from './api';

/** Starts a subscription, which ends when its iterator is closed. */
export function subscribe(
  token: string,
  operation: object,
  onError: (error: unknown) => never,
): AsyncIterable<ExecutionResult> {
  // It does not connect again, because the events in between would be missing.
  const headers = { Authorization: `Bearer ${token}` };
  const client = createClient({ url: '/graphql', headers, retryAttempts: 0 });
  const results = client.iterate(operation as RequestParams);
  const explain = async (error: unknown) => {
    const response = error instanceof NetworkError && (error.response as Response | undefined);
    if (!response) throw new Error('The connection to the service broke.', { cause: error });
    return { value: await resultOf(response), done: false };
  };
  const iterator = {
    next: () => results.next().catch(explain).catch(onError),
    return: () => results.return?.(),
  };
  return { [Symbol.asyncIterator]: () => iterator as AsyncIterator<ExecutionResult> };
}
