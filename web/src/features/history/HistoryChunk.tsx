import { useEffect, useMemo } from 'react';
import { useFragment, usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useFormat, useMessages } from '../../messages/Messages';
import type {
  HistoryChunk_changes$data,
  HistoryChunk_changes$key,
} from '../../relay/__generated__/HistoryChunk_changes.graphql';
import type { HistoryChunkQuery, HistoryFilter } from '../../relay/__generated__/HistoryChunkQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import { Button } from '../../ui/Button';
import { HistoryEntry } from './HistoryEntry';
import type { Names } from './names';
import { referencedIds } from './references';
import type { Source } from './source';

export const CHUNK = graphql`
  query HistoryChunkQuery($id: ID!, $isThere: Boolean!, $first: Int!, $after: String, $filter: HistoryFilter!) {
    node(id: $id) @include(if: $isThere) {
      __typename
      ... on CrmScenario {
        history(first: $first, after: $after, filter: $filter, orderBy: { direction: DESC }) {
          ...HistoryChunk_changes
        }
      }
      ... on CrmStep {
        history(first: $first, after: $after, filter: $filter, orderBy: { direction: DESC }) {
          ...HistoryChunk_changes
        }
      }
    }
    viewer @skip(if: $isThere) {
      organization {
        history(first: $first, after: $after, filter: $filter, orderBy: { direction: DESC }) {
          ...HistoryChunk_changes
        }
      }
    }
  }
`;

const CHANGES = graphql`
  fragment HistoryChunk_changes on ChangeConnection {
    nodes {
      id
      subjectId
      scenarioId
      action
      version
      tokenId
      tokenName
      happenedAt
      membership {
        name
      }
      fields {
        name
        before
        after
      }
      ...HistoryEntry_change
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`;

export type ChangeNode = HistoryChunk_changes$data['nodes'][number];

/** What a page of a history has of what is looked for, and whether older changes follow. */
export interface LoadedPage {
  changes: readonly ChangeNode[];
  hasMore: boolean;
}

export interface HistoryChunkProps {
  source: Source;
  filter: HistoryFilter;
  after: string | null;
  names: Names;
  /** The day of the change before the first one; it has its heading already. */
  dayBefore: string | null;
  /** Whether nothing is loaded after it yet. */
  isLast: boolean;
  /** Whether the next page is loaded by itself if this one has nothing that is looked for. */
  isSearchingOn: boolean;
  isOneStep: boolean;
  /** Told of what was loaded, each time that it changes. */
  onLoaded: (after: string | null, page: LoadedPage) => void;
  onMore: (endCursor: string) => void;
  onPutBack: () => void;
}

/** A page of a history, and the button that loads the next one. */
export function HistoryChunk(props: HistoryChunkProps) {
  const { source, filter, after, names, isLast, isSearchingOn, onLoaded, onMore } = props;
  const t = useMessages();
  const variables = variablesOf(source, filter, after);
  const data = usePreloadedQuery<HistoryChunkQuery>(CHUNK, usePageQuery<HistoryChunkQuery>(CHUNK, variables));
  const page = useFragment(CHANGES, historyIn(data));
  const nodes = page?.nodes;
  const changes = useMemo(() => (nodes ?? []).filter((change) => source.accepts(change)), [nodes, source]);
  const endCursor = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
  const hasMore = endCursor != null;
  const { learn } = names;
  useEffect(() => {
    learn(
      changes.flatMap((change) => referencedIds(change.fields)),
      new Map(changes.flatMap(namesIn)),
    );
    onLoaded(after, { changes, hasMore });
  }, [after, changes, hasMore, learn, onLoaded]);
  useEffect(() => {
    if (isLast && isSearchingOn && changes.length === 0 && endCursor != null) onMore(endCursor);
  }, [changes, endCursor, isLast, isSearchingOn, onMore]);
  return (
    <>
      <Days changes={changes} {...props} />
      {isLast && endCursor != null && (
        <div className="history-more">
          <Button onPress={() => onMore(endCursor)}>{source.isSearch ? t.history.searchOn : t.history.loadMore}</Button>
        </div>
      )}
      {isLast && endCursor == null && changes.length > 0 && <p className="history-end">{t.history.end}</p>}
    </>
  );
}

function historyIn({ node, viewer }: HistoryChunkQuery['response']): HistoryChunk_changes$key | null {
  if (node?.__typename === 'CrmScenario' || node?.__typename === 'CrmStep') return node.history;
  return viewer?.organization.history ?? null;
}

/** What the query of a page of this history is sent with. */
export function variablesOf(
  source: Source,
  filter: HistoryFilter,
  after: string | null,
): HistoryChunkQuery['variables'] {
  return { id: source.id, isThere: source.isThere, first: source.isSearch ? 100 : 25, after, filter };
}

function Days({
  changes,
  names,
  dayBefore,
  isOneStep,
  onPutBack,
}: HistoryChunkProps & { changes: readonly ChangeNode[] }) {
  const format = useFormat();
  const days = changes.map((change) => format.date(change.happenedAt));
  return changes.map((change, index) => {
    const day = days[index];
    return (
      <div key={change.id} className="history-item">
        {day !== (index === 0 ? dayBefore : days[index - 1]) && <h2 className="history-day">{day}</h2>}
        <HistoryEntry change={change} nameOf={names.nameOf} isOneStep={isOneStep} onPutBack={onPutBack} />
      </div>
    );
  });
}

/** The name that a change gives to what it is about: of what was deleted nothing else has it. */
function namesIn({ subjectId, fields }: ChangeNode): [string, string][] {
  const field = fields.find(({ name }) => name === 'name');
  const name = field?.after ?? field?.before;
  return typeof name === 'string' ? [[subjectId, name]] : [];
}
