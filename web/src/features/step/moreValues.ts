import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { moreValuesQuery } from '../../relay/__generated__/moreValuesQuery.graphql';

const QUERY = graphql`
  query moreValuesQuery($id: ID!) {
    crmStep(id: $id) {
      id
      lastChange: history(first: 1, orderBy: { direction: DESC }, filter: { actions: [CREATED, UPDATED, RESTORED] }) {
        nodes {
          id
          version
          after
        }
      }
    }
  }
`;

/**
 * The values of fields that no document of this page selects, as a version of a step has them: from the history, which
 * has all fields by their names. Those whose values are not known are left out; all of them if the request fails.
 */
export async function readMore(
  environment: IEnvironment,
  { id, version }: { readonly id: string; readonly version: number },
  fields: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const policy = { fetchPolicy: 'network-only' } as const;
  const data = await fetchQuery<moreValuesQuery>(environment, QUERY, { id }, policy)
    .toPromise()
    .catch(() => undefined);
  const change = data?.crmStep?.lastChange.nodes[0];
  const after: unknown = change?.version === version ? change.after : null;
  if (typeof after !== 'object' || after === null) return {};
  return Object.fromEntries(Object.entries(after).filter(([field]) => fields.includes(field)));
}
