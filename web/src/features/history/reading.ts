import {
  fetchQuery,
  type GraphQLTaggedNode,
  type IEnvironment,
  type OperationType,
  type VariablesOf,
} from 'relay-runtime';
import { toFailure } from '../../relay/errors';
import type { Reading } from './outcome';

/** Asks the service for the present state, whatever the store has. Never rejects. */
export async function readNow<T extends OperationType>(
  environment: IEnvironment,
  query: GraphQLTaggedNode,
  variables: VariablesOf<T>,
): Promise<Reading<T['response']>> {
  try {
    const data = await fetchQuery<T>(environment, query, variables, { fetchPolicy: 'network-only' }).toPromise();
    if (data === undefined) throw new Error('The query has no response.');
    return { is: 'read', data };
  } catch (error) {
    return { is: 'unread', failure: toFailure(error) };
  }
}
