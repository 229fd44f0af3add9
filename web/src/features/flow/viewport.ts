// What of the picture is in view: which steps and arcs are drawn, and where the view goes.

import type { Layout, Rect } from './layout';

/** The part of the picture that is in view: flow x = (screen x - x) / zoom. */
export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Below the least zoom names are only dots. It also bounds how many steps are drawn at once. */
export const ZOOM = { min: 0.4, legible: 0.9, initial: 1, max: 1.5 };
/** Between the picture and the border of the view. */
const PADDING = 24;

/** The indexes of the first and the last step that are in view, in a picture whose steps are `pitch` apart. */
export function indexesInView(viewport: Viewport, size: Size, stepCount: number, pitch: number): [number, number] {
  const first = Math.floor(-viewport.x / viewport.zoom / pitch);
  const last = Math.floor((size.width - viewport.x) / viewport.zoom / pitch);
  return [clamp(first, 0, Math.max(0, stepCount - 1)), clamp(last, 0, Math.max(0, stepCount - 1))];
}

/** At most so many arcs are drawn at once. */
export const MAX_ARCS = 40;

/**
 * The arcs to draw while the steps from `first` to `last` are in view, as indexes into `layout.arcs`: first those
 * that begin or end there, then those that only pass, the innermost first, `MAX_ARCS` in all. `more` is the number of
 * those that are left out.
 */
export function arcsInView(layout: Layout, first: number, last: number): { arcs: number[]; more: number } {
  const touching: number[] = [];
  const passing: number[] = [];
  layout.arcs.forEach(({ from, to }, index) => {
    const [low, high] = from < to ? [from, to] : [to, from];
    if (high < first || low > last) return;
    const touches = isWithin(from, first, last) || isWithin(to, first, last);
    (touches ? touching : passing).push(index);
  });
  const height = (index: number) => {
    const arc = layout.arcs[index];
    return arc === undefined ? 0 : Math.abs(arc.y.lane - arc.y.step);
  };
  passing.sort((a, b) => height(a) - height(b) || a - b);
  const all = [...touching, ...passing];
  const arcs = all.slice(0, MAX_ARCS).sort((a, b) => a - b);
  return { arcs, more: all.length - arcs.length };
}

/**
 * The view that shows all of `bounds`, no larger than at the initial zoom. If that would be too small to read, it shows
 * the left end, at the least zoom.
 */
export function fit(bounds: Rect, size: Size): Viewport {
  const room = { width: size.width - 2 * PADDING, height: size.height - 2 * PADDING };
  const zoom = clamp(Math.min(room.width / bounds.width, room.height / bounds.height), ZOOM.min, ZOOM.initial);
  return {
    x: place(bounds.x, bounds.width, size.width, zoom),
    y: middle(bounds.y, bounds.height, size.height, zoom),
    zoom,
  };
}

/** The view at a zoom at which names are easily read: all of `bounds` if it fits so, or else its left end. */
export function beginning(bounds: Rect, size: Size): Viewport {
  const fitting = fit(bounds, size);
  const zoom = Math.max(fitting.zoom, ZOOM.legible);
  return {
    x: place(bounds.x, bounds.width, size.width, zoom),
    y: middle(bounds.y, bounds.height, size.height, zoom),
    zoom,
  };
}

/**
 * The view with `rect` in its middle, at a lesser zoom if it is too wide; if it is too wide for the least zoom as well,
 * the view with its left end. Null if all of `rect` is in view already.
 */
export function reveal(rect: Rect, viewport: Viewport, size: Size): Viewport | null {
  const left = rect.x * viewport.zoom + viewport.x;
  const top = rect.y * viewport.zoom + viewport.y;
  const isInView =
    left >= 0 &&
    top >= 0 &&
    left + rect.width * viewport.zoom <= size.width &&
    top + rect.height * viewport.zoom <= size.height;
  if (isInView) return null;
  const fitting = Math.max((size.width - 2 * PADDING) / rect.width, ZOOM.min);
  const zoom = Math.min(viewport.zoom, fitting);
  return {
    x: place(rect.x, rect.width, size.width, zoom),
    y: size.height / 2 - (rect.y + rect.height / 2) * zoom,
    zoom,
  };
}

/** In the middle, or, if that would cut off the left end, with the left end in view. */
function place(start: number, length: number, room: number, zoom: number): number {
  return Math.max((room - length * zoom) / 2, PADDING) - start * zoom;
}

/** In the middle, or, if it is too high, with the row of the steps in the middle. */
function middle(start: number, length: number, room: number, zoom: number): number {
  if (length * zoom <= room) return (room - length * zoom) / 2 - start * zoom;
  return room / 2;
}

function isWithin(index: number, first: number, last: number): boolean {
  return index >= first && index <= last;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
