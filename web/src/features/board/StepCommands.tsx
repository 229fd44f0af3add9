import { type Ref, useCallback, useEffect, useImperativeHandle, useRef } from 'react';
import { useDuplicateStep } from '../../app/steps/useDuplicateStep';
import { useStepLifecycle } from '../../app/steps/useStepLifecycle';
import { useMessages } from '../../messages/Messages';
import type { Placement } from './order';
import type { BoardStep } from './pipelineContext';
import { removeInStore } from './stepOrder';
import { useMoveSteps } from './useMoveSteps';
import { useUpdateSelected } from './useUpdateSelected';
import type { CommonValues } from './useUpdateSteps';

/** What changes steps without asking. */
export interface StepCommands {
  move: (ids: readonly string[], to: Placement) => Promise<void>;
  /** Answers the id of the copy; null if there is none. */
  duplicate: (id: string) => Promise<string | null>;
  update: (ids: readonly string[], values: CommonValues) => Promise<void>;
}

export interface StepCommandsProps {
  scenarioId: string;
  steps: ReadonlyMap<string, BoardStep>;
  ref: Ref<StepCommands>;
}

/** The commands of the page, which draws nothing: their code is not needed to show the steps, and is loaded after it. */
export default function StepCommandsOf({ scenarioId, steps, ref }: StepCommandsProps) {
  const t = useMessages();
  const known = useRef(steps);
  useEffect(() => {
    known.current = steps;
  }, [steps]);
  const nameOf = useCallback((id: string) => known.current.get(id)?.name ?? '', []);
  const move = useMoveSteps(scenarioId, nameOf);
  const [copy] = useDuplicateStep(useStepLifecycle(scenarioId, removeInStore));
  const duplicate = useCallback(
    (id: string) => {
      const name = nameOf(id);
      return copy(id, { label: t.board.duplicateLabel(name), announce: t.board.duplicated(name) });
    },
    [copy, nameOf, t],
  );
  const update = useUpdateSelected(scenarioId, steps);
  useImperativeHandle(ref, () => ({ move, duplicate, update }), [move, duplicate, update]);
  return null;
}
