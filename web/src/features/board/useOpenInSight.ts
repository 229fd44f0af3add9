import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import { type Layout, Rect } from 'react-aria-components/Virtualizer';

interface Options<T extends object> {
  /** The id of the step whose panel is open. */
  open: string | undefined;
  grid: RefObject<HTMLElement | null>;
  layout: Pick<Layout<T>, 'getLayoutInfo'>;
  reveal: (id: string) => void;
  /** Rows have another height then. */
  isNarrow: boolean;
}

/**
 * Scrolls to the step that is opened, and keeps it in sight when its panel, which comes later, takes room from the
 * list. A list that was scrolled away from it stays where it is.
 */
export function useOpenInSight<T extends object>({ open, grid, layout, reveal, isNarrow }: Options<T>): void {
  const seen = useRef<{ id: string; rect: Rect; width: number; height: number } | null>(null);
  const keep = useEffectEvent(() => {
    const element = grid.current;
    if (open === undefined || element === null) {
      seen.current = null;
      return;
    }
    const { id, rect, width, height } = seen.current ?? {};
    const isSeen = rect?.intersects(new Rect(element.scrollLeft, element.scrollTop, width, height)) === true;
    if (id !== open || isSeen) reveal(open);
    const now = layout.getLayoutInfo(open)?.rect;
    seen.current =
      now === undefined ? null : { id: open, rect: now, width: element.clientWidth, height: element.clientHeight };
  });
  useEffect(() => keep(), [open, isNarrow]);
  useEffect(() => {
    const element = grid.current;
    if (element === null) return undefined;
    let { clientWidth: width, clientHeight: height } = element;
    const observer = new ResizeObserver(() => {
      // React Aria keeps a scroll position within the end that the list had with its former size, if it comes in the
      // same frame as a smaller one: what is at the end was not drawn.
      const isSmaller = element.clientWidth < width || element.clientHeight < height;
      if (isSmaller && (element.scrollLeft > 0 || element.scrollTop > 0)) element.dispatchEvent(new Event('scroll'));
      ({ clientWidth: width, clientHeight: height } = element);
      keep();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [grid, layout]);
}
