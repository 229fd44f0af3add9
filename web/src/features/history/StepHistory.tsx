import { useMemo } from 'react';
import { usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link } from 'wouter';
import { paths } from '../../app/routes';
import { useMessages } from '../../messages/Messages';
import type { StepHistoryQuery } from '../../relay/__generated__/StepHistoryQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import { Pane } from '../../ui/Pane';
import type { HistorySearch } from './filter';
import { HistoryList } from './HistoryList';
import { HistorySkeleton } from './HistorySkeleton';
import { historyOf } from './source';

const STEP = graphql`
  query StepHistoryQuery($id: ID!) {
    changesCursor
    crmStep(id: $id) {
      id
      scenarioId
    }
  }
`;

const EVERYTHING: HistorySearch = { action: null, who: null, since: null, step: null };

/** The history of a step as a part of another screen; it loads and fails by itself. */
export default function StepHistory({ stepId }: { stepId: string }) {
  const t = useMessages();
  return (
    <Pane label={t.history.title} skeleton={<HistorySkeleton />} resetKey={stepId}>
      <Content key={stepId} stepId={stepId} />
    </Pane>
  );
}

function Content({ stepId }: { stepId: string }) {
  const t = useMessages();
  const data = usePreloadedQuery<StepHistoryQuery>(STEP, usePageQuery<StepHistoryQuery>(STEP, { id: stepId }));
  const source = useMemo(() => historyOf(stepId), [stepId]);
  if (!data.crmStep) return null;
  const { scenarioId } = data.crmStep;
  return (
    <>
      <HistoryList
        source={source}
        scenarioId={scenarioId}
        liveAfter={data.changesCursor}
        search={EVERYTHING}
        isOneStep
      />
      <Link href={`${paths.history(scenarioId)}?step=${stepId}`}>{t.history.allOfStep}</Link>
    </>
  );
}
