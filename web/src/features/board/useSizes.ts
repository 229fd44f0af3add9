import { type RefObject, useCallback, useMemo, useSyncExternalStore } from 'react';
import type { ListLayoutOptions } from 'react-aria-components/Virtualizer';
import type { ColumnLayoutOptions } from './ColumnLayout';

/** Widths and heights in the size of the text, so that larger text has more room. */
const COLUMN = 19;
const GUTTER = 2;
const PADDING = 1;
const COLUMN_HEIGHT = 26;
const ROW = 3.25;
const ROW_NARROW = 6.25;
/** Below this width of the list rows are cards; StepRow.css has it too. */
const NARROW = 60;

export interface Sizes {
  isNarrow: boolean;
  columns: ColumnLayoutOptions;
  rows: ListLayoutOptions;
}

/** The sizes of columns and rows in `place`, which is narrower than the window beside a panel, in pixels. */
export function useSizes(place: RefObject<HTMLElement | null>): Sizes {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const observer = new ResizeObserver(onChange);
      if (place.current !== null) observer.observe(place.current);
      return () => observer.disconnect();
    },
    [place],
  );
  const measures = useSyncExternalStore(subscribe, () => measure(place.current));
  return useMemo(() => {
    const [rem = 16, width = 0] = measures.split(' ').map(Number);
    const isNarrow = width < NARROW * rem;
    // On a phone a column, and a bit of the next one.
    const column = Math.min(COLUMN * rem, width - (PADDING + GUTTER) * rem);
    return {
      isNarrow,
      columns: {
        orientation: 'horizontal',
        rowSize: column,
        gutter: GUTTER * rem,
        padding: PADDING * rem,
        minColumnHeight: COLUMN_HEIGHT * rem,
        dropIndicatorThickness: 4,
      },
      rows: { rowSize: (isNarrow ? ROW_NARROW : ROW) * rem, dropIndicatorThickness: 4 },
    };
  }, [measures]);
}

function measure(place: HTMLElement | null): string {
  const root = document.documentElement;
  return `${Number.parseFloat(getComputedStyle(root).fontSize)} ${(place ?? root).clientWidth}`;
}
