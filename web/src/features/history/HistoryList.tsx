import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Pane } from '../../ui/Pane';
import { filterOf, isFiltered, type HistorySearch } from './filter';
import { HistoryChunk, type LoadedPage } from './HistoryChunk';
import { HistorySkeleton } from './HistorySkeleton';
import { useNames } from './names';
import { useFresh } from './useFresh';
import type { Author } from './who';
import './HistoryList.css';

export interface HistoryListProps {
  /** The pipeline whose history it is, or that of one of its steps. */
  scenarioId: string;
  /** From where on changes are new. */
  liveAfter: string;
  search: HistorySearch;
  /** Told of everybody whose changes have been loaded, so that they can be chosen. */
  onAuthors?: ((authors: readonly Author[]) => void) | undefined;
  /** Shows all changes again; none where nothing can be filtered. */
  onClearFilters?: (() => void) | undefined;
  /** Changes with what the history is about: then it is read again. */
  version?: number | string | undefined;
  /** What is shown above the changes, if there are any. */
  head?: ReactNode;
  /** What is shown if there has never been any. */
  nothing?: ReactNode;
}

/** The changes of a history, the newest first, a page at a time. What happens meanwhile waits behind a button. */
export function HistoryList(props: HistoryListProps) {
  const { scenarioId, liveAfter, search, onAuthors, version, head } = props;
  const t = useMessages();
  const format = useFormat();
  const [openedAt] = useState(Date.now);
  const filter = useMemo(() => filterOf(search, scenarioId, openedAt), [openedAt, scenarioId, search]);
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
  const [loaded, setLoaded] = useState<ReadonlyMap<string | null, LoadedPage>>(new Map());
  const names = useNames();
  const top = useRef<HTMLDivElement>(null);

  const shown = useMemo(() => cursors.flatMap((cursor) => loaded.get(cursor)?.changes ?? []), [cursors, loaded]);
  const onLoaded = useCallback((after: string | null, page: LoadedPage) => {
    setLoaded((before) => new Map([...before, [after, page]]));
  }, []);
  const onMore = useCallback((cursor: string) => setCursors((before) => [...before, cursor]), []);
  useEffect(() => onAuthors?.(shown), [onAuthors, shown]);

  const onRefreshed = () => setCursors([null]);
  const { fresh, refresh, isRefreshing } = useFresh({ scenarioId, liveAfter, filter, shown, onRefreshed });
  const onVersion = useEffectEvent(() => void refresh());
  const [shownVersion] = useState(version);
  useEffect(() => {
    if (version !== shownVersion) onVersion();
  }, [shownVersion, version]);
  const showFresh = async () => {
    await refresh();
    top.current?.focus();
    top.current?.scrollIntoView({ block: 'nearest' });
  };
  const dayBefore = (index: number) => {
    const last = cursors
      .slice(0, index)
      .flatMap((cursor) => loaded.get(cursor)?.changes ?? [])
      .at(-1);
    return last === undefined ? null : format.date(last.happenedAt);
  };
  const isAtEnd = loaded.get(cursors.at(-1) ?? null)?.hasMore === false;

  return (
    <section ref={top} tabIndex={-1} className="history-list" aria-label={t.history.listLabel}>
      {fresh > 0 && (
        <div className="history-fresh" role="status">
          <Button variant="primary" size="sm" icon="chevronUp" isBusy={isRefreshing} onPress={() => void showFresh()}>
            {t.history.fresh(fresh)}
          </Button>
        </div>
      )}
      {shown.length > 0 && head}
      {cursors.map((after, index) => (
        <Pane key={after} label={t.history.title} skeleton={<HistorySkeleton />}>
          <HistoryChunk
            filter={filter}
            after={after}
            names={names}
            dayBefore={dayBefore(index)}
            isLast={index === cursors.length - 1}
            isOneStep={search.step !== null}
            onLoaded={onLoaded}
            onMore={onMore}
            onPutBack={() => void refresh()}
          />
        </Pane>
      ))}
      {isAtEnd && shown.length === 0 && <Nothing {...props} />}
    </section>
  );
}

/** Says that there is nothing, or that the filter hides what there is. */
function Nothing({ search, onClearFilters, nothing }: HistoryListProps) {
  const t = useMessages();
  if (!isFiltered(search) || onClearFilters === undefined) {
    if (nothing !== undefined) return nothing;
    return (
      <EmptyState icon="history" title={t.history.empty}>
        {t.history.emptyText}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="filter"
      title={t.history.nothingFound}
      action={<Button onPress={onClearFilters}>{t.history.clearFilters}</Button>}
    >
      {t.history.nothingFoundText}
    </EmptyState>
  );
}
