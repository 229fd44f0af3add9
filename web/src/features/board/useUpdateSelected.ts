import { useCallback } from 'react';
import { sentenceOf } from '../../messages/errors';
import { useFormat, useMessages } from '../../messages/Messages';
import { showToast } from '../../ui/toasts';
import type { BoardStep } from './pipelineContext';
import { useUpdateSteps, type CommonValues, type FormerStep } from './useUpdateSteps';

/** Gives steps the same values as the bar of the selection does, and says why if that is refused. */
export function useUpdateSelected(
  scenarioId: string,
  steps: ReadonlyMap<string, BoardStep>,
): (ids: readonly string[], values: CommonValues) => Promise<void> {
  const t = useMessages();
  const format = useFormat();
  const update = useUpdateSteps(scenarioId);
  return useCallback(
    async (ids, values) => {
      const former = ids.flatMap((id): FormerStep[] => {
        const step = steps.get(id);
        return step === undefined ? [] : [{ id, version: step.version, values: valuesOf(step, values) }];
      });
      const result = await update(former, values);
      if (result.is !== 'refused') return;
      const current = result.response.updateCrmSteps?.currentCrmSteps ?? [];
      const [error] = result.errors;
      if (current.length > 0) {
        showToast({ text: t.board.stale(format.list(current.map(({ name }) => name))), tone: 'danger' });
      } else if (error !== undefined) {
        showToast({ tone: 'danger', text: sentenceOf(t, error) });
      }
    },
    [steps, update, t, format],
  );
}

/** The values that the step has in the fields that are changed. */
function valuesOf(step: BoardStep, changed: CommonValues): CommonValues {
  return {
    ...('agentId' in changed && { agentId: step.agent?.id ?? null }),
    ...('defaultStatus' in changed && { defaultStatus: step.defaultStatus ?? null }),
    ...('defaultPriority' in changed && { defaultPriority: step.defaultPriority ?? null }),
  };
}
