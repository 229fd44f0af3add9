/** Whether the keyboard has ⌘, which then takes the place of Ctrl. */
export const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
