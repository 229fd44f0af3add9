// What no screen needs at first is loaded once the first screen is there: before that it would compete with the parts
// of that screen for the connection and the processor.

let waiting = 0;
let isShown = false;
const listeners = new Set<() => void>();

/** Counts a part of the screen that waits for its content, until the function that it returns is called. */
export function startWaiting(): () => void {
  waiting += 1;
  return () => {
    waiting -= 1;
    // What was waited for is drawn in the next frame, and may have parts that wait for theirs.
    requestAnimationFrame(() => whenIdle(look));
  };
}

/** Whether the first screen is there: all that it waited for has come or failed, and nothing else is to be done. */
export function isFirstScreenShown(): boolean {
  return isShown;
}

/** Calls the listener when the first screen is there, until the function that it returns is called. */
export function onFirstScreen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Resolves when the first screen is there. */
export function firstScreen(): Promise<void> {
  return isShown ? Promise.resolve() : new Promise((resolve) => onFirstScreen(resolve));
}

function look(): void {
  if (isShown || waiting > 0) return;
  isShown = true;
  for (const listener of listeners) listener();
  listeners.clear();
}

function whenIdle(run: () => void): void {
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in window) window.requestIdleCallback(run, { timeout: 1000 });
  else setTimeout(run, 200);
}
