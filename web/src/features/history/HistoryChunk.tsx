import { useEffect } from 'react';
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

export const CHUNK = graphql`
  query HistoryChunkQuery($first: Int!, $after: String, $filter: HistoryFilter!) {
    viewer {
      organization {
        history(first: $first, after: $after, filter: $filter, orderBy: { direction: DESC }) {
          ...HistoryChunk_changes
        }
      }
    }
  }
`;

/** How many changes are loaded at once. */
const PAGE_SIZE = 25;

const CHANGES = graphql`
  fragment HistoryChunk_changes on ChangeConnection {
    nodes {
      id
      subjectId
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

/** What a page of a history has, and whether older changes follow. */
export interface LoadedPage {
  changes: readonly ChangeNode[];
  hasMore: boolean;
}

export interface HistoryChunkProps {
  filter: HistoryFilter;
  after: string | null;
  names: Names;
  /** The day of the change before the first one; it has its heading already. */
  dayBefore: string | null;
  /** Whether nothing is loaded after it yet. */
  isLast: boolean;
  isOneStep: boolean;
  /** Told of what was loaded, each time that it changes. */
  onLoaded: (after: string | null, page: LoadedPage) => void;
  onMore: (endCursor: string) => void;
  onPutBack: () => void;
}

/** A page of a history, and the button that loads the next one. */
export function HistoryChunk(props: HistoryChunkProps) {
  const { filter, after, names, isLast, onLoaded, onMore } = props;
  const t = useMessages();
  const variables = variablesOf(filter, after);
  const { viewer } = usePreloadedQuery<HistoryChunkQuery>(CHUNK, usePageQuery<HistoryChunkQuery>(CHUNK, variables));
  const { nodes: changes, pageInfo } = useFragment<HistoryChunk_changes$key>(CHANGES, viewer.organization.history);
  const endCursor = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  const hasMore = endCursor != null;
  const { learn } = names;
  useEffect(() => {
    learn(
      changes.flatMap((change) => referencedIds(change.fields)),
      new Map(changes.flatMap(namesIn)),
    );
    onLoaded(after, { changes, hasMore });
  }, [after, changes, hasMore, learn, onLoaded]);
  return (
    <>
      <Days changes={changes} {...props} />
      {isLast && endCursor != null && (
        <div className="history-more">
          <Button onPress={() => onMore(endCursor)}>{t.history.loadMore}</Button>
        </div>
      )}
      {isLast && endCursor == null && changes.length > 0 && <p className="history-end">{t.history.end}</p>}
    </>
  );
}

/** What the query of a page of this history is sent with. */
export function variablesOf(filter: HistoryFilter, after: string | null): HistoryChunkQuery['variables'] {
  return { first: PAGE_SIZE, after, filter };
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
