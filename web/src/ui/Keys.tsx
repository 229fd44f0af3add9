import { isApple } from './platform';
import './Keys.css';

/** What stands on keys whose names are longer or other words. */
const signs: Record<string, string> = {
  ...{ enter: 'Enter', escape: 'Esc', delete: 'Del', backspace: '⌫', home: 'Home', end: 'End', space: '␣', tab: 'Tab' },
  ...{ arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→' },
  ...(isApple ? { mod: '⌘', shift: '⇧', alt: '⌥', enter: '↵' } : { mod: 'Ctrl', shift: 'Shift', alt: 'Alt' }),
};

/** The parts of `mod+shift+z` as they stand on the keys of this machine. */
function keysOf(shortcut: string): string[] {
  return shortcut.split('+').map((key) => signs[key] ?? key.toUpperCase());
}

/**
 * The keys of a shortcut, for the eye: screen readers read `aria-keyshortcuts`. They are drawn, not written,
 * because a text that can be seen has to be part of the name of the button or menu item around it.
 */
export function Keys({ shortcut }: { shortcut: string }) {
  return (
    <span className="keys" aria-hidden="true" translate="no">
      {keysOf(shortcut).map((key) => (
        <kbd key={key} data-key={key} />
      ))}
    </span>
  );
}

/** The value of `aria-keyshortcuts`: `Control+Z`, or `Meta+Z` on Apple's machines. */
export function ariaKeys(shortcut: string): string {
  return shortcut
    .split('+')
    .map((key) => (key === 'mod' ? (isApple ? 'Meta' : 'Control') : key.charAt(0).toUpperCase() + key.slice(1)))
    .join('+');
}
