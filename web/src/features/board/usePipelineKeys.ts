import { type RefObject, useEffect, useRef } from 'react';
import type { View } from '../../app/routes';
import { useAction } from '../../app/shortcuts';
import { useUndo } from '../../app/undo';
import { useMessages } from '../../messages/Messages';
import { movesOf, type Placement } from './order';
import type { PipelineState } from './pipelineContext';
import type { PipelineAddress } from './usePipelineAddress';

const VIEWS: readonly View[] = ['board', 'list', 'flow'];

export interface PipelineKeysOptions {
  state: PipelineState;
  address: PipelineAddress;
  filterField: RefObject<HTMLInputElement | null>;
}

/** What the page can do by keys and from the command palette. */
export function usePipelineKeys({ state, address, filterField }: PipelineKeysOptions): void {
  const t = useMessages();
  const { undo, undoLabel } = useUndo();
  const { actions, readOnly, selected, ids, shown } = state;
  const canWrite = readOnly === null;

  const lastFocused = useLastFocusedStep();

  /** The step in which the focus is, or else the one of the panel. */
  const current = (): string | undefined => {
    const { activeElement } = document;
    // The command palette takes the focus from the step that its commands are for.
    const isInDialog = activeElement?.closest('[role=dialog]') != null;
    const focused = isInDialog ? lastFocused.current : stepOf(activeElement);
    const { step } = address.search;
    return focused ?? (step === 'new' ? undefined : step);
  };
  /** The selected steps, or else the current one. */
  const meant = (): readonly string[] => {
    if (selected.size > 0) return ids.filter((id) => selected.has(id));
    const id = current();
    return id === undefined ? [] : [id];
  };
  const moveBy = (side: 'left' | 'right') => {
    const steps = meant();
    const to: Placement | null = movesOf(shown, new Set(steps))[side];
    if (to !== null) void actions.move(steps, to);
  };
  const withCurrent = (run: (id: string) => void) => {
    const id = current();
    if (id !== undefined) run(id);
  };

  const section = t.board.pipeline;
  useAction({
    id: 'step.new',
    label: t.board.shortcutNew,
    shortcut: 'n',
    section,
    isEnabled: canWrite,
    run: () => actions.create({ after: current() }),
  });
  useAction({
    id: 'step.edit',
    label: t.board.shortcutEdit,
    shortcut: 'e',
    section,
    run: () => withCurrent(actions.open),
  });
  useAction({
    id: 'step.duplicate',
    label: t.board.shortcutDuplicate,
    shortcut: 'd',
    section,
    isEnabled: canWrite,
    run: () => withCurrent((id) => void actions.duplicate(id)),
  });
  useAction({
    id: 'step.delete',
    label: t.board.shortcutDelete,
    shortcut: 'delete',
    section,
    isEnabled: canWrite,
    run: () => {
      const steps = meant();
      if (steps.length > 0) actions.askDelete(steps);
    },
  });
  useAction({
    id: 'step.left',
    label: t.board.shortcutLeft,
    shortcut: '[',
    section,
    isEnabled: canWrite,
    run: () => moveBy('left'),
  });
  useAction({
    id: 'step.right',
    label: t.board.shortcutRight,
    shortcut: ']',
    section,
    isEnabled: canWrite,
    run: () => moveBy('right'),
  });
  useAction({
    id: 'step.filter',
    label: t.board.shortcutFilter,
    shortcut: '/',
    section,
    run: () => filterField.current?.focus(),
  });
  useAction({
    id: 'pipeline.view',
    label: t.board.nextView,
    shortcut: 'v',
    section,
    run: () => {
      const next = VIEWS[(VIEWS.indexOf(address.view) + 1) % VIEWS.length];
      address.change({ view: next });
    },
  });
  // Undo and redo have keys of their own, and stand in the palette with these; this one is for a single hand.
  useAction({
    id: 'pipeline.undo',
    label: undoLabel === null ? t.undo.undo : t.undo.undoOf(undoLabel),
    shortcut: 'u',
    section,
    isHidden: true,
    run: undo,
  });
}

function stepOf(target: EventTarget | null): string | undefined {
  return target instanceof HTMLElement ? target.closest<HTMLElement>('.steps-item')?.dataset.key : undefined;
}

/** The step that had the focus last; none once the focus was elsewhere on the page. */
function useLastFocusedStep(): RefObject<string | undefined> {
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    const follow = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && target.closest('[role=dialog]') === null) last.current = stepOf(target);
    };
    document.addEventListener('focusin', follow);
    return () => document.removeEventListener('focusin', follow);
  }, []);
  return last;
}
