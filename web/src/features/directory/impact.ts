import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { impactQuery } from '../../relay/__generated__/impactQuery.graphql';

const IMPACT = graphql`
  query impactQuery($id: ID!) {
    deletionImpact(id: $id) {
      isAllowed
      usedByCount
      usedBy {
        id
        name
        scenario {
          id
          name
        }
      }
    }
  }
`;

/** Where an agent or a person is used, and whether it can be deleted. */
export type Impact = NonNullable<impactQuery['response']['deletionImpact']>;

/** Asks where something is used now; null if it is gone, or if that cannot be read. Never rejects. */
export async function readImpact(environment: IEnvironment, id: string): Promise<Impact | null> {
  try {
    const data = await fetchQuery<impactQuery>(
      environment,
      IMPACT,
      { id },
      { fetchPolicy: 'network-only' },
    ).toPromise();
    return data?.deletionImpact ?? null;
  } catch {
    // The session tells of failures.
    return null;
  }
}
