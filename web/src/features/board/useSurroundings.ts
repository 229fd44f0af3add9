import { useMemo } from 'react';
import { usePipeline } from './pipelineContext';
import type { Surroundings } from './stepFacts';

/** Where a step stands, for what it says of others. */
export function useSurroundings(id: string): Surroundings {
  const { ids, positions, steps } = usePipeline();
  return useMemo(() => {
    const position = positions.get(id) ?? 0;
    return {
      position,
      following: ids[position + 1],
      positionOf: (other) => positions.get(other),
      nameOf: (other) => steps.get(other)?.name,
    };
  }, [id, ids, positions, steps]);
}
