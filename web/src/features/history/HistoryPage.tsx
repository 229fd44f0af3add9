import { useCallback, useMemo, useState } from 'react';
import { usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link, useSearchParams } from 'wouter';
import { PageHeading } from '../../app/PageHeading';
import { paths } from '../../app/routes';
import { UndoProvider, useUndo } from '../../app/undo';
import { UndoButtons } from '../../app/UndoButtons';
import { useMessages } from '../../messages/Messages';
import type { HistoryPageQuery } from '../../relay/__generated__/HistoryPageQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Icon } from '../../ui/Icon';
import { Pane } from '../../ui/Pane';
import { paramsOf, searchOf, type HistorySearch } from './filter';
import { HistoryFilters } from './HistoryFilters';
import { HistoryList } from './HistoryList';
import { HistorySkeleton } from './HistorySkeleton';
import type { Author } from './who';
import '../../app/Page.css';
import './HistoryPage.css';

const PAGE = graphql`
  query HistoryPageQuery($id: ID!, $step: ID!, $isOneStep: Boolean!) {
    changesCursor
    crmScenario(id: $id) {
      id
      name
    }
    crmStep(id: $step) @include(if: $isOneStep) {
      id
      name
    }
  }
`;

/** The history of a pipeline, also of one that was deleted; with `?step=` that of one of its steps. */
export default function HistoryPage({ params: { id } }: { params: { id: string } }) {
  const t = useMessages();
  const [params, setParams] = useSearchParams();
  const search = useMemo(() => searchOf(params), [params]);
  const setSearch = useCallback((next: HistorySearch) => setParams(paramsOf(next), { replace: true }), [setParams]);
  return (
    <UndoProvider of={id}>
      <div className="page">
        <Pane label={t.history.title} skeleton={<HistorySkeleton />} resetKey={`${id} ${search.step ?? ''}`}>
          <Content key={`${id} ${search.step ?? ''}`} id={id} search={search} setSearch={setSearch} />
        </Pane>
      </div>
    </UndoProvider>
  );
}

interface ContentProps {
  id: string;
  search: HistorySearch;
  setSearch: (search: HistorySearch) => void;
}

function Content({ id, search, setSearch }: ContentProps) {
  const t = useMessages();
  const { step } = search;
  const variables = { id, step: step ?? id, isOneStep: step !== null };
  const data = usePreloadedQuery<HistoryPageQuery>(PAGE, usePageQuery<HistoryPageQuery>(PAGE, variables));
  const [authors, setAuthors] = useState<ReadonlyMap<string, Author>>(new Map());
  const onAuthors = useCallback((seen: readonly Author[]) => {
    setAuthors((before) => {
      const news = seen.filter(({ tokenId }) => !before.has(tokenId));
      return news.length === 0
        ? before
        : new Map([...before, ...news.map((author) => [author.tokenId, author] as const)]);
    });
  }, []);
  const { undoLabel, redoLabel } = useUndo();
  const clear = () => setSearch({ action: null, who: null, since: null, step });
  const name = data.crmScenario?.name;

  return (
    <>
      <header className="history-page-head">
        <Link href={name === undefined ? paths.pipelines() : paths.pipeline(id)} className="history-page-back">
          <Icon name="chevronLeft" />
          {name === undefined ? t.app.pipelines : <span translate="no">{name}</span>}
        </Link>
        <div className="history-page-title">
          <PageHeading title={name === undefined ? t.history.title : t.history.titleOf(name)}>
            {t.history.title}
          </PageHeading>
          <span className="history-undo">
            <UndoButtons />
          </span>
        </div>
        <HistoryFilters search={search} authors={[...authors.values()]} onChange={setSearch} />
        {step !== null && (
          <p className="history-page-step">
            <span>{data.crmStep ? t.history.oneStep(data.crmStep.name) : t.history.oneStepUnnamed}</span>
            <Button size="sm" variant="quiet" onPress={() => setSearch({ ...search, step: null })}>
              {t.history.allSteps}
            </Button>
          </p>
        )}
      </header>
      <HistoryList
        key={paramsOf(search).toString()}
        scenarioId={id}
        liveAfter={data.changesCursor}
        search={search}
        onAuthors={onAuthors}
        // What is undone here is to be seen at once.
        version={`${undoLabel ?? ''}/${redoLabel ?? ''}`}
        onClearFilters={clear}
        head={name === undefined ? <Gone /> : undefined}
        nothing={name === undefined ? <Never /> : undefined}
      />
    </>
  );
}

/** Says that the pipeline was deleted; its deletion is the first change below. */
function Gone() {
  const t = useMessages();
  return (
    <Banner tone="warning" icon="delete" title={t.history.gone} announced="none">
      {t.history.goneText}
    </Banner>
  );
}

/** Says that nothing ever had this address. */
function Never() {
  const t = useMessages();
  return (
    <EmptyState icon="search" title={t.history.never}>
      {t.history.neverText}
    </EmptyState>
  );
}
