// What the pickers of the form find on the server.

import { useMemo } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql, type GraphQLTaggedNode, type IEnvironment, type OperationType } from 'relay-runtime';
import type { searchAgentsQuery } from '../../relay/__generated__/searchAgentsQuery.graphql';
import type { searchMembershipsQuery } from '../../relay/__generated__/searchMembershipsQuery.graphql';
import type { searchStepsQuery } from '../../relay/__generated__/searchStepsQuery.graphql';
import type { ComboLoad } from '../../ui/ComboField';

const AGENTS = graphql`
  query searchAgentsQuery($name: String, $after: String) {
    agents(first: 50, after: $after, filter: { name: { contains: $name } }, orderBy: [{ field: NAME }]) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const MEMBERSHIPS = graphql`
  query searchMembershipsQuery($text: String, $after: String) {
    memberships(
      first: 50
      after: $after
      filter: { or: [{ name: { contains: $text } }, { email: { contains: $text } }] }
      orderBy: [{ field: NAME }]
    ) {
      nodes {
        id
        name
        email
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const STEPS = graphql`
  query searchStepsQuery($scenarioId: ID!, $name: String, $after: String) {
    crmSteps(
      first: 50
      after: $after
      filter: { scenarioId: { eq: $scenarioId }, name: { contains: $name } }
      orderBy: [{ field: INDEX }]
    ) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

/** Finds agents by their names. */
export function useAgents(): ComboLoad {
  const environment = useRelayEnvironment();
  return useMemo<ComboLoad>(
    () =>
      async ({ text, cursor, signal }) => {
        const variables = { name: text || null, after: cursor };
        const { agents } = await ask<searchAgentsQuery>(environment, AGENTS, variables, signal);
        return pageOf(
          agents.nodes.map(({ id, name }) => ({ id, label: name })),
          agents.pageInfo,
        );
      },
    [environment],
  );
}

/** Finds members by their names and addresses. */
export function useMemberships(): ComboLoad {
  const environment = useRelayEnvironment();
  return useMemo<ComboLoad>(
    () =>
      async ({ text, cursor, signal }) => {
        const variables = { text: text || null, after: cursor };
        const { memberships } = await ask<searchMembershipsQuery>(environment, MEMBERSHIPS, variables, signal);
        const items = memberships.nodes.map(({ id, name, email }) => ({ id, label: name, description: email }));
        return pageOf(items, memberships.pageInfo);
      },
    [environment],
  );
}

/** Finds the other steps of a pipeline by their names. */
export function useStepsOf(scenarioId: string, except: string): ComboLoad {
  const environment = useRelayEnvironment();
  return useMemo<ComboLoad>(
    () =>
      async ({ text, cursor, signal }) => {
        const variables = { scenarioId, name: text || null, after: cursor };
        const { crmSteps } = await ask<searchStepsQuery>(environment, STEPS, variables, signal);
        const others = crmSteps.nodes.filter(({ id }) => id !== except);
        return pageOf(
          others.map(({ id, name }) => ({ id, label: name })),
          crmSteps.pageInfo,
        );
      },
    [environment, scenarioId, except],
  );
}

function pageOf<Item>(items: readonly Item[], page: { hasNextPage: boolean; endCursor: string | null | undefined }) {
  return { items, cursor: page.hasNextPage ? (page.endCursor ?? undefined) : undefined };
}

/** The response of a query, unless it is not wanted any more. */
function ask<T extends OperationType>(
  environment: IEnvironment,
  query: GraphQLTaggedNode,
  variables: T['variables'],
  signal: AbortSignal,
): Promise<T['response']> {
  return new Promise((resolve, reject) => {
    const request = fetchQuery<T>(environment, query, variables).subscribe({ next: resolve, error: reject });
    signal.addEventListener('abort', () => {
      request.unsubscribe();
      reject(signal.reason);
    });
  });
}
