import { createContext, type ReactNode, useContext, useEffect, useEffectEvent } from 'react';
import { Trouble } from './trouble';

// How many windows are open over each other. Shortcuts of what lies below an open window do nothing.
const Depth = createContext(0);
const open: number[] = [];

/** What is in a window over everything else. Escape calls `onEscape`, also while the focus is nowhere. */
export function Layer({ onEscape, children }: { onEscape: (() => void) | null; children: ReactNode }) {
  const depth = useContext(Depth) + 1;
  useCloser(depth, onEscape);
  useEffect(() => {
    open.push(depth);
    return () => {
      open.splice(open.lastIndexOf(depth), 1);
    };
  }, [depth]);
  return (
    <Depth value={depth}>
      <Trouble value={null}>{children}</Trouble>
    </Depth>
  );
}

/** How many windows the caller is in. */
export function useLayer(): number {
  return useContext(Depth);
}

/** Whether no window is open over one of depth `layer`. */
export function isTopLayer(layer: number): boolean {
  return open.every((depth) => depth <= layer);
}

// What Escape closes, in the order in which it was opened.
const closers: { depth: number; close: () => void }[] = [];

function useCloser(depth: number, close: (() => void) | null): void {
  const run = useEffectEvent(() => close?.());
  const isOn = close !== null;
  useEffect(() => {
    if (!isOn) return undefined;
    const closer = { depth, close: () => run() };
    closers.push(closer);
    return () => {
      closers.splice(closers.indexOf(closer), 1);
    };
  }, [depth, isOn]);
}

/** Has Escape call `close`, wherever the focus is, unless something was opened later. With null it does not. */
export function useEscape(close: (() => void) | null): void {
  useCloser(useLayer(), close);
}

/** Closes what was opened last, below no window. */
export function closeLast(): void {
  closers.findLast(({ depth }) => isTopLayer(depth))?.close();
}

/** Whether a list of the field in which the focus is is what Escape closes. */
export function hasOpenList(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('[aria-expanded="true"]:is([role="combobox"], [aria-haspopup])');
}

// A part of the screen beside which another one stays usable, such as a panel: single keys that are pressed in it are
// not meant for the other one.
const ZoneContext = createContext<string | null>(null);

/** Has its own single keys; `id` is unique in the page. The children are in an element with `zoneProps(id)`. */
export function Zone({ id, children }: { id: string; children: ReactNode }) {
  return <ZoneContext value={id}>{children}</ZoneContext>;
}

export function zoneProps(id: string): { 'data-zone': string } {
  return { 'data-zone': id };
}

/** The zone that the caller is in. */
export function useZone(): string | null {
  return useContext(ZoneContext);
}

/** The zone that an event comes from. */
export function zoneOf(target: EventTarget | null): string | null {
  return target instanceof Element ? (target.closest('[data-zone]')?.getAttribute('data-zone') ?? null) : null;
}
