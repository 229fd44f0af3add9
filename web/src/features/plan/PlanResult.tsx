import { useFormat, useMessages } from '../../messages/Messages';
import { sentenceOf, sentenceOfFailure } from '../../messages/errors';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Summary, type SummaryItem } from '../../ui/Summary';
import { lineAndColumn, type Range } from './file/tree';
import { PlanView } from './PlanView';
import { sentenceOfProblem } from './sentences';
import type { PlanState, Planned, Source } from './usePlan';

export interface PlanResultProps {
  state: PlanState;
  source: Source;
  isBusy: boolean;
  /** Shows a part of the file. */
  onGo: (range: Range) => void;
  onRetry: () => void;
  onApply: (planned: Planned) => Promise<void>;
}

/** What has come of a file so far: what is wrong with it, or what it would change. */
export function PlanResult(props: PlanResultProps) {
  const { state, onRetry } = props;
  const t = useMessages();
  switch (state.is) {
    case 'none':
    case 'incomplete':
      return (
        <EmptyState icon="plan" title={t.plan.empty}>
          {t.plan.emptyText}
        </EmptyState>
      );
    case 'unreadable':
    case 'refused':
      return <Problems {...props} state={state} />;
    case 'failed':
      return (
        <ErrorState
          title={t.plan.failed}
          sentence={sentenceOfFailure(t, state.failure)}
          requestId={state.failure.requestId}
          onRetry={onRetry}
        />
      );
    case 'planned':
      return <PlanView {...props} planned={state.planned} />;
  }
}

type WithProblems = Extract<PlanState, { is: 'unreadable' | 'refused' }>;

/** All that has to be put right, with links to the places in the file. Each list is a new one, which takes the focus. */
function Problems({ state, onGo }: PlanResultProps & { state: WithProblems }) {
  const t = useMessages();
  const format = useFormat();
  const item = (range: Range, label: string, sentence: string, index: number): SummaryItem => {
    const { line, column } = lineAndColumn(state.text, range.start);
    const place = t.plan.at(line, column);
    return {
      id: String(index),
      label: label === '' ? place : `${place} · ${label}`,
      sentence,
      onGo: () => onGo(range),
    };
  };
  const items =
    state.is === 'unreadable'
      ? state.problems.map((problem, index) => item(problem.range, '', sentenceOfProblem(t, format, problem), index))
      : state.violations.map(({ range, label, error }, index) => item(range, label, sentenceOf(t, error), index));
  return (
    <Summary
      key={items.map(({ sentence }) => sentence).join()}
      items={items}
      attempt={1}
      title={t.plan.problems(items.length)}
    />
  );
}
