import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { useRouter } from 'wouter';
import { useMessages } from '../../messages/Messages';
import { showToast } from '../../ui/toasts';
import { copyText } from './copyText';
import type { Question } from './Pipeline';
import type { BoardStep, StepActions } from './pipelineContext';
import type { StepsHandle } from './StepsView';
import { useDuplicateStep } from './useDuplicateStep';
import { useMoveSteps } from './useMoveSteps';
import type { PipelineAddress } from './usePipelineAddress';

export interface StepActionsOptions {
  scenarioId: string;
  steps: ReadonlyMap<string, BoardStep>;
  address: PipelineAddress;
  list: RefObject<StepsHandle | null>;
  ask: (question: Question) => void;
}

/** What menus, keys and drags do with steps. */
export function useStepActions({ scenarioId, steps, address, list, ask }: StepActionsOptions): StepActions {
  const t = useMessages();
  const { base } = useRouter();
  const known = useRef(steps);
  useEffect(() => {
    known.current = steps;
  }, [steps]);
  const nameOf = useCallback((id: string) => known.current.get(id)?.name ?? '', []);
  const move = useMoveSteps(scenarioId, nameOf);
  const duplicate = useDuplicateStep(scenarioId, nameOf);
  const { change, hrefWith } = address;
  return useMemo((): StepActions => ({
    open: (id) => change({ step: id, after: undefined, before: undefined }),
    create: ({ after, before }) => change({ step: 'new', after, before }),
    duplicate: (id) => {
      void duplicate(id).then((copy) => {
        if (copy !== null) list.current?.focus(copy);
      });
    },
    move: (ids, to) => {
      void move(ids, to);
      const [first] = ids;
      // Once it is drawn at its new place.
      requestAnimationFrame(() => first !== undefined && list.current?.reveal(first));
    },
    askMove: (ids) => ask({ about: 'move', ids }),
    askDelete: (ids) => ask({ about: 'delete', ids }),
    copyLink: (id) => {
      const href = hrefWith({ step: id, after: undefined, before: undefined });
      void copyText(new URL(base + href, window.location.origin).href).then(() => showToast({ text: t.board.linkCopied }));
    },
  }), [change, hrefWith, base, duplicate, move, list, ask, t]);
}
