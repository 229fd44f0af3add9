/** Steps that Page Up and Page Down go over. */
const PAGE = 10;

/** What a key does in the picture: goes from one index to another, or changes the view. Null for all other keys. */
export type KeyAction = ((index: number, count: number) => number) | 'zoomIn' | 'zoomOut' | 'showAll' | null;

export function keyAction(key: string): KeyAction {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (index) => index + 1;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (index) => index - 1;
    case 'PageDown':
      return (index) => index + PAGE;
    case 'PageUp':
      return (index) => index - PAGE;
    case 'Home':
      return () => 0;
    case 'End':
      return (_, count) => count - 1;
    case '+':
    case '=':
      return 'zoomIn';
    case '-':
      return 'zoomOut';
    case '0':
      return 'showAll';
    default:
      return null;
  }
}
