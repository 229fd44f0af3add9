import { isApple } from '../ui/platform';

/** What of a keyboard event says which keys are pressed. */
export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/**
 * Whether the pressed keys are those of `shortcut`, where `mod` is ⌘ on Apple's machines (Ctrl moves the cursor there)
 * and Ctrl elsewhere. For a sign like `?` it does not count how the keyboard writes it.
 */
export function keysMatch(shortcut: string, pressed: Pressed, apple = isApple): boolean {
  const parts = shortcut.split('+');
  const key = parts.pop() ?? '';
  const wantsShift = parts.includes('shift');
  if (pressed.key.toLowerCase() !== key) return false;
  const [mod, other] = apple ? [pressed.metaKey, pressed.ctrlKey] : [pressed.ctrlKey, pressed.metaKey];
  if (mod !== parts.includes('mod') || other) return false;
  if (pressed.altKey !== parts.includes('alt')) return false;
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  return isSign || pressed.shiftKey === wantsShift;
}
