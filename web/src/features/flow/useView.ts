import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { PITCH, stepsRect, type Layout } from './layout';
import { beginning, fit, indexesInView, reveal, type Size, type Viewport } from './viewport';

export interface View {
  /** The indexes of the first and the last step that are in view. */
  first: number;
  last: number;
  /** Whether the beginning of the picture has been shown, for which its size has to be known. */
  isPlaced: boolean;
  /** Brings the steps from one index to another into view. */
  show: (first: number, last: number) => void;
  showAll: () => void;
  zoomIn: () => void;
  zoomOut: () => void;
}

/** What of the picture is in view, and how it is moved. */
export function useView({ bounds, stepCount }: Layout): View {
  const { setViewport, zoomIn, zoomOut } = useReactFlow();
  const store = useStoreApi();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [isPlaced, setPlaced] = useState(false);
  // As text, so that what is drawn changes with the steps in view, not with each pixel.
  const range = useStore(({ transform, ...size }) =>
    indexesInView(viewportOf(transform), size, stepCount, PITCH).join(),
  );
  const [first = 0, last = 0] = range.split(',').map(Number);

  useEffect(() => {
    if (isPlaced || width === 0 || height === 0) return;
    const size: Size = { width, height };
    void setViewport(beginning(bounds, size)).then(() => setPlaced(true));
  }, [isPlaced, width, height, bounds, setViewport]);

  // What was in the middle stays there when the steps in words take or give room.
  const heightBefore = useRef(0);
  useEffect(() => {
    const before = heightBefore.current;
    heightBefore.current = height;
    if (!isPlaced || before === height || before === 0 || height === 0) return;
    const [x, y, zoom] = store.getState().transform;
    void setViewport({ x, y: y + (height - before) / 2, zoom });
  }, [isPlaced, height, setViewport, store]);

  const show = useCallback(
    (from: number, to: number) => {
      const { transform, ...size } = store.getState();
      const viewport = reveal(stepsRect(from, to), viewportOf(transform), size);
      if (viewport !== null) void setViewport(viewport, { duration: duration() });
    },
    [setViewport, store],
  );
  return useMemo(
    () => ({
      first,
      last,
      isPlaced,
      show,
      showAll: () => void setViewport(fit(bounds, store.getState()), { duration: duration() }),
      zoomIn: () => void zoomIn({ duration: duration() }),
      zoomOut: () => void zoomOut({ duration: duration() }),
    }),
    [first, last, isPlaced, show, setViewport, zoomIn, zoomOut, bounds, store],
  );
}

function viewportOf([x, y, zoom]: readonly [number, number, number]): Viewport {
  return { x, y, zoom };
}

/** How long the view moves, in milliseconds. */
function duration(): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200;
}
