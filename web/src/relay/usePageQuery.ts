import { useEffect, useSyncExternalStore } from 'react';
import { useRelayEnvironment, type PreloadedQuery } from 'react-relay/hooks';
import type { GraphQLTaggedNode, OperationType, VariablesOf } from 'relay-runtime';
import { countOfRetries, startQuery, subscribeToRetries } from './pageQueries';

/**
 * Starts the query of a page when the page is rendered the first time, unless `preload` has started it, and disposes
 * of it after the page. Data that the store has is shown at once, and read again meanwhile.
 *
 * `usePreloadedQuery` throws a failure, as `RequestFailed`; its `retry()` starts the query again.
 */
export function usePageQuery<T extends OperationType>(
  document: GraphQLTaggedNode,
  variables: VariablesOf<T>,
): PreloadedQuery<T> {
  const environment = useRelayEnvironment();
  useSyncExternalStore(subscribeToRetries, countOfRetries);
  const { query, use } = startQuery(environment, document, variables);
  useEffect(() => use(), [use]);
  // It is the query of the document, whose type is T.
  return query as unknown as PreloadedQuery<T>;
}
