import { lazy } from 'react';
import { graphql } from 'relay-runtime';
import type { AgentsPageQuery } from '../../relay/__generated__/AgentsPageQuery.graphql';
import { DirectoryPage } from '../directory';
import { AgentList } from './AgentList';
import { variablesOf } from './variables';

const AgentDialog = lazy(() => import('./AgentDialog'));

const QUERY = graphql`
  query AgentsPageQuery($filter: AgentFilter) @preloadable {
    ...AgentList_query @arguments(filter: $filter)
  }
`;

/** All agents of the organization. */
export default function AgentsPage() {
  return (
    <DirectoryPage<AgentsPageQuery>
      of="agents"
      document={QUERY}
      variablesOf={variablesOf}
      List={AgentList}
      Dialog={AgentDialog}
    />
  );
}
