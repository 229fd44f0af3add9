import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import type { PipelineSearch } from '../../app/routes';
import type { StepsHandle } from './StepsView';

/** Gives the focus to the step of the panel when the panel is closed, and to a new step if one was created. */
export function useFocusAfterPanel(
  search: PipelineSearch,
  ids: readonly string[],
  list: RefObject<StepsHandle | null>,
): void {
  const { step, after, before } = search;
  const opened = useRef<{ step: string; beside: string | undefined; ids: ReadonlySet<string> } | null>(null);
  const change = useEffectEvent(() => {
    const closed = opened.current;
    opened.current = step === undefined ? null : { step, beside: after ?? before, ids: new Set(ids) };
    if (closed === null || step !== undefined) return;
    const created = closed.step === 'new' ? ids.find((id) => !closed.ids.has(id)) : undefined;
    const target = created ?? (closed.step === 'new' ? closed.beside : closed.step);
    // The panel has given it back to what opened it, if that is still there.
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (target !== undefined && (isLost || created !== undefined)) list.current?.focus(target);
  });
  useEffect(() => change(), [step]);
}
