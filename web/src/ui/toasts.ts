export interface ToastContent {
  /** One sentence: what happened. */
  text: string;
  tone?: 'neutral' | 'success' | 'danger' | undefined;
  /** What can be done about it; closes the toast. */
  action?: { label: string; run: () => void } | undefined;
}

/** Takes a toast from here on, and returns what closes it. */
type Show = (content: ToastContent) => () => void;

interface Waiting {
  content: ToastContent;
  /** Once it is shown: what closes it. */
  close?: () => void;
}

let show: Show | null = null;
let waiting: Waiting[] = [];
let onFirst: () => void = () => undefined;

/**
 * Shows and announces a sentence at the edge of the screen. It goes after 8 s, or when it is closed; what went wrong
 * stays until it is closed. Returns what closes it.
 */
export function showToast(content: ToastContent): () => void {
  // Also what is loaded is drawn only once it is needed.
  onFirst();
  if (show !== null) return show(content);
  const entry: Waiting = { content };
  waiting.push(entry);
  return () => {
    waiting = waiting.filter((other) => other !== entry);
    entry.close?.();
  };
}

/** Calls `needed` when there is a toast and nothing yet that shows it. */
export function whenToastsAreNeeded(needed: () => void): void {
  onFirst = needed;
  if (waiting.length > 0) needed();
}

/** Has all toasts shown by `next`, those that wait for it first. */
export function showToastsBy(next: Show): void {
  show = next;
  for (const entry of waiting) entry.close = next(entry.content);
  waiting = [];
}
