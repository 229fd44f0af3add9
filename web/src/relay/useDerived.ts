import { useEffect, useRef } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, type GraphQLTaggedNode } from 'relay-runtime';

/**
 * Reads what the service computes from a pipeline and its steps again when the pipeline's revision has changed, into
 * the store. Subscriptions and the payloads of mutations write the new revision, but not what follows from it.
 * `query` takes the id of the pipeline as `$id`. A failure leaves what is shown, until the next change.
 */
export function useDerived(query: GraphQLTaggedNode, id: string, revision: number): void {
  const environment = useRelayEnvironment();
  // What the page itself has read is of the revision that came with it.
  const known = useRef({ id, revision });
  useEffect(() => {
    if (known.current.id === id && known.current.revision === revision) return undefined;
    known.current = { id, revision };
    const request = fetchQuery(environment, query, { id }, { networkCacheConfig: { force: true } });
    // The environment has reported the failure.
    const subscription = request.subscribe({ error: () => undefined });
    return () => subscription.unsubscribe();
  }, [environment, query, id, revision]);
}
