import { useMemo } from 'react';
import { usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link } from 'wouter';
import { paths } from '../../app/routes';
import { useMessages } from '../../messages/Messages';
import type { HistoryOfStepQuery } from '../../relay/__generated__/HistoryOfStepQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import { Pane } from '../../ui/Pane';
import type { HistorySearch } from './filter';
import { HistoryList } from './HistoryList';
import { HistorySkeleton } from './HistorySkeleton';

const STEP = graphql`
  query HistoryOfStepQuery($id: ID!) {
    changesCursor
    crmStep(id: $id) {
      id
      scenarioId
    }
  }
`;

export interface HistoryOfStepProps {
  stepId: string;
  /** The version of the step: where it has changed, the history is read again. */
  version: number;
}

/** The history of a step as a part of another screen; it loads and fails by itself. */
export default function HistoryOfStep({ stepId, version }: HistoryOfStepProps) {
  const t = useMessages();
  return (
    <Pane label={t.history.title} skeleton={<HistorySkeleton />} resetKey={stepId}>
      <Content key={stepId} stepId={stepId} version={version} />
    </Pane>
  );
}

function Content({ stepId, version }: HistoryOfStepProps) {
  const t = useMessages();
  const data = usePreloadedQuery<HistoryOfStepQuery>(STEP, usePageQuery<HistoryOfStepQuery>(STEP, { id: stepId }));
  const search = useMemo((): HistorySearch => ({ action: null, who: null, since: null, step: stepId }), [stepId]);
  if (!data.crmStep) return null;
  const { scenarioId } = data.crmStep;
  return (
    <>
      <HistoryList scenarioId={scenarioId} liveAfter={data.changesCursor} search={search} version={version} />
      <Link href={paths.history(scenarioId, { step: stepId })}>{t.history.allOfStep}</Link>
    </>
  );
}
