import { type RefObject, useMemo } from 'react';
import { useRouter } from 'wouter';
import { useMessages } from '../../messages/Messages';
import { copyOrSay } from '../../ui/copyText';
import { showToast } from '../../ui/toasts';
import type { Deferred } from './deferred';
import { movesOf } from './order';
import type { Question } from './Pipeline';
import type { StepActions } from './pipelineContext';
import type { StepCommands } from './StepCommands';
import type { StepsHandle } from './StepsView';
import type { PipelineAddress } from './usePipelineAddress';

export interface StepActionsOptions {
  commands: Deferred<StepCommands>;
  address: PipelineAddress;
  list: RefObject<StepsHandle | null>;
  /** The steps that the filter shows, in their order. */
  shown: RefObject<readonly string[]>;
  ask: (question: Question) => void;
  toggle: (id: string) => void;
}

/** What menus, keys and drags do with steps. */
export function useStepActions({ commands, address, list, shown, ask, toggle }: StepActionsOptions): StepActions {
  const t = useMessages();
  const { base } = useRouter();
  const { change, hrefWith } = address;
  return useMemo(
    (): StepActions => ({
      open: (id) => change({ step: id, after: undefined, before: undefined }),
      create: ({ after, before }) => change({ step: 'new', after, before }),
      toggle,
      async duplicate(id) {
        const copy = await (await commands.get()).duplicate(id);
        if (copy !== null) list.current?.focus(copy);
      },
      movesOf: (id) => movesOf(shown.current, new Set([id])),
      async move(ids, to) {
        const { move } = await commands.get();
        void move(ids, to);
        const [first] = ids;
        // Once it is drawn at its new place.
        requestAnimationFrame(() => first !== undefined && list.current?.reveal(first));
      },
      async update(ids, values) {
        const { update } = await commands.get();
        void update(ids, values);
      },
      askMove: (ids) => ask({ about: 'move', ids }),
      askAgent: (ids) => ask({ about: 'agent', ids }),
      askDelete: (ids) => ask({ about: 'delete', ids }),
      async copyLink(id) {
        const href = hrefWith({ step: id, after: undefined, before: undefined });
        const isDone = await copyOrSay(t, new URL(base + href, window.location.origin).href);
        if (isDone) showToast({ text: t.board.linkCopied });
      },
    }),
    [commands, change, hrefWith, base, list, shown, ask, toggle, t],
  );
}
