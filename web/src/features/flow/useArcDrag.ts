import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useRef, useState, type PointerEvent as ReactPointerEvent } from 'react';
import { stepAt, type Layout } from './layout';

/** The drag of an arc's end: from which step, where the pointer is in the picture, and over which step. */
export interface ArcDrag {
  from: number;
  x: number;
  y: number;
  over: number | null;
}

/** This near to the border of the view, a drag moves the view; so far in each frame. */
const SCROLL = { border: 48, distance: 14 };

/**
 * Drags the end of an arc to another step, by mouse or touch; Escape cancels. By hand, because @xyflow drops the end
 * of an edge only on handles, which would be more elements in each step.
 */
export function useArcDrag(
  layout: Layout,
  onDrop: (from: number, to: number) => void,
): [ArcDrag | null, (from: number, event: ReactPointerEvent<Element>) => void] {
  const { screenToFlowPosition, setViewport } = useReactFlow();
  const store = useStoreApi();
  const [drag, setDrag] = useState<ArcDrag | null>(null);
  const [from, setFrom] = useState<number | null>(null);
  const pointer = useRef({ id: 0, x: 0, y: 0 });
  const latest = useRef({ layout, onDrop });
  latest.current = { layout, onDrop };

  const begin = useCallback((index: number, event: ReactPointerEvent<Element>) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    event.stopPropagation();
    pointer.current = { id: event.pointerId, x: event.clientX, y: event.clientY };
    setFrom(index);
  }, []);

  useEffect(() => {
    if (from === null) return undefined;
    let frame = 0;
    const place = (): ArcDrag => {
      const { x, y } = screenToFlowPosition({ x: pointer.current.x, y: pointer.current.y });
      return { from, x, y, over: stepAt(latest.current.layout, x, y) };
    };
    const end = () => {
      setFrom(null);
      setDrag(null);
    };
    const onMove = (event: PointerEvent) => {
      if (event.pointerId !== pointer.current.id) return;
      pointer.current = { id: event.pointerId, x: event.clientX, y: event.clientY };
      setDrag(place());
    };
    const onUp = (event: PointerEvent) => {
      if (event.pointerId !== pointer.current.id) return;
      const { over } = place();
      end();
      if (over !== null) latest.current.onDrop(from, over);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      end();
    };
    const scroll = () => {
      frame = requestAnimationFrame(scroll);
      const { domNode, transform } = store.getState();
      if (domNode === null) return;
      const { left, right } = domNode.getBoundingClientRect();
      const distance =
        pointer.current.x < left + SCROLL.border
          ? SCROLL.distance
          : pointer.current.x > right - SCROLL.border
            ? -SCROLL.distance
            : 0;
      if (distance === 0) return;
      void setViewport({ x: transform[0] + distance, y: transform[1], zoom: transform[2] });
      setDrag(place());
    };
    frame = requestAnimationFrame(scroll);
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onUp);
    window.addEventListener('pointercancel', end);
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onUp);
      window.removeEventListener('pointercancel', end);
      window.removeEventListener('keydown', onKey, { capture: true });
    };
  }, [from, screenToFlowPosition, setViewport, store]);

  return [drag, begin];
}
