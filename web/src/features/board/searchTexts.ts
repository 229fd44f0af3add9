import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { searchTextsQuery } from '../../relay/__generated__/searchTextsQuery.graphql';

const QUERY = graphql`
  query searchTextsQuery($scenarioId: ID!, $text: String!, $after: String) {
    crmSteps(first: 100, after: $after, filter: { scenarioId: { eq: $scenarioId }, text: { contains: $text } }) {
      nodes {
        id
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;

/** The most steps that a scenario has unless its operator permits more, in pages of 100. */
const MAX_PAGES = 10;

/** The ids of the steps that have a text in their names, triggers, prompts or messages. */
export async function searchTexts(
  environment: IEnvironment,
  scenarioId: string,
  text: string,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let after: string | null | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const variables = { scenarioId, text, after };
    const policy = { fetchPolicy: 'network-only' } as const;
    const answer = await fetchQuery<searchTextsQuery>(environment, QUERY, variables, policy).toPromise();
    for (const { id } of answer?.crmSteps.nodes ?? []) ids.add(id);
    if (answer?.crmSteps.pageInfo.hasNextPage !== true) break;
    after = answer.crmSteps.pageInfo.endCursor;
  }
  return ids;
}
