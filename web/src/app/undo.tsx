import { createContext, use, useCallback, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useMessages } from '../messages/Messages';
import { showToast } from '../ui/toasts';
import { paths } from './routes';
import { UndoStack, type UndoEntry, type UndoOutcome } from './undoStack';

export type { UndoEntry, UndoOutcome } from './undoStack';

/** The stacks of the tab: they outlive views and pages, but not a reload. */
const stacks = new Map<string, UndoStack>();

const StackContext = createContext<UndoStack | null>(null);

/** Makes the commands below undoable together: those of one pipeline, whose id is `of`. */
export function UndoProvider({ of, children }: { of: string; children: ReactNode }) {
  return <StackContext value={stackOf(of)}>{children}</StackContext>;
}

export interface Undo {
  /** Takes back the last command, and says what became of it. */
  undo: () => void;
  /** Carries out again what was taken back last. */
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  /** What `undo` would take back, and what `redo` would do again. */
  undoLabel: string | null;
  redoLabel: string | null;
}

/** Undo and redo of the commands around this component, which `UndoProvider` keeps together. */
export function useUndo(): Undo {
  const stack = useUndoStack();
  const { undoLabel, redoLabel } = useSyncExternalStore(stack.subscribe, () => stack.state);
  const say = useSayOutcome();
  const undo = useCallback(() => void undoAndSay(stack, say), [stack, say]);
  const redo = useCallback(() => void redoAndSay(stack, say), [stack, say]);
  return { undo, redo, canUndo: undoLabel !== null, canRedo: redoLabel !== null, undoLabel, redoLabel };
}

/** The stack that commands add themselves to. Outside of `UndoProvider` it is one that nothing shows. */
export function useUndoStack(): UndoStack {
  const shared = use(StackContext);
  const [own] = useState(() => new UndoStack());
  return shared ?? own;
}

/** Says, in the language of the page, what became of `what`; `again` tries it once more. */
export type SayOutcome = (what: 'undo' | 'redo', entry: UndoEntry, outcome: UndoOutcome, again: () => void) => void;

let closeLast = () => {};

/** How to say what became of an undo or a redo. */
export function useSayOutcome(): SayOutcome {
  const t = useMessages();
  const [, navigate] = useLocation();
  return useCallback(
    (what, { label }, outcome, again) => {
      switch (outcome.is) {
        case 'done':
          // By keys it may have been done out of view. Only the last one matters.
          closeLast();
          closeLast = showToast({ text: what === 'undo' ? t.undo.undone(label) : t.undo.redone(label) });
          break;
        case 'stale': {
          const { by, pipeline, step } = outcome;
          const text = what === 'undo' ? t.undo.cannotUndo(label, by) : t.undo.cannotRedo(label, by);
          const show = () => navigate(paths.history(pipeline ?? '', { step }));
          const action = pipeline === undefined ? undefined : { label: t.undo.showChanges, run: show };
          showToast({ tone: 'danger', text, action });
          break;
        }
        case 'failed':
          showToast({ tone: 'danger', text: outcome.message, action: { label: t.ui.tryAgain, run: again } });
      }
    },
    [t, navigate],
  );
}

/** Takes back the last command, and says what became of it. */
export async function undoAndSay(stack: UndoStack, say: SayOutcome): Promise<void> {
  const result = await stack.undo();
  if (result !== null) say('undo', result.entry, result.outcome, () => void undoAndSay(stack, say));
}

async function redoAndSay(stack: UndoStack, say: SayOutcome): Promise<void> {
  const result = await stack.redo();
  if (result !== null) say('redo', result.entry, result.outcome, () => void redoAndSay(stack, say));
}

function stackOf(id: string): UndoStack {
  let stack = stacks.get(id);
  if (stack === undefined) stacks.set(id, (stack = new UndoStack()));
  return stack;
}
