import type { Messages } from '../messages/en';
import { showToast } from './toasts';

/** Puts a text into the clipboard. Answers whether it did; if not, a toast says so. */
export async function copyOrSay(t: Messages, text: string): Promise<boolean> {
  try {
    await copyText(text);
    return true;
  } catch {
    showToast({ text: t.ui.copyRefused, tone: 'danger' });
    return false;
  }
}

/**
 * Puts a text into the clipboard. Without TLS browsers have no clipboard for pages; then a selection is copied. Throws
 * if nothing is copied.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  // Beside what has the focus: a dialog or a menu takes it back from what is outside.
  (before?.closest('body *')?.parentElement ?? document.body).append(field);
  field.focus({ preventScroll: true });
  field.select();
  const isCopied = document.execCommand('copy');
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  field.remove();
  if (!isCopied) throw new Error('The browser copies nothing.');
}
