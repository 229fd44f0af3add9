import { useCallback, useState } from 'react';
import { useMessages } from '../../messages/Messages';
import { withTarget, type FlowEdge } from './layout';
import type { FlowStep } from './picture';
import { useRetarget } from './useRetarget';
import { displayName } from './words';

/**
 * The edges as they are after a timer has been led elsewhere, at once: until the server has stored it and has said in
 * which lanes the arcs are now, or has refused it.
 */
export function useRetargetedEdges<E extends FlowEdge>(
  pipelineId: string,
  steps: readonly FlowStep[],
  stored: readonly E[],
): [edges: readonly E[], retarget: (from: number, to: number) => void] {
  const t = useMessages();
  const run = useRetarget();
  const [ahead, setAhead] = useState<{ of: readonly E[]; edges: readonly E[] } | null>(null);

  const retarget = useCallback(
    (from: number, to: number) => {
      const step = steps[from];
      const target = steps[to];
      if (step == null || target == null) return;
      setAhead({ of: stored, edges: withTarget(stored, from, to) });
      const names = { name: displayName(t.flow, step.name), target: displayName(t.flow, target.name) };
      void run(
        { id: step.id, pipelineId, name: names.name, version: step.version, targetId: step.autoNextStepId ?? null },
        { id: target.id, name: names.target },
      ).then((isStored) => {
        if (!isStored) setAhead(null);
      });
    },
    [pipelineId, run, steps, stored, t],
  );

  return [ahead !== null && ahead.of === stored ? ahead.edges : stored, retarget];
}
