import { type ComponentType, useEffect, useState } from 'react';
import { firstScreen } from './firstScreen';

/** A part of the program that is loaded when it is needed. */
interface Part<Props> {
  load: () => Promise<ComponentType<Props>>;
  loaded: ComponentType<Props> | null;
}

const parts = () => import('./overlayParts');

function part<Props>(load: () => Promise<ComponentType<Props>>): Part<Props> {
  const own: Part<Props> = {
    loaded: null,
    async load() {
      own.loaded ??= await load();
      return own.loaded;
    },
  };
  return own;
}

/** What appears over the page when it is asked for, which the first drawing does without. */
export const overlays = {
  menu: part(async () => (await parts()).MenuPopover),
  tooltip: part(async () => (await parts()).TooltipBubble),
  toasts: part(async () => (await parts()).ToastRegion),
};

/**
 * The part, once it is wanted and loaded. Unlike React's `lazy` it does not break what is around it when there is no
 * connection: then there is no tooltip, and the next one tries again.
 */
export function useOverlay<Props>(overlay: Part<Props>, isWanted: boolean): ComponentType<Props> | null {
  const [, drawAgain] = useState(false);
  useEffect(() => {
    if (!isWanted || overlay.loaded !== null) return undefined;
    let isHere = true;
    overlay.load().then(
      () => isHere && drawAgain(true),
      () => undefined,
    );
    return () => {
      isHere = false;
    };
  }, [overlay, isWanted]);
  return isWanted ? overlay.loaded : null;
}

/** Loads them once the first screen is there, so that they appear without a delay, and without a connection. */
export function loadOverlays(): void {
  void firstScreen().then(() => {
    for (const overlay of Object.values(overlays)) overlay.load().catch(() => undefined);
  });
}
