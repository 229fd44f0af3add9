/**
 * The drawings of the icons, on a grid of 16 × 16 with lines of 1.5. Each is the `d` of one path; those of `filled`
 * are areas instead of lines.
 */
export const lines = {
  add: 'M8 3v10M3 8h10',
  agent: 'M5.5 6h5a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2ZM8 6V3M6.5 3h3M6.5 9v1M9.5 9v1',
  alert: 'M8 2.5 14 13.5H2L8 2.5ZM8 7v3M8 12v.01',
  archive: 'M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 9h3',
  arrowLeft: 'M13 8H3M7 4 3 8l4 4',
  arrowRight: 'M3 8h10M9 4l4 4-4 4',
  board: 'M2.5 3h3v10h-3zM6.5 3h3v7h-3zM10.5 3h3v9h-3z',
  check: 'M3 8.5 6.5 12 13 4.5',
  chevronDown: 'M4 6l4 4 4-4',
  chevronLeft: 'M10 4 6 8l4 4',
  chevronRight: 'M6 4l4 4-4 4',
  chevronUp: 'M4 10l4-4 4 4',
  clock: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 5v3l2 1.5',
  close: 'M4 4l8 8M12 4l-8 8',
  code: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5',
  copy: 'M6 6h7v7H6zM3.5 10H3V3h7v.5',
  cycle: 'M13 8a5 5 0 0 1-9 3M3 8a5 5 0 0 1 9-3M12 2v3H9M4 14v-3h3',
  delete: 'M2.5 4.5h11M6.5 4.5V3h3v1.5M4 4.5 4.7 13h6.6L12 4.5M6.7 7v3.5M9.3 7v3.5',
  download: 'M8 2.5V10M4.5 7 8 10.5 11.5 7M3 13.5h10',
  edit: 'M3 13l.6-2.8 7.2-7.2 2.2 2.2-7.2 7.2L3 13ZM9.5 4.3l2.2 2.2',
  error: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 5v3.5M8 11v.01',
  exit: 'M9 3H3.5v10H9M7 8h6.5M11 5.5 13.5 8 11 10.5',
  external: 'M9 3h4v4M13 3 7.5 8.5M7 4H3v9h9V9',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  fit: 'M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3',
  flow: 'M2.5 3.5h4v3h-4zM9.5 9.5h4v3h-4zM4.5 6.5V11h5',
  globe: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM2.5 8h11M8 2.5c4 3.5 4 7.5 0 11M8 2.5c-4 3.5-4 7.5 0 11',
  history: 'M3 8a5 5 0 1 1 1.6 3.7M3 4v3h3M8 5.5V8l2 1',
  info: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 7.5V11M8 5v.01',
  key: 'M6 7a3 3 0 1 1-3 3 3 3 0 0 1 3-3ZM8.2 7.8 13 3M10.5 5.5l2 2',
  keyboard: 'M1.5 4.5h13v7h-13zM4 7v.01M6.7 7v.01M9.3 7v.01M12 7v.01M5 9.3h6',
  link: 'M6.5 9.5l3-3M7.5 4.5 9 3a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.5 11.5 7 13a2.8 2.8 0 0 1-4-4l1.5-1.5',
  list: 'M2.5 4h.01M2.5 8h.01M2.5 12h.01M5.5 4h8M5.5 8h8M5.5 12h8',
  live: 'M8 7a1 1 0 1 1 0 2 1 1 0 0 1 0-2ZM5 5a4.2 4.2 0 0 0 0 6M11 5a4.2 4.2 0 0 1 0 6M3 3a7 7 0 0 0 0 10M13 3a7 7 0 0 1 0 10',
  lock: 'M4 7.5h8v5.5H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  mail: 'M2.5 4h11v8.5h-11zM2.5 5 8 9l5.5-4',
  message: 'M2.5 3.5h11v7.5H8L5 13.5V11H2.5z',
  minus: 'M3 8h10',
  offline:
    'M2.5 2.5l11 11M5 8.5a4.5 4.5 0 0 1 2-1.2M3 6a8 8 0 0 1 2.2-1.5M8 4a8 8 0 0 1 5 2M10 8a4.5 4.5 0 0 1 1 .6M8 12v.01',
  people:
    'M6 3.5a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6ZM1.8 13c.2-2.4 1.8-3.6 4.2-3.6s4 1.2 4.2 3.6M10.5 3.8a2.1 2.1 0 0 1 0 4M11.8 9.6c1.5.5 2.3 1.6 2.4 3.4',
  person: 'M8 2.8a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2ZM3 13.5c.2-2.8 2-4.2 5-4.2s4.8 1.4 5 4.2',
  phone: 'M5 2.5h6v11H5zM7.3 11.3h1.4',
  play: 'M4.5 3v10l8.5-5z',
  plan: 'M4 2.5h5.5L12 5v8.5H4zM9 2.5V5.5h3M6 8.5h4M6 11h2.5',
  priority: 'M4 13.5v-11M4 3.5h8l-2 2.5 2 2.5H4',
  redo: 'M12.5 6H6a3.5 3.5 0 0 0 0 7h3M10 3.5 12.5 6 10 8.5',
  required: 'M8 2.5 13 4v4c0 3-2 4.7-5 5.7C5 12.7 3 11 3 8V4zM8 5.5V8.5M8 10.7v.01',
  restore: 'M3.5 6H10a3.5 3.5 0 0 1 0 7H7M6 3.5 3.5 6 6 8.5',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.3 10.3 13.5 13.5',
  send: 'M2.5 7.8 13.5 2.5 10.5 13.5 7.5 9.5zM7.5 9.5l6-7',
  settings:
    'M2.5 4.5h5M11.5 4.5h2M9.5 3a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3ZM2.5 11.5h2M8.5 11.5h5M6.5 10a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z',
  shuffle: 'M2.5 4.5h2.5l5.5 7h3M2.5 11.5h2.5l1.5-2M9 6.5l1.5-2h3M11.8 2.8l1.7 1.7-1.7 1.7M11.8 9.8l1.7 1.7-1.7 1.7',
  sparkle: 'M8 2.5 9.5 6.5 13.5 8 9.5 9.5 8 13.5 6.5 9.5 2.5 8 6.5 6.5z',
  status: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM5.5 8.2 7.3 10l3.2-3.8',
  tag: 'M2.5 2.5h5.5l5.5 5.5-5.5 5.5-5.5-5.5zM5.5 5.5v.01',
  template: 'M2.5 3h11v10h-11zM2.5 6h11M6 6v7',
  trigger: 'M9 2 4 9h3.5L7 14l5-7H8.5z',
  undo: 'M3.5 6H10a3.5 3.5 0 0 1 0 7H7M6 3.5 3.5 6 6 8.5',
  upload: 'M8 10.5V3M4.5 6 8 2.5 11.5 6M3 13.5h10',
  webhook:
    'M8 3a2.2 2.2 0 0 1 1.1 4.1L11 10.5M6.5 5.5a2.2 2.2 0 0 1 1.5-2.5M4.8 8.3a2.2 2.2 0 1 0 1.6 3.4L11 11.6M11 9.5a2.2 2.2 0 1 1-1 4',
} as const;

/** Icons that are areas. */
export const filled = {
  drag: 'M5.5 3a1 1 0 1 1 0 2 1 1 0 0 1 0-2ZM10.5 3a1 1 0 1 1 0 2 1 1 0 0 1 0-2ZM5.5 7a1 1 0 1 1 0 2 1 1 0 0 1 0-2ZM10.5 7a1 1 0 1 1 0 2 1 1 0 0 1 0-2ZM5.5 11a1 1 0 1 1 0 2 1 1 0 0 1 0-2ZM10.5 11a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z',
  more: 'M3.5 7a1.1 1.1 0 1 1 0 2.2 1.1 1.1 0 0 1 0-2.2ZM8 7a1.1 1.1 0 1 1 0 2.2A1.1 1.1 0 0 1 8 7ZM12.5 7a1.1 1.1 0 1 1 0 2.2 1.1 1.1 0 0 1 0-2.2Z',
  stop: 'M4 4h8v8H4z',
} as const;

export type IconName = keyof typeof lines | keyof typeof filled;

/** All drawings by name. */
export const drawings: Record<IconName, string> = { ...lines, ...filled };
