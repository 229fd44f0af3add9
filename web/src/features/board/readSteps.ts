import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { readStepsQuery } from '../../relay/__generated__/readStepsQuery.graphql';

const QUERY = graphql`
  query readStepsQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ...stepSummary_step @alias(as: "step")
    }
  }
`;

/** Reads what cards show of up to 100 steps into the store. Returns what stops it. */
export function readSteps(environment: IEnvironment, ids: string[]): () => void {
  const policy = { fetchPolicy: 'network-only' } as const;
  const request = fetchQuery<readStepsQuery>(environment, QUERY, { ids }, policy);
  // The next change of the order tries it again.
  return request.subscribe({ error: () => undefined }).unsubscribe;
}
