import { useCallback } from 'react';
import type { UndoEntry, UndoOutcome } from '../../app/undo';
import { outcomeOf, type CommandResult } from '../../app/useCommand';
import { useFormat, useMessages } from '../../messages/Messages';
import { showToast } from '../../ui/toasts';
import { useRestoreStep } from './useRestoreStep';
import { useSendDeletion, type Deletion, type VersionedStep } from './useSendDeletion';

/** A step to delete, as it was seen. */
export interface SeenStep extends VersionedStep {
  name: string;
}

/** Deletes steps, and can bring them back, in the reverse order, which is what puts each where it was. */
export function useDeleteSteps(scenarioId: string): (steps: readonly SeenStep[]) => Promise<CommandResult<Deletion>> {
  const t = useMessages();
  const format = useFormat();
  const send = useSendDeletion(scenarioId);
  const restore = useRestoreStep();

  return useCallback(
    (steps) => {
      const [first] = steps;
      const isOne = steps.length === 1 && first !== undefined;
      const cleared = new Set<string>();

      async function bringBack(): Promise<UndoOutcome> {
        for (const { id } of [...steps].reverse()) {
          const result = await restore(id);
          const outcome = outcomeOf(t, result, { pipeline: scenarioId, step: id });
          if (outcome.is !== 'done') return outcome;
          const payload = result.is === 'done' ? result.response.restoreCrmStep : null;
          for (const field of payload?.clearedFields ?? []) cleared.add(field);
        }
        if (cleared.size > 0) showToast({ text: t.board.restoredWithout(format.list(cleared)) });
        return { is: 'done' };
      }

      const entry: UndoEntry = {
        label: isOne ? t.board.deleteLabel(first.name) : t.board.deleteManyLabel(steps.length),
        undo: bringBack,
        redo: async () => {
          return outcomeOf(t, await send(steps), { pipeline: scenarioId, step: first?.id });
        },
      };
      return send(steps, {
        toast: isOne ? t.board.deleted(first.name) : t.board.deletedMany(steps.length),
        undo: entry,
      });
    },
    [scenarioId, send, restore, t, format],
  );
}
