import { lazy, Suspense, type ReactNode } from 'react';
import { usePaginationFragment, usePreloadedQuery, useRelayEnvironment, type PreloadedQuery } from 'react-relay/hooks';
import { graphql, type GraphQLTaggedNode } from 'relay-runtime';
import { useFormat, useMessages } from '../../messages/Messages';
import type { AgentList_query$key } from '../../relay/__generated__/AgentList_query.graphql';
import type { AgentListPageQuery } from '../../relay/__generated__/AgentListPageQuery.graphql';
import type { AgentListSubscription } from '../../relay/__generated__/AgentListSubscription.graphql';
import type { AgentsPageQuery } from '../../relay/__generated__/AgentsPageQuery.graphql';
import { useChanges } from '../../relay/live';
import { refreshPage } from '../../relay/pageQueries';
import { DirectoryList, useRowDialog } from '../directory';
import { AgentRow, type Agent } from './AgentRow';

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

interface Props {
  document: GraphQLTaggedNode;
  query: PreloadedQuery<AgentsPageQuery>;
  /** The text that is looked for. */
  find: string;
  onFindAll: () => void;
  /** The button that makes a new one. */
  create: ReactNode;
}

/** The agents that were found, by their names. What others do to them is shown as it happens. */
export function AgentList({ document, query, find, onFindAll, create }: Props) {
  const t = useMessages();
  const format = useFormat();
  const environment = useRelayEnvironment();
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment<AgentListPageQuery, AgentList_query$key>(
    LIST,
    usePreloadedQuery<AgentsPageQuery>(document, query),
  );
  const { __id: connection, totalCount, edges } = data.agents;
  useChanges<AgentListSubscription>(CHANGES, { connections: [connection] }, data.changesCursor, () => {
    // Where it belongs in the list, and how many there are, only the service knows.
    void refreshPage(environment);
  });
  const { open, edit, remove, close, closeRemoved } = useRowDialog<Agent>();
  return (
    <>
      <DirectoryList
        label={t.agents.title}
        icon="agent"
        countText={t.agents.count(totalCount, format.number(totalCount))}
        rows={edges.map(({ node }) => (
          <AgentRow key={node.id} agent={node} onEdit={edit} onRemove={remove} />
        ))}
        find={find}
        onFindAll={onFindAll}
        create={create}
        words={t.agents}
        hasNext={hasNext}
        isLoadingNext={isLoadingNext}
        onNext={() => loadNext(50)}
      />
      {open !== null && (
        <Suspense>
          {open.is === 'edit' ? (
            <AgentDialog agent={open.of} onClose={close} />
          ) : (
            <RemoveAgent agent={open.of} connection={connection} onClose={close} onRemoved={closeRemoved} />
          )}
        </Suspense>
      )}
    </>
  );
}
