import { useEffect } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql } from 'relay-runtime';
import type { useMissingStepsQuery } from '../../relay/__generated__/useMissingStepsQuery.graphql';

const QUERY = graphql`
  query useMissingStepsQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ...stepSummary_step @alias(as: "step")
    }
  }
`;

/** As many objects as the service looks up by id at once. */
const MAX_IDS = 100;

/**
 * Reads the steps that the store knows by their id alone: the answer of one's own move lists a step that someone else
 * has just created.
 */
export function useMissingSteps(ids: readonly string[]): void {
  const environment = useRelayEnvironment();
  const key = ids.slice(0, MAX_IDS).join(' ');
  useEffect(() => {
    if (key === '') return undefined;
    const { unsubscribe } = fetchQuery<useMissingStepsQuery>(
      environment,
      QUERY,
      { ids: key.split(' ') },
      { fetchPolicy: 'network-only' },
    ).subscribe({ error: () => undefined });
    return unsubscribe;
  }, [environment, key]);
}
