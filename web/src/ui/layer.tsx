import { createContext, type ReactNode, useContext, useEffect } from 'react';

// How many windows are open over each other. Shortcuts of what lies below an open window do nothing.
const Depth = createContext(0);
const open: number[] = [];

/** What is in a window over everything else. */
export function Layer({ children }: { children: ReactNode }) {
  const depth = useContext(Depth) + 1;
  useEffect(() => {
    open.push(depth);
    return () => {
      open.splice(open.lastIndexOf(depth), 1);
    };
  }, [depth]);
  return <Depth value={depth}>{children}</Depth>;
}

/** How many windows the caller is in. */
export function useLayer(): number {
  return useContext(Depth);
}

/** Whether no window is open over one of depth `layer`. */
export function isTopLayer(layer: number): boolean {
  return open.every((depth) => depth <= layer);
}
