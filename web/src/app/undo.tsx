import { createContext, use, useCallback, useState, useSyncExternalStore, type ReactNode } from 'react';
import { UndoStack, type UndoResult } from './undoStack';

export type { UndoEntry, UndoOutcome } from './undoStack';

/** The stacks of the tab: they outlive views and pages, but not a reload. */
const stacks = new Map<string, UndoStack>();

const StackContext = createContext<UndoStack | null>(null);

/** Makes the commands below undoable together: those of one pipeline, whose id is `of`. */
export function UndoProvider({ of, children }: { of: string; children: ReactNode }) {
  return <StackContext value={stackOf(of)}>{children}</StackContext>;
}

export interface Undo {
  undo: () => Promise<UndoResult>;
  redo: () => Promise<UndoResult>;
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
  const undo = useCallback(() => stack.undo(), [stack]);
  const redo = useCallback(() => stack.redo(), [stack]);
  return { undo, redo, canUndo: undoLabel !== null, canRedo: redoLabel !== null, undoLabel, redoLabel };
}

/** The stack that commands add themselves to. Outside of `UndoProvider` it is one that nothing shows. */
export function useUndoStack(): UndoStack {
  const shared = use(StackContext);
  const [own] = useState(() => new UndoStack());
  return shared ?? own;
}

function stackOf(id: string): UndoStack {
  let stack = stacks.get(id);
  if (stack === undefined) stacks.set(id, (stack = new UndoStack()));
  return stack;
}
