import { lazy } from 'react';
import { usePaginationFragment, usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import type { AgentList_query$key } from '../../relay/__generated__/AgentList_query.graphql';
import type { AgentListPageQuery } from '../../relay/__generated__/AgentListPageQuery.graphql';
import type { AgentsPageQuery } from '../../relay/__generated__/AgentsPageQuery.graphql';
import { DirectoryList, type FoundProps } from '../directory';
import { AgentRow } from './AgentRow';

const AgentDialog = lazy(() => import('./AgentDialog'));
const RemoveAgent = lazy(() => import('./RemoveAgent'));

const LIST = graphql`
  fragment AgentList_query on Query
  @refetchable(queryName: "AgentListPageQuery")
  @argumentDefinitions(
    filter: { type: "AgentFilter" }
    count: { type: "Int", defaultValue: 50 }
    cursor: { type: "String" }
  ) {
    changesCursor
    agents(first: $count, after: $cursor, filter: $filter, orderBy: [{ field: NAME }])
      @connection(key: "AgentList_agents", filters: ["filter"]) {
      __id
      totalCount
      edges {
        node {
          id
          ...AgentRow_agent
        }
      }
    }
  }
`;

const CHANGES = graphql`
  subscription AgentListSubscription($after: String, $connections: [ID!]!) {
    changes(after: $after, subjectTypes: [AGENT]) {
      cursor
      node {
        ...live_change
        deletedId @deleteEdge(connections: $connections)
        subject {
          ... on Agent {
            ...AgentRow_agent @alias
          }
        }
      }
    }
  }
`;

/** The agents that were found, by their names. */
export function AgentList({ document, query, ...found }: FoundProps<AgentsPageQuery>) {
  const { data, ...pages } = usePaginationFragment<AgentListPageQuery, AgentList_query$key>(
    LIST,
    usePreloadedQuery<AgentsPageQuery>(document, query),
  );
  return (
    <DirectoryList
      {...found}
      of="agents"
      icon="agent"
      connection={data.agents}
      pages={pages}
      changes={CHANGES}
      after={data.changesCursor}
      Row={AgentRow}
      Dialog={AgentDialog}
      Remove={RemoveAgent}
    />
  );
}
