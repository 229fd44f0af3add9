import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components/Toast';

export interface ToastContent {
  /** One sentence: what happened. */
  text: string;
  tone?: 'neutral' | 'success' | 'danger' | undefined;
  /** What can be done about it; closes the toast. */
  action?: { label: string; run: () => void } | undefined;
}

/** How long a toast stays; the time stands still while the pointer or the focus is on one. */
const STAYS_MS = 8000;

/** The toasts of the page. Three are visible, the others wait. */
export const toastQueue = new ToastQueue<ToastContent>({ maxVisibleToasts: 3 });

/**
 * Shows and announces a sentence at the edge of the screen. It goes after 8 s, or when it is closed; what went wrong
 * stays until it is closed. Returns what closes it.
 */
export function showToast(content: ToastContent): () => void {
  const key = toastQueue.add(content, content.tone === 'danger' ? {} : { timeout: STAYS_MS });
  return () => toastQueue.close(key);
}
