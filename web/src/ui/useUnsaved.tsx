import { type ReactNode, useEffect, useState } from 'react';
import { useMessages } from '../messages/Messages';
import { ConfirmDialog } from './Dialog';

export interface Unsaved {
  /** Runs `then`, at once if nothing is unsaved and otherwise when the person says so. */
  ask: (then: () => void) => void;
  /** Whether the question is open. */
  isAsking: boolean;
  /** The question; draw it somewhere. */
  question: ReactNode;
}

/** Keeps what has not been saved from being lost by Escape, by a link or with the tab. */
export function useUnsaved(isDirty: boolean): Unsaved {
  const t = useMessages();
  const [waiting, setWaiting] = useState<{ then: () => void } | null>(null);
  useEffect(() => {
    if (!isDirty) return undefined;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [isDirty]);
  return {
    ask(then) {
      if (isDirty) setWaiting({ then });
      else then();
    },
    isAsking: waiting !== null,
    question:
      waiting === null ? null : (
        <ConfirmDialog
          title={t.ui.unsavedTitle}
          confirmLabel={t.ui.discard}
          cancelLabel={t.ui.keepEditing}
          isDanger
          onConfirm={() => {
            setWaiting(null);
            waiting.then();
          }}
          onClose={() => setWaiting(null)}
        >
          {t.ui.unsavedText}
        </ConfirmDialog>
      ),
  };
}
