import { usePaginationFragment, usePreloadedQuery, useRelayEnvironment, type PreloadedQuery } from 'react-relay/hooks';
import { fetchQuery, graphql, type GraphQLTaggedNode } from 'relay-runtime';
import { useEffect, type ReactNode } from 'react';
import { paths } from '../../app/routes';
import { useFormat, useMessages } from '../../messages/Messages';
import type { PipelineList_query$key } from '../../relay/__generated__/PipelineList_query.graphql';
import PAGE_QUERY, { type PipelineListPageQuery } from '../../relay/__generated__/PipelineListPageQuery.graphql';
import type { PipelineListSubscription } from '../../relay/__generated__/PipelineListSubscription.graphql';
import type { PipelinesPageQuery } from '../../relay/__generated__/PipelinesPageQuery.graphql';
import { useChanges } from '../../relay/live';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { LinkButton } from '../../ui/LinkButton';
import { PipelineRow } from './PipelineRow';
import { variablesOf } from './variables';
import './PipelineList.css';

const LIST = graphql`
  fragment PipelineList_query on Query
  @refetchable(queryName: "PipelineListPageQuery")
  @argumentDefinitions(
    filter: { type: "CrmScenarioFilter" }
    count: { type: "Int", defaultValue: 30 }
    cursor: { type: "String" }
  ) {
    changesCursor
    crmScenarios(first: $count, after: $cursor, filter: $filter, orderBy: [{ field: UPDATED_AT, direction: DESC }])
      @connection(key: "PipelineList_crmScenarios", filters: ["filter"]) {
      __id
      totalCount
      edges {
        node {
          id
          ...PipelineRow_scenario
        }
      }
    }
  }
`;

const CHANGES = graphql`
  subscription PipelineListSubscription($after: String, $connections: [ID!]!) {
    changes(after: $after, subjectTypes: [CRM_SCENARIO, CRM_STEP]) {
      cursor
      node {
        ...live_change
        deletedId @deleteEdge(connections: $connections)
        crmScenario {
          ...PipelineRow_scenario
        }
      }
    }
  }
`;

/** As many as the fragment reads at first. */
const PAGE = 30;

/** As many as the service gives at once. */
const PAGE_MAX = 100;

const POLICY = { fetchPolicy: 'network-only' } as const;

interface Props {
  document: GraphQLTaggedNode;
  query: PreloadedQuery<PipelinesPageQuery>;
  /** The text that is looked for. */
  find: string;
  onFindAll: () => void;
  /** The button that makes a new one. */
  create: ReactNode;
}

/** The pipelines that were found, the last changed one first. What others do to them is shown as it happens. */
export function PipelineList({ document, query, find, onFindAll, create }: Props) {
  const t = useMessages();
  const format = useFormat();
  const environment = useRelayEnvironment();
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment<
    PipelineListPageQuery,
    PipelineList_query$key
  >(LIST, usePreloadedQuery<PipelinesPageQuery>(document, query));
  const { __id: connection, totalCount, edges } = data.crmScenarios;
  useChanges<PipelineListSubscription>(
    CHANGES,
    { connections: [connection] },
    data.changesCursor,
    ({ subjectType, action }) => {
      // Where one that is new belongs in the list, and how many there are, only the service knows.
      if (subjectType !== 'CRM_SCENARIO' || action === 'UPDATED' || action === 'MOVED') return;
      const count = Math.min(Math.max(edges.length + 1, PAGE), PAGE_MAX);
      const variables = { ...variablesOf(find), count };
      // If it fails, the banner of the frame says why.
      fetchQuery<PipelineListPageQuery>(environment, PAGE_QUERY, variables, POLICY).subscribe({ error() {} });
    },
  );
  const isFinding = find.trim() !== '';
  const result = t.pipelines.found(totalCount, format.number(totalCount));
  useEffect(() => {
    if (isFinding) announce(result);
  }, [isFinding, result]);

  if (edges.length === 0) {
    return isFinding ? (
      <EmptyState
        icon="search"
        title={t.pipelines.nothingTitle}
        action={<Button onPress={onFindAll}>{t.pipelines.clearFind}</Button>}
      >
        {t.pipelines.nothingText(find.trim())}
      </EmptyState>
    ) : (
      <EmptyState
        icon="flow"
        title={t.pipelines.emptyTitle}
        action={
          <>
            {create}
            <LinkButton href={paths.plan({ sample: '1' })} variant="quiet">
              {t.pipelines.importSample}
            </LinkButton>
          </>
        }
      >
        {t.pipelines.emptyText}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="pipeline-list" aria-label={t.pipelines.list}>
        {edges.map(({ node }) => (
          <PipelineRow key={node.id} scenario={node} connection={connection} />
        ))}
      </ul>
      <footer className="pipeline-list-foot">
        <p>{isFinding ? result : t.pipelines.count(totalCount, format.number(totalCount))}</p>
        {hasNext && (
          <Button isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
            {t.pipelines.more}
          </Button>
        )}
      </footer>
    </>
  );
}
