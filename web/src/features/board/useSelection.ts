import { useCallback, useMemo, useState } from 'react';

export interface StepSelection {
  /** What is selected of the steps that are shown: nothing is done with what one does not see. */
  selected: ReadonlySet<string>;
  /** Takes what is selected of the steps that are shown. What the filter hides stays selected until it is cleared. */
  select: (ids: ReadonlySet<string>) => void;
  /** Selects one, or does so no longer. */
  toggle: (id: string) => void;
  clear: () => void;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The steps to do something with at once. */
export function useSelection(shown: readonly string[]): StepSelection {
  const [all, setAll] = useState(NOTHING);
  const selected = useMemo(() => {
    if (all.size === 0) return NOTHING;
    return new Set(shown.filter((id) => all.has(id)));
  }, [all, shown]);
  const clear = useCallback(() => setAll(NOTHING), []);
  const toggle = useCallback((id: string) => {
    setAll((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const select = useCallback(
    (ids: ReadonlySet<string>) => {
      if (ids.size === 0) {
        setAll(NOTHING);
        return;
      }
      const visible = new Set(shown);
      setAll((before) => new Set([...[...before].filter((id) => !visible.has(id)), ...ids]));
    },
    [shown],
  );
  return { selected, select, toggle, clear };
}
