import { type FocusEvent, type ReactNode, type RefObject, useEffect, useState } from 'react';
import { overlays, useOverlay } from './overlays';

export interface TooltipOptions {
  /** What the thing is or why it is as it is; one short sentence. */
  text: string;
  /** `mod+z`, `n`. */
  shortcut?: string | undefined;
}

/** How long a pointer rests on something before its tooltip comes, and is away from both before it goes. */
const OPENS_MS = 500;
const CLOSES_MS = 150;

// After a press the pointer rests on whatever appears below it: that is no wish for its tooltip.
let isAtRest = false;
const onMove = () => {
  isAtRest = false;
};

function restAfterPress(): void {
  isAtRest = true;
  document.addEventListener('pointermove', onMove, { capture: true, once: true });
}

interface Shown {
  /** What the button gets. */
  props: {
    onHoverStart: () => void;
    onHoverEnd: () => void;
    onFocus: (event: FocusEvent) => void;
    onBlur: () => void;
    onPressStart: () => void;
  };
  bubble: ReactNode;
  show: () => void;
}

/**
 * Shows `options.text` when the pointer rests on `target` or it has the focus by keys. Escape hides it, and it stays as
 * long as the pointer is on it (WCAG 1.4.13). It is for the eye: the element itself says the same to assistive
 * technology. Without options there is none.
 */
export function useTooltip(target: RefObject<HTMLElement | null>, options: TooltipOptions | undefined): Shown {
  const [isOpen, setOpen] = useState(false);
  // What happens after a while, unless something else comes first.
  const [planned, plan] = useState<'open' | 'close' | null>(null);
  useEffect(() => {
    if (planned === null) return undefined;
    const act = () => {
      setOpen(planned === 'open');
      plan(null);
    };
    const timer = setTimeout(act, planned === 'open' ? OPENS_MS : CLOSES_MS);
    return () => clearTimeout(timer);
  }, [planned]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const hide = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setOpen(false);
    };
    document.addEventListener('keydown', hide, { capture: true });
    return () => document.removeEventListener('keydown', hide, { capture: true });
  }, [isOpen]);

  const set = (next: boolean) => {
    plan(null);
    setOpen(next);
  };
  const TooltipBubble = useOverlay(overlays.tooltip, isOpen && options !== undefined);
  return {
    props: {
      onHoverStart: () => plan(isOpen || isAtRest ? null : 'open'),
      onHoverEnd: () => plan(isOpen ? 'close' : null),
      onFocus: ({ currentTarget }) => currentTarget.matches(':focus-visible') && set(true),
      onBlur: () => set(false),
      onPressStart: () => {
        restAfterPress();
        set(false);
      },
    },
    show: () => set(true),
    bubble: TooltipBubble !== null && options !== undefined && (
      <TooltipBubble
        {...options}
        target={target}
        onHover={(isOver) => plan(isOver ? null : 'close')}
        onClose={() => set(false)}
      />
    ),
  };
}
