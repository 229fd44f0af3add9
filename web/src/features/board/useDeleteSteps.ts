import { useCallback } from 'react';
import { useStepLifecycle, type Deletion, type VersionedStep } from '../../app/steps/useStepLifecycle';
import type { CommandResult } from '../../app/useCommand';
import { useMessages } from '../../messages/Messages';
import { removeInStore } from './stepOrder';

/** A step to delete, as it was seen. */
export interface SeenStep extends VersionedStep {
  name: string;
}

/** Deletes steps, which are gone from the list at once, and can bring them back. */
export function useDeleteSteps(scenarioId: string): (steps: readonly SeenStep[]) => Promise<CommandResult<Deletion>> {
  const t = useMessages();
  const { remove, deletion } = useStepLifecycle(scenarioId, removeInStore);
  return useCallback(
    (steps) => {
      const [first] = steps;
      const isOne = steps.length === 1 && first !== undefined;
      return remove(steps, {
        toast: isOne ? t.board.deleted(first.name) : t.board.deletedMany(steps.length),
        undo: deletion(isOne ? t.board.deleteLabel(first.name) : t.board.deleteManyLabel(steps.length), steps),
      });
    },
    [remove, deletion, t],
  );
}
