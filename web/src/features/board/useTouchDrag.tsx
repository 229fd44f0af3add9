import { createContext, type PointerEvent, type ReactNode, use, useCallback, useEffect, useRef, useState } from 'react';
import type { ListLayout } from 'react-aria-components/Virtualizer';

/** Begins to drag a step by a finger on its handle. */
export type StartTouchDrag = (event: PointerEvent, id: string) => void;

export const TouchDragContext = createContext<StartTouchDrag>(() => undefined);

/** What the handle of a step does with a finger. */
export function useTouchHandle(id: string): { onPointerDown: (event: PointerEvent) => void } {
  const start = use(TouchDragContext);
  return { onPointerDown: (event) => start(event, id) };
}

interface Target {
  key: string;
  side: 'before' | 'after';
  /** Where the indicator is, in the window of the list. */
  rect: { x: number; y: number; width: number; height: number };
}

interface Drag {
  keys: ReadonlySet<string>;
  x: number;
  y: number;
}

/** How near to its edge a finger scrolls the list, and how fast at most, in pixels and pixels per frame. */
const EDGE = 48;
const SPEED = 12;

/**
 * Dragging by touch, from the handle. The browser's own drag and drop, which React Aria builds on, begins with a long
 * press on a touch screen, and a long press on a step selects it.
 */
export function useTouchDrag<T>({
  layout,
  grid,
  isHorizontal,
  selected,
  onDrop,
}: {
  layout: ListLayout<T>;
  grid: { readonly current: HTMLElement | null };
  isHorizontal: boolean;
  selected: ReadonlySet<string>;
  onDrop: (keys: ReadonlySet<string>, key: string, side: 'before' | 'after') => void;
}): { start: StartTouchDrag; indicator: ReactNode } {
  const [target, setTarget] = useState<Target | null>(null);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const targetAt = ({ keys, x, y }: Drag): Target | null => {
    const element = grid.current;
    if (element === null) return null;
    const box = element.getBoundingClientRect();
    const found = layout.getDropTargetFromPoint(
      x - box.x,
      y - box.y,
      (candidate) => candidate.type === 'item' && candidate.dropPosition !== 'on',
    );
    if (found?.type !== 'item' || found.dropPosition === 'on') return null;
    const key = String(found.key);
    if (keys.has(key) && keys.size === 1) return null;
    const { rect } = layout.getDropTargetLayoutInfo(found);
    return {
      key,
      side: found.dropPosition,
      rect: { x: rect.x - element.scrollLeft, y: rect.y - element.scrollTop, width: rect.width, height: rect.height },
    };
  };

  const begin: StartTouchDrag = (event, id) => {
    const element = grid.current;
    if (event.pointerType !== 'touch' || element === null) return;
    // Neither a press of the row nor the browser's own drag.
    event.stopPropagation();
    const handle = event.currentTarget;
    const drag: Drag = { keys: selected.has(id) ? selected : new Set([id]), x: event.clientX, y: event.clientY };
    let frame = requestAnimationFrame(function scroll() {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      if (isHorizontal) element.scrollLeft += speedOf(drag.x, left, right);
      else element.scrollTop += speedOf(drag.y, top, bottom);
      const next = targetAt(drag);
      setTarget((before) => (isSame(before, next) ? before : next));
      frame = requestAnimationFrame(scroll);
    });
    const move = ({ clientX, clientY }: globalThis.PointerEvent) => {
      drag.x = clientX;
      drag.y = clientY;
    };
    const end = ({ type }: globalThis.PointerEvent) => {
      stop.current?.();
      const last = targetAt(drag);
      if (type === 'pointerup' && last !== null) onDrop(drag.keys, last.key, last.side);
    };
    const prevent = (other: Event) => other.preventDefault();
    stop.current = () => {
      cancelAnimationFrame(frame);
      setTarget(null);
      stop.current = null;
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
      window.removeEventListener('contextmenu', prevent);
      element.removeEventListener('dragstart', prevent, true);
      element.removeAttribute('data-touch-dragging');
    };
    handle.setPointerCapture(event.pointerId);
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
    window.addEventListener('contextmenu', prevent);
    element.addEventListener('dragstart', prevent, true);
    element.setAttribute('data-touch-dragging', '');
  };

  // The same function for all handles, which need not be drawn anew with the list.
  const latest = useRef(begin);
  useEffect(() => {
    latest.current = begin;
  });
  const start = useCallback<StartTouchDrag>((event, id) => latest.current(event, id), []);

  const indicator =
    target === null ? null : (
      <div
        className="steps-drop steps-drop-touch"
        data-drop-target
        style={{
          inlineSize: target.rect.width,
          blockSize: target.rect.height,
          transform: `translate(${target.rect.x}px, ${target.rect.y}px)`,
        }}
      />
    );
  return { start, indicator };
}

function isSame(a: Target | null, b: Target | null): boolean {
  return a?.key === b?.key && a?.side === b?.side && a?.rect.x === b?.rect.x && a?.rect.y === b?.rect.y;
}

function speedOf(at: number, from: number, to: number): number {
  if (at < from + EDGE) return -SPEED * Math.min(1, (from + EDGE - at) / EDGE);
  if (at > to - EDGE) return SPEED * Math.min(1, (at - (to - EDGE)) / EDGE);
  return 0;
}
