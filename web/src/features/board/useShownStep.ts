import { useMemo } from 'react';
import { usePipeline, type BoardStep, type StepActions } from './pipelineContext';
import type { StepProblems } from './problems';
import type { Surroundings } from './stepFacts';

/** What a card or a row shows. Each value stays the same as long as it says the same. */
export interface ShownStep {
  step: BoardStep;
  around: Surroundings;
  href: string;
  isOpen: boolean;
  isSelected: boolean;
  /** Whether the filter shows it only because of a prompt or a message. */
  isFoundInTexts: boolean;
  problems: StepProblems | undefined;
  /** Null if it can be changed, else why it cannot. */
  readOnly: string | null;
  /** Board and list say differently where left is. */
  isBoard: boolean;
  actions: StepActions;
}

/**
 * What the pipeline says of one step; null if it is gone. The pipeline changes with each move of any step: a component
 * that takes these values instead, and is memoized, is drawn anew only for what it shows.
 */
export function useShownStep(id: string): ShownStep | null {
  const { steps, ids, positions, hrefOf, open, selected, foundInTexts, problems, readOnly, view, actions } =
    usePipeline();
  const step = steps.get(id);
  const target = step?.autoNextStepId ?? '';
  const position = positions.get(id) ?? 0;
  const isLast = position === ids.length - 1;
  const targetPosition = positions.get(target);
  const targetName = steps.get(target)?.name;
  const around = useMemo(
    () => ({ position, isLast, targetPosition, targetName }),
    [position, isLast, targetPosition, targetName],
  );
  if (step === undefined) return null;
  return {
    step,
    around,
    href: hrefOf(id),
    isOpen: open === id,
    isSelected: selected.has(id),
    isFoundInTexts: foundInTexts.has(id),
    problems: problems.get(id),
    readOnly,
    isBoard: view === 'board',
    actions,
  };
}
