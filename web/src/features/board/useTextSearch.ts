import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { useTextSearchQuery } from '../../relay/__generated__/useTextSearchQuery.graphql';

const QUERY = graphql`
  query useTextSearchQuery($scenarioId: ID!, $text: String!, $after: String) {
    crmSteps(
      first: 100
      after: $after
      filter: { scenarioId: { eq: $scenarioId }, text: { contains: $text } }
    ) {
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

/** How long typing has to pause before the service is asked. */
const PAUSE_MS = 250;
/** Shorter texts are in almost every prompt. */
const MIN_LENGTH = 2;
/** The most steps that a scenario has unless its operator permits more, in pages of 100. */
const MAX_PAGES = 10;

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The steps that have a text in what the page has not loaded: prompts and messages. Empty until the service has
 * answered, and if it does not answer: then the filter finds what is loaded.
 */
export function useTextSearch(scenarioId: string, text: string): ReadonlySet<string> {
  const environment = useRelayEnvironment();
  const wanted = text.trim().length < MIN_LENGTH ? '' : text.trim();
  const [found, setFound] = useState<{ text: string; ids: ReadonlySet<string> }>({ text: '', ids: NOTHING });
  useEffect(() => {
    if (wanted === '') return undefined;
    let isWanted = true;
    const timer = window.setTimeout(() => {
      search(environment, scenarioId, wanted).then(
        (ids) => {
          if (isWanted) setFound({ text: wanted, ids });
        },
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      window.clearTimeout(timer);
    };
  }, [environment, scenarioId, wanted]);
  return found.text === wanted ? found.ids : NOTHING;
}

async function search(environment: IEnvironment, scenarioId: string, text: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let after: string | null | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const variables = { scenarioId, text, after };
    const answer = await fetchQuery<useTextSearchQuery>(environment, QUERY, variables, {
      fetchPolicy: 'network-only',
    }).toPromise();
    for (const { id } of answer?.crmSteps.nodes ?? []) ids.add(id);
    if (answer?.crmSteps.pageInfo.hasNextPage !== true) break;
    after = answer.crmSteps.pageInfo.endCursor;
  }
  return ids;
}
