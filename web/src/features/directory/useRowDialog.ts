import { useCallback, useEffect, useRef, useState } from 'react';
import type { Seen } from './useEntityCommands';

/** What the form of an agent or a person is given. */
export interface EditProps<Fields> {
  /** What is edited; null makes a new one. */
  entity: (Seen & Fields) | null;
  onClose: () => void;
}

/** What a dialog that removes one is given. */
export interface RemoveProps {
  entity: Seen;
  /** The list that it is taken from. */
  connection: string;
  onClose: () => void;
  /** Called when it is gone. */
  onRemoved: () => void;
}

/** What is done with a row, in a dialog. It is the list's: the row may go while the dialog is open. */
export interface RowDialogs<T> {
  open: { is: 'edit' | 'remove'; of: T } | null;
  edit: (of: T) => void;
  /** `next` gets the focus when the row is gone. */
  remove: (of: T, next: HTMLElement | null) => void;
  close: () => void;
  /** Closes the dialog of a row that was removed. */
  closeRemoved: () => void;
}

/** The dialog of a list of agents or people that is open. */
export function useRowDialog<T>(): RowDialogs<T> {
  const [open, setOpen] = useState<RowDialogs<T>['open']>(null);
  const next = useRef<HTMLElement | null>(null);
  // After the dialog, which gives the focus back to the button that opened it: that goes with its row.
  useEffect(() => {
    if (open !== null) return;
    next.current?.focus();
    next.current = null;
  }, [open]);
  return {
    open,
    edit: useCallback((of: T) => setOpen({ is: 'edit', of }), []),
    remove: useCallback((of: T, neighbour: HTMLElement | null) => {
      next.current = neighbour;
      setOpen({ is: 'remove', of });
    }, []),
    close: useCallback(() => {
      next.current = null;
      setOpen(null);
    }, []),
    closeRemoved: useCallback(() => setOpen(null), []),
  };
}
