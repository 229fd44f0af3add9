import { useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { useSession } from '../../app/session';
import type { HistoryChunkQuery, HistoryFilter } from '../../relay/__generated__/HistoryChunkQuery.graphql';
import { useLive, type LiveChange } from '../../relay/live';
import { CHUNK, variablesOf, type ChangeNode } from './HistoryChunk';
import { readNow } from './reading';

/** As long as a change of one's own is waited for, which this page reads itself once its command has an answer. */
const OWN_AFTER_MS = 1500;

export interface FreshOptions {
  /** The pipeline whose changes are followed. */
  scenarioId: string;
  /** From where on changes are new. */
  liveAfter: string;
  filter: HistoryFilter;
  shown: readonly ChangeNode[];
  /** Called when the newest changes have been read. */
  onRefreshed: () => void;
}

/** How many changes of this history have happened that are not shown, and what shows them. */
export function useFresh(options: FreshOptions): {
  fresh: number;
  refresh: () => Promise<void>;
  isRefreshing: boolean;
} {
  const { scenarioId, liveAfter, filter, shown, onRefreshed } = options;
  const environment = useRelayEnvironment();
  const [news, setNews] = useState<readonly LiveChange[]>([]);
  const [isRefreshing, setRefreshing] = useState(false);
  const { viewer } = useSession();
  useLive(scenarioId, liveAfter, (change) => {
    const add = () => setNews((before) => [...before, change]);
    // What one does here is read anyway: a button for it would only flash up.
    if (change.tokenId === viewer.tokenId) setTimeout(add, OWN_AFTER_MS);
    else add();
  });

  const fresh = news.filter((change) => matches(change, filter) && !isShown(change, shown));
  const refresh = async (): Promise<void> => {
    setRefreshing(true);
    const reading = await readNow<HistoryChunkQuery>(environment, CHUNK, variablesOf(filter, null));
    setRefreshing(false);
    // After a failure, of which the page tells, they still wait.
    if (reading.is === 'read') onRefreshed();
  };
  return { fresh: fresh.length, refresh, isRefreshing };
}

/** Whether the history has this change, which is one of its pipeline. */
function matches({ action, subjectId, tokenId }: LiveChange, filter: HistoryFilter): boolean {
  return (
    (filter.actions?.includes(action) ?? true) &&
    (filter.subjectId ?? subjectId) === subjectId &&
    (filter.tokenId ?? tokenId) === tokenId
  );
}

/** A change comes over the connection also if a reading had it already, as that of one's own does. */
function isShown({ id }: LiveChange, shown: readonly ChangeNode[]): boolean {
  return shown.some((change) => change.id === id);
}
